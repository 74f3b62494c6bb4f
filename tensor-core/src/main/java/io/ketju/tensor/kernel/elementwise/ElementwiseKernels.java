package io.ketju.tensor.kernel.elementwise;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;

/**
 * Arithmetic on elements. Shapes of all operands are equal where nothing else is said. Outputs are overwritten and may
 * be any of the inputs of their size; FMA is one rounding. Derivatives that are one of these kernels are not repeated:
 * those of a product are two products.
 */
public interface ElementwiseKernels {
    /** Applies a formula to operands of equal size. */
    void run(FormulaCall formula, Tensor... operands);

    /** {@code y = f(x)} */
    default void unary(Unary function, Tensor x, Tensor y) {
        run(ElementwiseFormulas.of(function), x, y);
    }

    /** {@code y = f(a, b)} */
    default void binary(Binary function, Tensor a, Tensor b, Tensor y) {
        run(ElementwiseFormulas.of(function), a, b, y);
    }

    /** {@code y = factor · x} */
    default void scale(float factor, Tensor x, Tensor y) {
        run(ElementwiseFormulas.SCALE.with(factor), x, y);
    }

    /** {@code y = FMA(factor, x, y)} */
    default void addScaled(float factor, Tensor x, Tensor y) {
        run(ElementwiseFormulas.ADD_SCALED.with(factor), x, y);
    }

    /** {@code y = x + value} */
    default void addScalar(float value, Tensor x, Tensor y) {
        run(ElementwiseFormulas.ADD_SCALAR.with(value), x, y);
    }

    /** {@code y = x^exponent}, of the rules of C's pow. */
    void pow(float exponent, Tensor x, Tensor y);

    /** {@code dx = dy · (exponent · x^(exponent - 1))}; 0 for exponent 0. */
    void powBackward(float exponent, Tensor x, Tensor dy, Tensor dx);

    /** {@code y = x < least ? least : x > greatest ? greatest : x}; NaN stays. */
    default void clamp(float least, float greatest, Tensor x, Tensor y) {
        run(ElementwiseFormulas.CLAMP.with(least, greatest), x, y);
    }

    /** {@code dx = least <= x <= greatest ? dy : 0} */
    default void clampBackward(float least, float greatest, Tensor x, Tensor dy, Tensor dx) {
        run(ElementwiseFormulas.CLAMP_BACKWARD.with(least, greatest), x, dy, dx);
    }

    /** {@code y = FMA(weight, b - a, a)}, from weight 0.5 on {@code FMA(weight - 1, b - a, b)}, as torch.lerp. */
    default void lerp(float weight, Tensor a, Tensor b, Tensor y) {
        run(ElementwiseFormulas.lerp(weight), a, b, y);
    }

    /** {@code y[r, c] = x[r, c] + row[c]} for any number of rows; columns are as many as row has elements. */
    void addRow(Tensor x, Tensor row, Tensor y);

    /**
     * {@code y[r, c] = x[r, c] + column[r mod n]} with n elements of column: a bias per channel of x [B, n, columns].
     */
    void addColumn(int columns, Tensor x, Tensor column, Tensor y);

    /** {@code y = value} */
    default void fill(float value, Tensor y) {
        run(ElementwiseFormulas.FILL.with(value), y);
    }

    /** {@code y = x} */
    default void copy(Tensor x, Tensor y) {
        run(ElementwiseFormulas.COPY.with(), x, y);
    }

    /** {@code y = condition != 0 ? a : b} */
    default void where(Tensor condition, Tensor a, Tensor b, Tensor y) {
        run(ElementwiseFormulas.WHERE.with(), condition, a, b, y);
    }

    /** {@code da = condition != 0 ? dy : 0} and {@code db = condition != 0 ? 0 : dy} */
    default void whereBackward(Tensor condition, Tensor dy, Tensor da, Tensor db) {
        run(ElementwiseFormulas.WHERE_BACKWARD.with(), condition, dy, da, db);
    }

    /** {@code y = mask != 0 ? value : x}; backward is that of dy with value 0. */
    default void maskedFill(float value, Tensor mask, Tensor x, Tensor y) {
        run(ElementwiseFormulas.MASKED_FILL.with(value), mask, x, y);
    }

    /** Of {@link Binary#MIN}: dy to the smaller, half of it to each of two equal ones; to both if one is NaN, as in PyTorch. */
    default void minBackward(Tensor a, Tensor b, Tensor dy, Tensor da, Tensor db) {
        run(ElementwiseFormulas.MIN_BACKWARD.with(), a, b, dy, da, db);
    }

    /** Of {@link Binary#MAX}, likewise for the larger. */
    default void maxBackward(Tensor a, Tensor b, Tensor dy, Tensor da, Tensor db) {
        run(ElementwiseFormulas.MAX_BACKWARD.with(), a, b, dy, da, db);
    }

    /**
     * Rounds to pairs of bfloat16, which take half the memory: {@code pairs[i] = bfloat16(x[i]) | bfloat16(x[i + h]) << 16} for h pairs, half as
     * many as x has elements, rounded up; where there is no x[i + h], 0. To the nearest, the even one of two that are as near; a NaN stays
     * one, and is quiet.
     *
     * @param pairs int32
     */
    void packBfloat16(Tensor x, Tensor pairs);

    /** What {@link #packBfloat16} left of x, exactly. */
    void unpackBfloat16(Tensor pairs, Tensor x);

    /** {@code y = FMA(a, p, b · q)} */
    default void sumOfProducts(Tensor a, Tensor p, Tensor b, Tensor q, Tensor y) {
        run(ElementwiseFormulas.SUM_OF_PRODUCTS.with(), a, p, b, q, y);
    }
}
