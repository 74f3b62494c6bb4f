package io.ketju.layers.join;

import io.ketju.layers.Commit;
import io.ketju.layers.Footprint;
import io.ketju.layers.FullBackward;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.model.Node;
import io.ketju.layers.normalization.BatchNormRun;
import io.ketju.layers.normalization.BatchNormalization;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.normalization.BatchNorm.Epilogue;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A batch normalization and ReLU, with or without a sum with what a shortcut brings between them, while the normalized
 * value is in a register.
 *
 * @param adds whether there is the sum
 */
record BatchNormActivation(BatchNormalization norm, boolean adds) implements JoinedLayer, FullBackward {
    static Optional<JoinedLayer> of(List<Node> nodes) {
        if (!(nodes.getFirst().layer() instanceof BatchNormalization norm)) {
            return Optional.empty();
        }
        return switch (epilogue(nodes.subList(1, nodes.size()))) {
            case NONE -> Optional.empty();
            case RELU -> Optional.of(new BatchNormActivation(norm, false));
            case ADD_RELU -> Optional.of(new BatchNormActivation(norm, true));
        };
    }

    /** What of the layers behind a batch normalization its kernels can do. */
    static Epilogue epilogue(List<Node> behind) {
        if (!behind.isEmpty() && behind.get(0).layer().equals(Activations.relu())) {
            return Epilogue.RELU;
        }
        boolean adds = behind.size() >= 2
                && behind.get(0).layer() instanceof Add
                && behind.get(0).inputs().size() == 2
                && behind.get(1).layer().equals(Activations.relu());
        return adds ? Epilogue.ADD_RELU : Epilogue.NONE;
    }

    @Override
    public List<Layer> parts() {
        return adds ? List.of(norm, new Add(), Activations.relu()) : List.of(norm, Activations.relu());
    }

    /**
     * Where there is a sum, the output tells what ReLU let through, and what that is goes to the shortcut; otherwise it
     * follows from the input.
     */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        Footprint footprint = norm.footprint(inputs.getFirst());
        if (!adds) {
            return footprint;
        }
        footprint = footprint.inputGradientReading(Port.output(0)).inPlace(1);
        return norm.affine() ? footprint.weightGradientReading(Port.output(0)) : footprint;
    }

    @Override
    public void forward(Pass pass) {
        run().forward(pass, pass.input(0), adds ? pass.input(1) : null, pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        backward(pass, true, false);
    }

    @Override
    public void backwardWeight(Pass pass) {
        if (run().learns(pass)) {
            backward(pass, false, true);
        }
    }

    @Override
    public void backward(Pass pass) {
        backward(pass, true, true);
    }

    private void backward(Pass pass, boolean ofInputs, boolean ofWeights) {
        Tensor gradOutput = pass.gradOutput(0);
        BatchNormOperands operands = adds
                ? new BatchNormOperands(pass.input(0), gradOutput, pass.output(0), ofInputs ? gradInput(pass, 1) : null)
                : new BatchNormOperands(pass.input(0), gradOutput);
        run().backward(pass, operands, ofInputs ? gradInput(pass, 0) : null, ofWeights);
    }

    private static @Nullable Tensor gradInput(Pass pass, int index) {
        return pass.wantsGradient(index) ? pass.gradInput(index) : null;
    }

    @Override
    public void commit(Commit commit) {
        run().commit(commit, input -> input);
    }

    private BatchNormRun run() {
        return new BatchNormRun(norm, 0, adds ? Epilogue.ADD_RELU : Epilogue.RELU);
    }
}
