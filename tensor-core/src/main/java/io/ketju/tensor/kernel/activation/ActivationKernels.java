package io.ketju.tensor.kernel.activation;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;

/**
 * Activation functions with their derivatives. All operands are float32. They have as many elements as each other, but for the weights of
 * PReLU; operands of other sizes throw {@link IllegalArgumentException}. Outputs are overwritten, but for dw.
 */
public interface ActivationKernels {
    /**
     * Applies a formula, element by element.
     *
     * @param formula with the numbers of this call
     * @param operands of equal size, in the order of the formula; they overlap not at all or wholly
     */
    void run(FormulaCall formula, Tensor... operands);

    /**
     * {@code y = f(x)}
     *
     * @param activation f
     * @param x input
     * @param y output, may be x
     */
    default void forward(Activation activation, Tensor x, Tensor y) {
        run(ActivationFormulas.forward(activation), x, y);
    }

    /**
     * {@code dx = dy · f'}
     *
     * @param activation f
     * @param saved output of forward where {@link Activation#fromOutput()} says so, otherwise its input
     * @param dy gradient of the output
     * @param dx gradient of the input, may be dy or saved
     */
    default void backward(Activation activation, Tensor saved, Tensor dy, Tensor dx) {
        run(ActivationFormulas.backward(activation), saved, dy, dx);
    }

    /**
     * {@code y = x > 0 ? x : w[channel] · x}
     *
     * @param shape sizes of x, and how many weights there are
     * @param x input [samples, channels, inner]
     * @param w weights [channels]
     * @param y output like x, may be x
     */
    void preluForward(PReluShape shape, Tensor x, Tensor w, Tensor y);

    /**
     * {@code dx = x > 0 ? dy : w[channel] · dy}
     *
     * @param shape sizes of x, and how many weights there are
     * @param x input of forward [samples, channels, inner]
     * @param w weights [channels]
     * @param dy gradient of the output, like x
     * @param dx gradient of the input like x, may be dy or x
     */
    void preluBackwardInput(PReluShape shape, Tensor x, Tensor w, Tensor dy, Tensor dx);

    /**
     * Adds to {@code dw[channel]} the sum of {@code x > 0 ? 0 : x · dy}. Each sample's sum is one of {@link io.ketju.tensor.simd.LaneSum}
     * over the inner elements; these are added to dw in ascending order of samples.
     *
     * @param shape sizes of x, and how many weights there are
     * @param x input of forward [samples, channels, inner]
     * @param dy gradient of the output, like x
     * @param dw gradient of the weights [channels], added to
     */
    void preluBackwardWeight(PReluShape shape, Tensor x, Tensor dy, Tensor dw);

    /**
     * {@code y = max(x, 0)}; NaN stays NaN, -0 becomes +0.
     *
     * @param x input
     * @param y output, may be x
     */
    default void reluForward(Tensor x, Tensor y) {
        forward(Activation.RELU, x, y);
    }

    /**
     * {@code dx = y > 0 ? dy : 0}
     *
     * @param y output of forward
     * @param dy gradient of the output
     * @param dx gradient of the input, may be dy
     */
    default void reluBackward(Tensor y, Tensor dy, Tensor dx) {
        backward(Activation.RELU, y, dy, dx);
    }

    /**
     * {@code y = tanh(x)}
     *
     * @param x input
     * @param y output, may be x
     */
    default void tanhForward(Tensor x, Tensor y) {
        forward(Activation.TANH, x, y);
    }

    /**
     * {@code dx = dy · (1 - y²)}
     *
     * @param y output of forward
     * @param dy gradient of the output
     * @param dx gradient of the input, may be dy
     */
    default void tanhBackward(Tensor y, Tensor dy, Tensor dx) {
        backward(Activation.TANH, y, dy, dx);
    }

    /**
     * {@code y = exp(x)}
     *
     * @param x input
     * @param y output, may be x
     */
    default void exp(Tensor x, Tensor y) {
        run(ActivationFormulas.EXP.with(), x, y);
    }

    /**
     * {@code y = log(x)}: -infinity for either zero, NaN below.
     *
     * @param x input
     * @param y output, may be x
     */
    default void log(Tensor x, Tensor y) {
        run(ActivationFormulas.LOG.with(), x, y);
    }
}
