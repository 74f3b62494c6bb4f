package io.ketju.layers.arithmetic;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * Every element times a number.
 *
 * @param factor the number, rounded to float32
 */
// region layer
public record Scale(double factor) implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("Scale", "Every element times a number")
            .required("factor", "the number")
            .formula("y = factor · x")
            .shapes("any, to the same")
            .source("torch.mul")
            .readBy(arguments -> new Scale(arguments.number("factor")));

    @Override
    public Spec spec() {
        return Spec.of("Scale").withNumber("factor", factor);
    }

    @Override
    public TensorType output(TensorType input) {
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
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        return Increment.positionwise(this, given);
    }

    @Override
    public void forward(Pass pass) {
        pass.kernels().elementwise().scale((float) factor, pass.input(0), pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.kernels().elementwise().scale((float) factor, pass.gradOutput(0), pass.gradInput(0));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
// end region
