package io.ketju.layers;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.activation.Activation;

/**
 * A function of every element. Backward reads the output where the derivative follows from it, so that the input's place
 * is free, otherwise the input.
 */
public interface Pointwise extends OneToOne {
    /** Which one. */
    Activation function();

    /** Floating-point operations per element; only the balance of the stages depends on it. */
    int flops();

    @Override
    default TensorType output(TensorType input) {
        return input;
    }

    @Override
    default Footprint footprint(TensorType input) {
        return Footprint.NOTHING.inputGradientReading(function().fromOutput() ? Port.output(0) : Port.input(0));
    }

    @Override
    default long forwardFlops(TensorType input) {
        return (long) input.shape().elements() * flops();
    }

    @Override
    default void forward(Pass pass) {
        pass.kernels().activation().forward(function(), pass.input(0), pass.output(0));
    }

    @Override
    default void backwardInput(Pass pass) {
        Tensor saved = function().fromOutput() ? pass.output(0) : pass.input(0);
        pass.kernels().activation().backward(function(), saved, pass.gradOutput(0), pass.gradInput(0));
    }
}
