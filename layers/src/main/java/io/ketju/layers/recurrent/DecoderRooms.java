package io.ketju.layers.recurrent;

import io.ketju.layers.Footprint;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * What an {@link AttentionDecoder} keeps and works in. Steps are outermost, so that all samples of a step lie together.
 *
 * @param batch B, samples
 * @param steps T
 * @param places S, of the memory
 */
record DecoderRooms(AttentionDecoder layer, int batch, int steps, int places) {
    /** Kept: y [T, B, E], states and cells from the one before the first step on, [T + 1, B, H], contexts [T, B, M]. */
    static final int INPUTS = 0;

    static final int STATES = 1;
    static final int CELLS = 2;
    static final int CONTEXTS = 3;

    /** Kept: tanh of the sums of queries and keys [T, B, S, A], the weights [T, B, S], and what cells keep of gates. */
    static final int PAIRS = 4;

    static final int WEIGHTS = 5;
    static final int GATES = 6;

    /** Worked in: what inputs and contexts give to gates, then its gradient [T, B, G]; the same of states. */
    static final int INPUT_GATES = 0;

    static final int HIDDEN_GATES = 1;

    /** Worked in: the keys [B, S, A], then their gradient; the queries [T, B, A], then theirs. */
    static final int KEYS = 2;

    static final int QUERIES = 3;

    /** Worked in: gradients of states [T + 1, B, H], contexts [T, B, M] and weights [T, B, S]; forward has scores in the last. */
    static final int GRAD_STATES = 4;

    static final int GRAD_CONTEXTS = 5;
    static final int GRAD_WEIGHTS = 6;

    /** Worked in: gradients of one step's pairs [B, S, A], of the cells that are handed back [B, H], of the inputs [T, B, E]. */
    static final int GRAD_PAIRS = 7;

    static final int CARRY = 8;
    static final int GRAD_INPUTS = 9;

    static DecoderRooms of(AttentionDecoder layer, List<TensorType> inputs) {
        Shape y = inputs.get(AttentionDecoder.Y).shape();
        int places = inputs.get(AttentionDecoder.MEMORY).shape().dimension(1);
        return new DecoderRooms(layer, y.dimension(0), y.dimension(1), places);
    }

    Footprint addTo(Footprint footprint) {
        int hidden = layer.hiddenSize();
        int cells = layer.stateTensors() - 1;
        int attention = layer.attentionSize();
        int keptGates = layer.cell().cell().keptGates() * hidden;
        TensorType inputs = TensorType.floats(steps, batch, layer.inputSize());
        TensorType states = TensorType.floats(steps + 1, batch, hidden);
        TensorType contexts = TensorType.floats(steps, batch, layer.memorySize());
        TensorType weights = TensorType.floats(steps, batch, places);
        TensorType gates = TensorType.floats(steps, batch, layer.gates());
        TensorType ofMemory = TensorType.floats(batch, places, attention);
        return footprint
                .keeping(
                        inputs,
                        states,
                        TensorType.floats(cells * (steps + 1), batch, hidden),
                        contexts,
                        TensorType.floats(steps, batch, places, attention),
                        weights,
                        TensorType.floats(steps, batch, keptGates))
                .workingIn(
                        gates,
                        gates,
                        ofMemory,
                        TensorType.floats(steps, batch, attention),
                        states,
                        contexts,
                        weights,
                        ofMemory,
                        TensorType.floats(cells * batch, hidden),
                        inputs);
    }
}
