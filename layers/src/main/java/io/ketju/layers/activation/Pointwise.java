package io.ketju.layers.activation;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.activation.Activation;
import java.util.List;
import java.util.Optional;

/**
 * A function of every element, one line of {@link Activations}. Backward reads the output where the derivative follows from
 * it, so that the input's place is free, otherwise the input.
 *
 * @param spec its name, with what is not as usual
 * @param function which one
 * @param flops floating-point operations per element; only the balance of the stages depends on it
 */
public record Pointwise(Spec spec, Activation function, int flops) implements OneToOne {
    @Override
    public TensorType output(TensorType input) {
        return input;
    }

    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING.inputGradientReading(function.fromOutput() ? Port.output(0) : Port.input(0));
    }

    @Override
    public long forwardFlops(TensorType input) {
        return (long) input.shape().elements() * flops;
    }

    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        return Increment.positionwise(this, given);
    }

    @Override
    public void forward(Pass pass) {
        pass.kernels().activation().forward(function, pass.input(0), pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        Tensor saved = function.fromOutput() ? pass.output(0) : pass.input(0);
        pass.kernels().activation().backward(function, saved, pass.gradOutput(0), pass.gradInput(0));
    }

    @Override
    public String toString() {
        return spec.toString();
    }
}
