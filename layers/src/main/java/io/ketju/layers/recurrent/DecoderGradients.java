package io.ketju.layers.recurrent;

import io.ketju.layers.Pass;
import io.ketju.layers.recurrent.RecurrentCell.Moment;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixBatch;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.matrix.MatrixView;

/**
 * Both backward passes of an {@link AttentionDecoder}. The first one goes back through time, last step first, and leaves the
 * gradients of gates, queries, keys and scores in the workspace; all that is asked for are products with them.
 */
final class DecoderGradients {
    private final AttentionDecoder layer;
    private final Pass pass;
    private final MatrixKernels matrix;
    private final int batch;
    private final int steps;
    private final int places;

    DecoderGradients(AttentionDecoder layer, Pass pass) {
        this.layer = layer;
        this.pass = pass;
        matrix = pass.kernels().matrix();
        Tensor weights = pass.kept(DecoderRooms.WEIGHTS);
        steps = weights.shape().dimension(0);
        batch = weights.shape().dimension(1);
        places = weights.shape().dimension(2);
        if (pass.firstBackward()) {
            throughTime();
        }
    }

    private void throughTime() {
        Tensor states = pass.workspace(DecoderRooms.GRAD_STATES);
        DecoderRun.step(states, 0).clear();
        take(0, states.samples(1, steps));
        take(1, pass.workspace(DecoderRooms.GRAD_CONTEXTS));
        take(2, pass.workspace(DecoderRooms.GRAD_WEIGHTS));
        pass.workspace(DecoderRooms.CARRY).clear();
        pass.workspace(DecoderRooms.KEYS).clear();
        for (int t = steps - 1; t >= 0; t--) {
            Moment moment = DecoderRun.moment(layer, pass, t);
            layer.cell().cell().backward(pass.kernels(), moment);
            Tensor before = DecoderRun.step(states, t);
            addProduct(moment.dhg(), AttentionDecoder.WEIGHT_HIDDEN, before);
            Tensor contexts = DecoderRun.step(pass.workspace(DecoderRooms.GRAD_CONTEXTS), t);
            addProduct(moment.xg(), AttentionDecoder.WEIGHT_CONTEXT, contexts);
            attended(t, contexts);
            addProduct(DecoderRun.step(pass.workspace(DecoderRooms.QUERIES), t), AttentionDecoder.WEIGHT_QUERY, before);
        }
    }

    /** The gradient of an output, steps outermost; zeros where no loss depends on it. */
    private void take(int output, Tensor to) {
        if (pass.hasGradOutput(output)) {
            pass.kernels().indexing().permute(pass.gradOutput(output), to, 1, 0, 2);
        } else {
            to.clear();
        }
    }

    /** {@code dx += dy · weight}. */
    private void addProduct(Tensor dy, int weight, Tensor dx) {
        int k = dy.shape().dimension(-1);
        matrix.gemmAccumulate(
                GemmShape.nn(dy.elements() / k, dx.shape().dimension(-1), k), dy, pass.parameter(weight), dx);
    }

    /** From the gradient of one step's contexts to those of its weights, scores, queries and keys. */
    private void attended(int t, Tensor contexts) {
        Tensor memory = pass.input(AttentionDecoder.MEMORY);
        int width = layer.memorySize();
        int neurons = layer.attentionSize();
        Tensor scores = DecoderRun.step(pass.workspace(DecoderRooms.GRAD_WEIGHTS), t);
        matrix.gemmBatched(
                GemmShape.nt(1, places, width),
                MatrixBatch.strided(MatrixView.of(contexts, width), batch, width),
                MatrixBatch.strided(MatrixView.of(memory, width), batch, places * width),
                MatrixBatch.strided(MatrixView.of(scores, places), batch, places),
                true);
        Tensor weights = DecoderRun.step(pass.kept(DecoderRooms.WEIGHTS), t);
        pass.kernels().softmax().softmaxBackward(weights, scores, scores);
        Tensor pairs = pass.workspace(DecoderRooms.GRAD_PAIRS);
        GemmShape outer = GemmShape.nn(batch * places, neurons, 1);
        matrix.gemm(outer, scores, pass.parameter(AttentionDecoder.WEIGHT_SCORE), pairs);
        Tensor tanh = DecoderRun.step(pass.kept(DecoderRooms.PAIRS), t);
        pass.kernels().activation().tanhBackward(tanh, pairs, pairs);
        Tensor keys = pass.workspace(DecoderRooms.KEYS);
        pass.kernels().elementwise().binary(Binary.ADD, keys, pairs, keys);
        Tensor queries = DecoderRun.step(pass.workspace(DecoderRooms.QUERIES), t);
        queries.clear();
        for (int b = 0; b < batch; b++) {
            Tensor ofSample = pairs.samples(b, 1).view(Shape.of(places, neurons));
            matrix.sumRowsAccumulate(ofSample, queries.samples(b, 1));
        }
    }

    void ofInputs() {
        if (pass.wantsGradient(AttentionDecoder.Y)) {
            Tensor inputs = pass.workspace(DecoderRooms.GRAD_INPUTS);
            inputs.clear();
            addProduct(pass.workspace(DecoderRooms.INPUT_GATES), AttentionDecoder.WEIGHT_INPUT, inputs);
            pass.kernels().indexing().permute(inputs, pass.gradInput(AttentionDecoder.Y), 1, 0, 2);
        }
        if (pass.wantsGradient(AttentionDecoder.MEMORY)) {
            ofMemory(pass.gradInput(AttentionDecoder.MEMORY));
        }
        int first = pass.inputs() - layer.stateTensors();
        for (int i = 0; first >= 2 && i < layer.stateTensors(); i++) {
            if (pass.wantsGradient(first + i)) {
                Tensor state = DecoderRun.step(pass.workspace(DecoderRooms.GRAD_STATES), 0);
                Tensor gradient = pass.gradInput(first + i);
                gradient.copyFrom((i == 0 ? state : pass.workspace(DecoderRooms.CARRY)).view(gradient.shape()));
            }
        }
    }

    /** By what each step took of it, in ascending order, then by its keys. */
    private void ofMemory(Tensor gradient) {
        int width = layer.memorySize();
        matrix.gemmBatched(
                GemmShape.tn(places, width, steps),
                MatrixBatch.strided(new MatrixView(pass.kept(DecoderRooms.WEIGHTS), 0, batch * places), batch, places),
                MatrixBatch.strided(
                        new MatrixView(pass.workspace(DecoderRooms.GRAD_CONTEXTS), 0, batch * width), batch, width),
                MatrixBatch.strided(MatrixView.of(gradient, width), batch, places * width),
                false);
        addProduct(pass.workspace(DecoderRooms.KEYS), AttentionDecoder.WEIGHT_KEY, gradient);
    }

    void ofWeights() {
        Tensor gates = pass.workspace(DecoderRooms.INPUT_GATES);
        boolean split = layer.cell().cell().splitsGradient();
        Tensor ofStates = split ? pass.workspace(DecoderRooms.HIDDEN_GATES) : gates;
        Tensor before = pass.kept(DecoderRooms.STATES).samples(0, steps);
        addOuter(AttentionDecoder.WEIGHT_INPUT, gates, pass.kept(DecoderRooms.INPUTS));
        addOuter(AttentionDecoder.WEIGHT_CONTEXT, gates, pass.kept(DecoderRooms.CONTEXTS));
        addOuter(AttentionDecoder.WEIGHT_HIDDEN, ofStates, before);
        addOuter(AttentionDecoder.WEIGHT_QUERY, pass.workspace(DecoderRooms.QUERIES), before);
        addOuter(
                AttentionDecoder.WEIGHT_KEY,
                pass.workspace(DecoderRooms.KEYS),
                pass.input(AttentionDecoder.MEMORY));
        Tensor scores = pass.workspace(DecoderRooms.GRAD_WEIGHTS).view(Shape.of(steps * batch * places, 1));
        addOuter(AttentionDecoder.WEIGHT_SCORE, scores, pass.kept(DecoderRooms.PAIRS));
        addRows(AttentionDecoder.BIAS_INPUT, gates);
        addRows(AttentionDecoder.BIAS_HIDDEN, ofStates);
    }

    /** {@code dweight += dyᵀ · x}, over all rows. */
    private void addOuter(int weight, Tensor dy, Tensor x) {
        if (pass.wantsWeightGradient(weight)) {
            int m = dy.shape().dimension(-1);
            GemmShape shape = GemmShape.tn(m, x.shape().dimension(-1), dy.elements() / m);
            matrix.gemmAccumulate(shape, dy, x, pass.gradient(weight));
        }
    }

    private void addRows(int bias, Tensor dy) {
        if (layer.bias() && pass.wantsWeightGradient(bias)) {
            int columns = dy.shape().dimension(-1);
            matrix.sumRowsAccumulate(dy.view(Shape.of(dy.elements() / columns, columns)), pass.gradient(bias));
        }
    }
}
