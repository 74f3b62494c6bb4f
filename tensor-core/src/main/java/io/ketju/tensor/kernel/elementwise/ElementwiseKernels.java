package io.ketju.tensor.kernel.elementwise;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;

/**
 * Arithmetic on elements. All operands are float32. They have as many elements as each other where nothing else is said; operands of other
 * sizes throw {@link IllegalArgumentException}. Outputs are overwritten and may be any of the inputs of their size; FMA is one rounding.
 * Derivatives that are one of these kernels are not repeated: those of a product are two products.
 */
public interface ElementwiseKernels {
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
     * @param function f
     * @param x input
     * @param y output
     */
    default void unary(Unary function, Tensor x, Tensor y) {
        run(ElementwiseFormulas.of(function), x, y);
    }

    /**
     * {@code y = f(a, b)}
     *
     * @param function f
     * @param a first input
     * @param b second input
     * @param y output
     */
    default void binary(Binary function, Tensor a, Tensor b, Tensor y) {
        run(ElementwiseFormulas.of(function), a, b, y);
    }

    /**
     * {@code y = factor · x}
     *
     * @param factor any number
     * @param x input
     * @param y output
     */
    default void scale(float factor, Tensor x, Tensor y) {
        run(ElementwiseFormulas.SCALE.with(factor), x, y);
    }

    /**
     * {@code y = FMA(factor, x, y)}
     *
     * @param factor any number
     * @param x input
     * @param y input and output
     */
    default void addScaled(float factor, Tensor x, Tensor y) {
        run(ElementwiseFormulas.ADD_SCALED.with(factor), x, y);
    }

    /**
     * {@code y = x + value}
     *
     * @param value any number
     * @param x input
     * @param y output
     */
    default void addScalar(float value, Tensor x, Tensor y) {
        run(ElementwiseFormulas.ADD_SCALAR.with(value), x, y);
    }

    /**
     * {@code y = x^exponent}, of the rules of C's pow.
     *
     * @param exponent any number
     * @param x input, the bases
     * @param y output
     */
    void pow(float exponent, Tensor x, Tensor y);

    /**
     * {@code dx = dy · (exponent · x^(exponent - 1))}; 0 for exponent 0.
     *
     * @param exponent that of forward
     * @param x input of forward
     * @param dy gradient of the output
     * @param dx gradient of the input
     */
    void powBackward(float exponent, Tensor x, Tensor dy, Tensor dx);

    /**
     * {@code y = x < least ? least : x > greatest ? greatest : x}; NaN stays.
     *
     * @param least no more than greatest; -infinity for no bound
     * @param greatest infinity for no bound
     * @param x input
     * @param y output
     */
    default void clamp(float least, float greatest, Tensor x, Tensor y) {
        run(ElementwiseFormulas.CLAMP.with(least, greatest), x, y);
    }

    /**
     * {@code dx = least <= x <= greatest ? dy : 0}
     *
     * @param least that of forward
     * @param greatest that of forward
     * @param x input of forward
     * @param dy gradient of the output
     * @param dx gradient of the input
     */
    default void clampBackward(float least, float greatest, Tensor x, Tensor dy, Tensor dx) {
        run(ElementwiseFormulas.CLAMP_BACKWARD.with(least, greatest), x, dy, dx);
    }

    /**
     * {@code y = FMA(weight, b - a, a)}, from weight 0.5 on {@code FMA(weight - 1, b - a, b)}, as torch.lerp.
     *
     * @param weight 0 for a, 1 for b, or any other number
     * @param a start
     * @param b end
     * @param y output
     */
    default void lerp(float weight, Tensor a, Tensor b, Tensor y) {
        run(ElementwiseFormulas.lerp(weight), a, b, y);
    }

    /**
     * {@code y[r, c] = x[r, c] + row[c]}
     *
     * @param x input [rows, columns], any number of rows
     * @param row [columns]
     * @param y output like x
     */
    void addRow(Tensor x, Tensor row, Tensor y);

    /**
     * {@code y[r, c] = x[r, c] + column[r mod n]}: a bias per channel of x.
     *
     * @param columns elements of one channel of one sample
     * @param x input [B, n, columns]
     * @param column [n]
     * @param y output like x
     */
    void addColumn(int columns, Tensor x, Tensor column, Tensor y);

    /**
     * {@code y = value}
     *
     * @param value any number
     * @param y output
     */
    default void fill(float value, Tensor y) {
        run(ElementwiseFormulas.FILL.with(value), y);
    }

    /**
     * {@code y = x}
     *
     * @param x input
     * @param y output
     */
    default void copy(Tensor x, Tensor y) {
        run(ElementwiseFormulas.COPY.with(), x, y);
    }

    /**
     * {@code y = condition != 0 ? a : b}
     *
     * @param condition a number for each element; NaN is not 0
     * @param a what is taken where it is not 0
     * @param b what is taken where it is 0
     * @param y output
     */
    default void where(Tensor condition, Tensor a, Tensor b, Tensor y) {
        run(ElementwiseFormulas.WHERE.with(), condition, a, b, y);
    }

    /**
     * {@code da = condition != 0 ? dy : 0} and {@code db = condition != 0 ? 0 : dy}
     *
     * @param condition that of forward
     * @param dy gradient of the output
     * @param da gradient of a
     * @param db gradient of b
     */
    default void whereBackward(Tensor condition, Tensor dy, Tensor da, Tensor db) {
        run(ElementwiseFormulas.WHERE_BACKWARD.with(), condition, dy, da, db);
    }

    /**
     * {@code y = mask != 0 ? value : x}; backward is that of dy with value 0.
     *
     * @param value any number
     * @param mask a number for each element; NaN is not 0
     * @param x input
     * @param y output
     */
    default void maskedFill(float value, Tensor mask, Tensor x, Tensor y) {
        run(ElementwiseFormulas.MASKED_FILL.with(value), mask, x, y);
    }

    /**
     * Of {@link Binary#MIN}: dy to the smaller, half of it to each of two equal ones; to both if one is NaN, as in PyTorch.
     *
     * @param a first input of forward
     * @param b second input of forward
     * @param dy gradient of the output
     * @param da gradient of a
     * @param db gradient of b
     */
    default void minBackward(Tensor a, Tensor b, Tensor dy, Tensor da, Tensor db) {
        run(ElementwiseFormulas.MIN_BACKWARD.with(), a, b, dy, da, db);
    }

    /**
     * Of {@link Binary#MAX}: dy to the larger, otherwise as {@link #minBackward}.
     *
     * @param a first input of forward
     * @param b second input of forward
     * @param dy gradient of the output
     * @param da gradient of a
     * @param db gradient of b
     */
    default void maxBackward(Tensor a, Tensor b, Tensor dy, Tensor da, Tensor db) {
        run(ElementwiseFormulas.MAX_BACKWARD.with(), a, b, dy, da, db);
    }

    /**
     * Rounds to pairs of bfloat16, which take half the memory: {@code pairs[i] = bfloat16(x[i]) | bfloat16(x[i + h]) << 16} for h pairs;
     * where there is no x[i + h], 0. To the nearest, the even one of two that are as near; a NaN stays one, and is quiet.
     *
     * @param x input
     * @param pairs output, int32, h = half as many elements as x has, rounded up
     */
    void packBfloat16(Tensor x, Tensor pairs);

    /**
     * What {@link #packBfloat16} left of x, exactly.
     *
     * @param pairs input, int32, half as many elements as x has, rounded up
     * @param x output
     */
    void unpackBfloat16(Tensor pairs, Tensor x);

    /**
     * {@code y = FMA(a, p, b · q)}
     *
     * @param a input, times p
     * @param p input
     * @param b input, times q
     * @param q input
     * @param y output
     */
    default void sumOfProducts(Tensor a, Tensor p, Tensor b, Tensor q, Tensor y) {
        run(ElementwiseFormulas.SUM_OF_PRODUCTS.with(), a, p, b, q, y);
    }
}
