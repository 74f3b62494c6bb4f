package io.ketju.layers.join;

import io.ketju.layers.Footprint;
import io.ketju.layers.FullBackward;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.activation.Pointwise;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Node;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.matrix.ActivationGradient;
import io.ketju.tensor.kernel.matrix.GemmEpilogue;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixView;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer and an activation function, applied while the product is in the cache. The gradient between both takes
 * no memory: it is computed in place, or, where the two backward passes come apart, by each product while it reads it.
 */
record LinearActivation(Linear linear, Pointwise activation) implements JoinedLayer, FullBackward {
    private static final int WEIGHT = 0;
    private static final int BIAS = 1;

    static Optional<JoinedLayer> of(List<Node> nodes) {
        return nodes.size() >= 2
                        && nodes.get(0).layer() instanceof Linear linear
                        && nodes.get(1).layer() instanceof Pointwise activation
                        && activation.function().fromOutput()
                ? Optional.of(new LinearActivation(linear, activation))
                : Optional.empty();
    }

    @Override
    public List<Layer> parts() {
        return List.of(linear, activation);
    }

    @Override
    public Footprint footprint(List<TensorType> inputs) {
        return Footprint.NOTHING
                .inputGradientReading(Port.output(0))
                .weightGradientReading(Port.input(0), Port.output(0));
    }

    @Override
    public void forward(Pass pass) {
        linear.forward(pass, GemmEpilogue.NONE.withActivation(activation.function()));
    }

    @Override
    public void backwardInput(Pass pass) {
        Tensor gradInput = pass.gradInput(0);
        pass.kernels()
                .matrix()
                .gemm(
                        GemmShape.nn(rows(pass), linear.inFeatures(), linear.outFeatures()),
                        gradient(pass, null),
                        MatrixView.of(pass.parameter(WEIGHT), linear.inFeatures()),
                        GemmEpilogue.NONE,
                        MatrixView.of(gradInput, linear.inFeatures()));
    }

    @Override
    public void backward(Pass pass) {
        Tensor gradient = pass.gradOutput(0);
        pass.kernels().activation().backward(activation.function(), pass.output(0), gradient, gradient);
        linear.backwardInput(pass);
        linear.backwardWeight(pass);
    }

    /** Weight and bias learn both or neither: the sums for the bias are made in passing. */
    @Override
    public void backwardWeight(Pass pass) {
        if (!pass.wantsWeightGradient(WEIGHT)) {
            return;
        }
        GemmShape product = GemmShape.tn(linear.outFeatures(), linear.inFeatures(), rows(pass));
        pass.kernels()
                .matrix()
                .gemmAccumulate(
                        product,
                        gradient(pass, linear.bias() ? pass.gradient(BIAS) : null),
                        MatrixView.of(pass.input(0), linear.inFeatures()),
                        GemmEpilogue.NONE,
                        MatrixView.of(pass.gradient(WEIGHT), linear.inFeatures()));
    }

    private ActivationGradient gradient(Pass pass, @Nullable Tensor sums) {
        return new ActivationGradient(byRow(pass.gradOutput(0)), activation.function(), byRow(pass.output(0)), sums);
    }

    private MatrixView byRow(Tensor tensor) {
        return MatrixView.of(tensor, linear.outFeatures());
    }

    private int rows(Pass pass) {
        return pass.gradOutput(0).elements() / linear.outFeatures();
    }
}
