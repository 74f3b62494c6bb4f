package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;

/** Element-wise functions and softmax. Shapes of all operands are equal. */
public interface ActivationKernels {
    /** {@code y = max(x, 0)}; NaN stays NaN, -0 becomes +0. y may be x. */
    void reluForward(Tensor x, Tensor y);

    /** {@code dx = y > 0 ? dy : 0}. dx may be dy. */
    void reluBackward(Tensor y, Tensor dy, Tensor dx);

    /** {@code y = tanh(x)}. y may be x. */
    void tanhForward(Tensor x, Tensor y);

    /** {@code dx = dy · (1 - y²)}. dx may be dy. */
    void tanhBackward(Tensor y, Tensor dy, Tensor dx);

    /** {@code y = exp(x)}. y may be x. */
    void exp(Tensor x, Tensor y);

    /** {@code y = log(x)}. y may be x. */
    void log(Tensor x, Tensor y);

    /** Softmax over the innermost dimension, the maximum subtracted first. Overwrites y. */
    void softmax(Tensor x, Tensor y);
}
