package io.ketju.tensor.kernel.activation;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;

/** Activation functions with their derivatives. Shapes of all operands are equal but for PReLU. */
public interface ActivationKernels {
    /** Applies a formula to operands of equal size. */
    void run(FormulaCall formula, Tensor... operands);

    /** {@code y = f(x)}. y may be x. */
    default void forward(Activation activation, Tensor x, Tensor y) {
        run(ActivationFormulas.forward(activation), x, y);
    }

    /**
     * {@code dx = dy · f'}. The derivative comes from the output of forward where {@link Activation#fromOutput()} says
     * so, otherwise from its input: {@code saved}. dx may be dy or saved.
     */
    default void backward(Activation activation, Tensor saved, Tensor dy, Tensor dx) {
        run(ActivationFormulas.backward(activation), saved, dy, dx);
    }

    /** {@code y = x > 0 ? x : w[channel] · x}. y may be x. */
    void preluForward(PReluShape shape, Tensor x, Tensor w, Tensor y);

    /** {@code dx = x > 0 ? dy : w[channel] · dy}. dx may be dy or x. */
    void preluBackwardInput(PReluShape shape, Tensor x, Tensor w, Tensor dy, Tensor dx);

    /**
     * Adds to {@code dw[channel]} the sum of {@code x > 0 ? 0 : x · dy}. Each sample's sum is one of
     * {@link io.ketju.tensor.simd.LaneSum} over the inner elements; these are added to dw in ascending order of samples.
     */
    void preluBackwardWeight(PReluShape shape, Tensor x, Tensor dy, Tensor dw);

    /** {@code y = max(x, 0)}; NaN stays NaN, -0 becomes +0. y may be x. */
    default void reluForward(Tensor x, Tensor y) {
        forward(Activation.RELU, x, y);
    }

    /** {@code dx = y > 0 ? dy : 0}. dx may be dy. */
    default void reluBackward(Tensor y, Tensor dy, Tensor dx) {
        backward(Activation.RELU, y, dy, dx);
    }

    /** {@code y = tanh(x)}. y may be x. */
    default void tanhForward(Tensor x, Tensor y) {
        forward(Activation.TANH, x, y);
    }

    /** {@code dx = dy · (1 - y²)}. dx may be dy. */
    default void tanhBackward(Tensor y, Tensor dy, Tensor dx) {
        backward(Activation.TANH, y, dy, dx);
    }

    /** {@code y = exp(x)}. y may be x. */
    default void exp(Tensor x, Tensor y) {
        run(ActivationFormulas.EXP.with(), x, y);
    }

    /** {@code y = log(x)}. y may be x. */
    default void log(Tensor x, Tensor y) {
        run(ActivationFormulas.LOG.with(), x, y);
    }
}
