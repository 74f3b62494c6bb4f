package io.ketju.layers.linear;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * Adds a learned row to every row: [..., features] to the same, where what comes before has no bias of its own or one that would come too
 * early. Parameter: bias [features], from zero on.
 *
 * @param features size of the last dimension
 */
public record Bias(int features) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("Bias", "Adds a learned row to every row")
            .required("features", "size of the last dimension")
            .formula("y = x + bias")
            .shapes("[..., features] to the same")
            .parameters("bias [features], zeros at the start")
            .readBy(arguments -> new Bias(arguments.integer("features")));

    private static final int BIAS = 0;

    /**
     * Checks the number of features.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Bias {
        Arguments.requirePositive("Bias", "features", features);
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
