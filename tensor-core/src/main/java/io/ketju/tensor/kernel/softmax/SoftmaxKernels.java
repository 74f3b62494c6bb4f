package io.ketju.tensor.kernel.softmax;

import io.ketju.tensor.Tensor;

/**
 * Softmax and its logarithm over the innermost dimension; all operands have as many elements, and the rows of the first.
 * As <a href="https://pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html">torch.nn.functional.softmax</a>
 * and {@code log_softmax}.
 *
 * <p>Order: m is the largest element of the row. The sum over a row is that of {@link io.ketju.tensor.simd.LaneSum}: 16
 * lanes from +0, folded in halves. A row with a NaN or +infinity, or of -infinity only, gives NaN everywhere.
 */
public interface SoftmaxKernels {
    /**
     * {@code y = e / sum(e)} with {@code e = exp(x - m)}.
     *
     * @param x [rows, columns]
     * @param y overwritten; may be x
     */
    void softmaxForward(Tensor x, Tensor y);

    /**
     * {@code dx = y · (dy - sum(y · dy))}, the products fused into the sum.
     *
     * @param y what {@link #softmaxForward} gave
     * @param dy gradient of y
     * @param dx overwritten; may be y or dy
     */
    void softmaxBackward(Tensor y, Tensor dy, Tensor dx);

    /**
     * {@code y = (x - m) - log(sum(exp(x - m)))}.
     *
     * @param x [rows, columns]
     * @param y overwritten; is not x
     */
    void logSoftmaxForward(Tensor x, Tensor y);

    /**
     * {@code dx = fma(-exp(y), sum(dy), dy)}.
     *
     * @param y what {@link #logSoftmaxForward} gave
     * @param dy gradient of y
     * @param dx overwritten; may be y or dy
     */
    void logSoftmaxBackward(Tensor y, Tensor dy, Tensor dx);
}
