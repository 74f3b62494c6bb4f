package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * Adds a learned row to every row: [..., features] to the same, where what comes before has no bias of its own or one that
 * would come too early. Parameter: bias [features], from zero on.
 */
public record Bias(int features) implements OneToOne {
    private static final int BIAS = 0;

    public Bias {
        Windows.requirePositive("Bias", "features", features);
    }

    static Bias of(Spec spec) {
        return new Bias(Arguments.of(spec, List.of("features")).integer("features"));
    }

    @Override
    public Spec spec() {
        return Spec.of("Bias", features);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(new Parameter("bias", Shape.of(features), Initializers.zeros()));
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() == 0 || shape.dimension(shape.rank() - 1) != features) {
            throw new IllegalArgumentException("expected input [..., " + features + "], found " + shape);
        }
        return input;
    }

    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        pass.kernels().elementwise().addRow(pass.input(0), pass.parameter(BIAS), pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.kernels().elementwise().copy(pass.gradOutput(0), pass.gradInput(0));
    }

    @Override
    public void backwardWeight(Pass pass) {
        if (pass.wantsWeightGradient(BIAS)) {
            Tensor gradOutput = pass.gradOutput(0);
            Shape rows = Shape.of(gradOutput.elements() / features, features);
            pass.kernels().matrix().sumRowsAccumulate(gradOutput.view(rows), pass.gradient(BIAS));
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
