package io.ketju.tensor.kernel.elementwise;

import io.ketju.tensor.Tensor;

/**
 * Arithmetic on elements. Shapes of all operands are equal where nothing else is said. Outputs are overwritten and may
 * be any of the inputs of their size; FMA is one rounding. Derivatives that are one of these kernels are not repeated:
 * those of a product are two products.
 */
public interface ElementwiseKernels {
    /** {@code y = f(x)} */
    void unary(Unary function, Tensor x, Tensor y);

    /** {@code y = f(a, b)} */
    void binary(Binary function, Tensor a, Tensor b, Tensor y);

    /** {@code y = factor · x} */
    void scale(float factor, Tensor x, Tensor y);

    /** {@code y = FMA(factor, x, y)} */
    void addScaled(float factor, Tensor x, Tensor y);

    /** {@code y = x + value} */
    void addScalar(float value, Tensor x, Tensor y);

    /** {@code y = x^exponent}, of the rules of C's pow. */
    void pow(float exponent, Tensor x, Tensor y);

    /** {@code dx = dy · (exponent · x^(exponent - 1))}; 0 for exponent 0. */
    void powBackward(float exponent, Tensor x, Tensor dy, Tensor dx);

    /** {@code y = x < least ? least : x > greatest ? greatest : x}; NaN stays. */
    void clamp(float least, float greatest, Tensor x, Tensor y);

    /** {@code dx = least <= x <= greatest ? dy : 0} */
    void clampBackward(float least, float greatest, Tensor x, Tensor dy, Tensor dx);

    /** {@code y = FMA(weight, b - a, a)}, from weight 0.5 on {@code FMA(weight - 1, b - a, b)}, as torch.lerp. */
    void lerp(float weight, Tensor a, Tensor b, Tensor y);

    /** {@code y[r, c] = x[r, c] + row[c]} for any number of rows; columns are as many as row has elements. */
    void addRow(Tensor x, Tensor row, Tensor y);

    /**
     * {@code y[r, c] = x[r, c] + column[r mod n]} with n elements of column: a bias per channel of x [B, n, columns].
     */
    void addColumn(int columns, Tensor x, Tensor column, Tensor y);

    /** {@code y = value} */
    void fill(float value, Tensor y);

    /** {@code y = x} */
    void copy(Tensor x, Tensor y);
}
