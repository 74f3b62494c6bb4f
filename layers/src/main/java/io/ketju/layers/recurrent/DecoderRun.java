package io.ketju.layers.recurrent;

import io.ketju.layers.Pass;
import io.ketju.layers.recurrent.RecurrentCell.Moment;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.matrix.GemmEpilogue;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixBatch;
import io.ketju.tensor.kernel.matrix.MatrixView;
import org.jspecify.annotations.Nullable;

/** One forward pass of an {@link AttentionDecoder}. */
final class DecoderRun {
    private final AttentionDecoder layer;
    private final Pass pass;
    private final Tensor memory;
    private final int batch;
    private final int steps;
    private final int places;

    DecoderRun(AttentionDecoder layer, Pass pass) {
        this.layer = layer;
        this.pass = pass;
        memory = pass.input(AttentionDecoder.MEMORY);
        Tensor inputs = pass.kept(DecoderRooms.INPUTS);
        steps = inputs.shape().dimension(0);
        batch = inputs.shape().dimension(1);
        places = memory.shape().dimension(1);
    }

    /** One step of a tensor that has steps outermost. */
    static Tensor step(Tensor all, int t) {
        return all.samples(t, 1).view(all.shape().sample());
    }

    /** The tensors of one step's cell; gradients are there in backward alone. */
    static Moment moment(AttentionDecoder layer, Pass pass, int t) {
        boolean cells = layer.cell().cell().hasCells();
        Tensor states = pass.kept(DecoderRooms.STATES);
        Tensor before = pass.kept(DecoderRooms.CELLS);
        Tensor xg = step(pass.workspace(DecoderRooms.INPUT_GATES), t);
        Tensor hg = step(pass.workspace(DecoderRooms.HIDDEN_GATES), t);
        Tensor gradients = pass.workspace(DecoderRooms.GRAD_STATES);
        return new Moment(
                xg,
                hg,
                layer.cell().cell().splitsGradient() ? hg : xg,
                layer.cell().cell().keptGates() == 0 ? null : step(pass.kept(DecoderRooms.GATES), t),
                step(states, t),
                step(states, t + 1),
                cells ? step(before, t) : null,
                cells ? step(before, t + 1) : null,
                step(gradients, t + 1),
                cells ? pass.workspace(DecoderRooms.CARRY) : null,
                step(gradients, t));
    }

    void forward() {
        Tensor inputs = pass.kept(DecoderRooms.INPUTS);
        pass.kernels().indexing().permute(pass.input(AttentionDecoder.Y), inputs, 1, 0, 2);
        begin();
        Tensor gates = pass.workspace(DecoderRooms.INPUT_GATES);
        product(inputs, AttentionDecoder.WEIGHT_INPUT, bias(AttentionDecoder.BIAS_INPUT), gates);
        product(memory, AttentionDecoder.WEIGHT_KEY, GemmEpilogue.NONE, pass.workspace(DecoderRooms.KEYS));
        for (int t = 0; t < steps; t++) {
            attend(t);
            Moment moment = moment(layer, pass, t);
            addProduct(step(pass.kept(DecoderRooms.CONTEXTS), t), AttentionDecoder.WEIGHT_CONTEXT, moment.xg());
            product(moment.hBefore(), AttentionDecoder.WEIGHT_HIDDEN, bias(AttentionDecoder.BIAS_HIDDEN), moment.hg());
            layer.cell().cell().forward(pass.kernels(), moment);
        }
        Tensor states = pass.kept(DecoderRooms.STATES).samples(1, steps);
        pass.kernels().indexing().permute(states, pass.output(0), 1, 0, 2);
        pass.kernels().indexing().permute(pass.kept(DecoderRooms.CONTEXTS), pass.output(1), 1, 0, 2);
        pass.kernels().indexing().permute(pass.kept(DecoderRooms.WEIGHTS), pass.output(2), 1, 0, 2);
    }

    private @Nullable Tensor lengths() {
        return pass.inputs() > 2 && pass.input(2).dtype() == DType.INT32 ? pass.input(2) : null;
    }

    /** The state before the first step: the one that is given, else zeros. */
    private void begin() {
        int first = lengths() == null ? 2 : 3;
        boolean given = pass.inputs() > first;
        for (int i = 0; i < layer.stateTensors(); i++) {
            Tensor to = step(pass.kept(i == 0 ? DecoderRooms.STATES : DecoderRooms.CELLS), 0);
            if (given) {
                to.copyFrom(pass.input(first + i).view(to.shape()));
            } else {
                to.clear();
            }
        }
    }

    private GemmEpilogue bias(int index) {
        return layer.bias() ? GemmEpilogue.NONE.withBias(pass.parameter(index)) : GemmEpilogue.NONE;
    }

    /** {@code y = x · weightᵀ}, and what comes last. */
    private void product(Tensor x, int weight, GemmEpilogue last, Tensor y) {
        GemmShape shape = shape(x, y);
        pass.kernels()
                .matrix()
                .gemm(shape, MatrixView.of(x, shape.k()), pass.transposed(weight), last, MatrixView.of(y, shape.n()));
    }

    private void addProduct(Tensor x, int weight, Tensor y) {
        GemmShape shape = shape(x, y);
        pass.kernels()
                .matrix()
                .gemmAccumulate(
                        shape,
                        MatrixView.of(x, shape.k()),
                        pass.transposed(weight),
                        GemmEpilogue.NONE,
                        MatrixView.of(y, shape.n()));
    }

    private static GemmShape shape(Tensor x, Tensor y) {
        int k = x.shape().dimension(-1);
        return GemmShape.nt(x.elements() / k, y.shape().dimension(-1), k);
    }

    /** Weights and contexts of one step. */
    private void attend(int t) {
        Tensor queries = step(pass.workspace(DecoderRooms.QUERIES), t);
        product(step(pass.kept(DecoderRooms.STATES), t), AttentionDecoder.WEIGHT_QUERY, GemmEpilogue.NONE, queries);
        Tensor keys = pass.workspace(DecoderRooms.KEYS);
        Tensor pairs = step(pass.kept(DecoderRooms.PAIRS), t);
        for (int b = 0; b < batch; b++) {
            pass.kernels().elementwise().addRow(keys.samples(b, 1), queries.samples(b, 1), pairs.samples(b, 1));
        }
        pass.kernels().activation().tanhForward(pairs, pairs);
        Tensor scores = step(pass.workspace(DecoderRooms.GRAD_WEIGHTS), t);
        GemmShape score = GemmShape.nt(batch * places, 1, layer.attentionSize());
        pass.kernels().matrix().gemm(score, pairs, pass.parameter(AttentionDecoder.WEIGHT_SCORE), scores);
        Tensor weights = step(pass.kept(DecoderRooms.WEIGHTS), t);
        softmax(scores, weights);
        int width = layer.memorySize();
        pass.kernels()
                .matrix()
                .gemmBatched(
                        GemmShape.nn(1, width, places),
                        MatrixBatch.strided(MatrixView.of(weights, places), batch, places),
                        MatrixBatch.strided(MatrixView.of(memory.view(Shape.of(batch * places, width)), width), batch, places * width),
                        MatrixBatch.strided(MatrixView.of(step(pass.kept(DecoderRooms.CONTEXTS), t), width), batch, width),
                        false);
    }

    /** Over the places that are none of the padding; zeros behind them, and where there is none. */
    private void softmax(Tensor scores, Tensor weights) {
        Tensor lengths = lengths();
        for (int b = 0; lengths != null && b < batch; b++) {
            for (int j = length(lengths, b); j < places; j++) {
                scores.setFloat(b * places + j, lengths.getInt(b) == 0 ? 0 : Float.NEGATIVE_INFINITY);
            }
        }
        pass.kernels().softmax().softmaxForward(scores, weights);
        for (int b = 0; lengths != null && b < batch; b++) {
            if (lengths.getInt(b) == 0) {
                weights.samples(b, 1).clear();
            }
        }
    }

    private int length(Tensor lengths, int sample) {
        int length = lengths.getInt(sample);
        if (length < 0 || length > places) {
            throw new IllegalArgumentException("expected lengths from 0 to " + places + ", found " + length);
        }
        return length;
    }
}
