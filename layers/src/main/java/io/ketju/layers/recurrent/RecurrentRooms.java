package io.ketju.layers.recurrent;

import io.ketju.layers.Pass;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kept tensors and the workspace of a recurrent layer by what they are for. Rows are those of {@link PackedOrder}: n of
 * them at most, n = batch·length. Of the workspace the first are shared by all strands. What a network does not need has
 * no elements.
 */
final class RecurrentRooms {
    private static final int ORDER = 0;
    private static final int SHARED_KEPT = 1;

    private static final int INPUT = 0;
    private static final int KEPT_GATES = 1;
    private static final int STATES = 2;
    private static final int CELLS = 3;
    private static final int UNPROJECTED = 4;
    private static final int KEPT_OF_STRAND = 5;

    private static final int HIDDEN_GATES = 0;
    private static final int GRADIENT = 1;
    private static final int CARRY = 2;
    private static final int INPUT_GRADIENT = 3;
    private static final int BETWEEN = 4;
    private static final int SECOND_INPUT_GRADIENT = 5;
    private static final int SIDES = 6;
    private static final int UNPROJECTED_GRADIENT = 8;
    private static final int SHARED = 9;

    private static final int INPUT_GATES = 0;
    private static final int HIDDEN_GATE_GRADIENT = 1;
    private static final int INITIAL_GRADIENT = 2;
    private static final int INITIAL_CELL_GRADIENT = 3;
    private static final int PROJECTED_GRADIENT = 4;
    private static final int OF_STRAND = 5;

    private final Pass pass;

    RecurrentRooms(Pass pass) {
        this.pass = pass;
    }

    /** What forward leaves. */
    static List<TensorType> kept(Recurrence network, int batch, int length) {
        int n = Math.multiplyExact(batch, length);
        int hidden = network.hiddenSize();
        RecurrentCell cell = network.cell();
        List<TensorType> types = new ArrayList<>();
        types.add(PackedOrder.type(batch, length, network.directions()));
        for (int strand = 0; strand < network.strands(); strand++) {
            types.add(TensorType.floats(n, network.inputSize(strand / network.directions())));
            types.add(TensorType.floats(n, cell.keptGates() * hidden));
            types.add(TensorType.floats(batch + n + 1, network.stateSize()));
            types.add(TensorType.floats(cell.hasCells() ? batch + n : 0, hidden));
            types.add(TensorType.floats(network.projSize() > 0 ? n : 0, hidden));
        }
        return types;
    }

    /**
     * What all passes work in.
     *
     * @param given whether the states before the first step are inputs
     */
    static List<TensorType> workspace(Recurrence network, int batch, int length, boolean given) {
        int n = Math.multiplyExact(batch, length);
        int hidden = network.hiddenSize();
        int state = network.stateSize();
        int widest = Math.max(network.inputSize(), network.numLayers() == 1 ? 0 : network.outputSize());
        int ofReverse = network.bidirectional() ? n : 0;
        List<TensorType> types = new ArrayList<>();
        types.add(TensorType.floats(batch, network.gateSize()));
        types.add(TensorType.floats(n, state));
        types.add(TensorType.floats(network.cell().hasCells() ? batch : 0, hidden));
        types.add(TensorType.floats(batch + n + 1, widest));
        types.add(TensorType.floats(network.numLayers() > 1 ? n : 0, network.outputSize()));
        types.add(TensorType.floats(ofReverse, widest));
        types.add(TensorType.floats(ofReverse, state));
        types.add(TensorType.floats(ofReverse, state));
        types.add(TensorType.floats(network.projSize() > 0 ? batch : 0, hidden));
        for (int strand = 0; strand < network.strands(); strand++) {
            types.add(TensorType.floats(n, network.gateSize()));
            types.add(TensorType.floats(network.cell().splitsGradient() ? n : 0, network.gateSize()));
            types.add(TensorType.floats(given ? batch : 0, state));
            types.add(TensorType.floats(given && network.cell().hasCells() ? batch : 0, hidden));
            types.add(TensorType.floats(network.projSize() > 0 ? n : 0, state));
        }
        return types;
    }

    /** Where {@link PackedOrder} lies. */
    Tensor order() {
        return pass.kept(ORDER);
    }

    /** What states before give to the gates of one step, [batch, gates·H]. */
    Tensor hiddenGates() {
        return pass.workspace(HIDDEN_GATES);
    }

    /** Gradients of the states of a level in one direction, [n, S]. */
    Tensor gradient() {
        return pass.workspace(GRADIENT);
    }

    /** The gradient of the cells that a step hands to the one before it, [batch, H]. */
    @Nullable
    Tensor carry() {
        return orNone(pass.workspace(CARRY));
    }

    /** Gradients of a level's inputs by state rows, [batch + n + 1, columns]; the last row stands for padding. */
    Tensor inputGradient(int columns) {
        Tensor widest = pass.workspace(INPUT_GRADIENT);
        return narrowed(widest, widest.shape().dimension(0), columns);
    }

    /** What a level gives the next, or the gradient that comes back, [n, directions·H]. */
    Tensor between() {
        return pass.workspace(BETWEEN);
    }

    /** Of a level's inputs the gradients through the reverse direction, [n, columns]. */
    Tensor secondInputGradient(int columns) {
        Tensor widest = pass.workspace(SECOND_INPUT_GRADIENT);
        return narrowed(widest, widest.shape().dimension(0), columns);
    }

    /** One direction's half of {@link #between}, [n, S]. */
    Tensor side(int direction) {
        return pass.workspace(SIDES + direction);
    }

    /** What a strand reads, in its own order, [n, columns]. */
    Tensor input(int strand) {
        return pass.kept(SHARED_KEPT + strand * KEPT_OF_STRAND + INPUT);
    }

    /** Where forward puts what the inputs give to the gates, [n, gates·H]: where it keeps the gates, if it keeps just them. */
    Tensor forwardInputGates(int strand) {
        Tensor kept = keptGates(strand);
        Tensor own = inputGates(strand);
        return kept != null && kept.shape().equals(own.shape()) ? kept : own;
    }

    /** The gradient of what the inputs give to the gates, [n, gates·H]. */
    Tensor inputGates(int strand) {
        return pass.workspace(SHARED + strand * OF_STRAND + INPUT_GATES);
    }

    /** The gradient of what states before give to the gates; the same as {@link #inputGates} where only their sum counts. */
    Tensor hiddenGateGradient(int strand) {
        Tensor own = orNone(pass.workspace(SHARED + strand * OF_STRAND + HIDDEN_GATE_GRADIENT));
        return own == null ? inputGates(strand) : own;
    }

    /** What forward keeps of the gates, [n, keptGates·H]. */
    @Nullable
    Tensor keptGates(int strand) {
        return orNone(pass.kept(SHARED_KEPT + strand * KEPT_OF_STRAND + KEPT_GATES));
    }

    /** States, [batch + n + 1, S]: S features, those of a projection if there is one, else H. */
    Tensor states(int strand) {
        return pass.kept(SHARED_KEPT + strand * KEPT_OF_STRAND + STATES);
    }

    /** Cells, [batch + n, H]. */
    @Nullable
    Tensor cells(int strand) {
        return orNone(pass.kept(SHARED_KEPT + strand * KEPT_OF_STRAND + CELLS));
    }

    /** States before their projection, [n, H]; null if there is none. */
    @Nullable
    Tensor unprojected(int strand) {
        return orNone(pass.kept(SHARED_KEPT + strand * KEPT_OF_STRAND + UNPROJECTED));
    }

    /** The gradient of one step's states before their projection, [batch, H]. */
    Tensor unprojectedGradient() {
        return pass.workspace(UNPROJECTED_GRADIENT);
    }

    /** A strand's gradients of the states, [n, S], where a projection learns by them; null if there is none. */
    @Nullable
    Tensor projectedGradient(int strand) {
        return orNone(pass.workspace(SHARED + strand * OF_STRAND + PROJECTED_GRADIENT));
    }

    /** The gradient of the states before the first step by rank, [batch, S]; null if they are no input. */
    @Nullable
    Tensor initialGradient(int strand) {
        return orNone(pass.workspace(SHARED + strand * OF_STRAND + INITIAL_GRADIENT));
    }

    /** The gradient of the cells before the first step by rank, [batch, H]; null if they are no input. */
    @Nullable
    Tensor initialCellGradient(int strand) {
        return orNone(pass.workspace(SHARED + strand * OF_STRAND + INITIAL_CELL_GRADIENT));
    }

    private static @Nullable Tensor orNone(Tensor tensor) {
        return tensor.elements() == 0 ? null : tensor;
    }

    private static Tensor narrowed(Tensor tensor, int rows, int columns) {
        Shape flat = Shape.of(tensor.elements());
        return tensor.view(flat).samples(0, rows * columns).view(Shape.of(rows, columns));
    }
}
