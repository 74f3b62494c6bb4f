package io.ketju.tensor.kernel.elementwise;

/** A function of two numbers; {@code ElementwiseFormulas} has their formulas. The last ones are derivatives of {@link Unary} functions. */
public enum Binary {
    /** {@code a + b} */
    ADD,
    /** {@code a - b} */
    SUBTRACT,
    /** {@code a · b} */
    MULTIPLY,
    /** {@code a / b} */
    DIVIDE,
    /** The smaller; a where they are equal; NaN if either is. */
    MIN,
    /** The larger; a where they are equal; NaN if either is. */
    MAX,
    /** 1 where both are equal, zeros of either sign too, else 0. */
    EQUAL,
    /** b where a is not above 0, else 1. */
    SLOPE,
    /** Of x and dy: dy with the sign of x, 0 where x is 0 or NaN. */
    ABS_BACKWARD,
    /** Of y = sqrt(x) and dy: {@code dy / (2 y)}. */
    SQRT_BACKWARD,
    /** Of y = 1/sqrt(x) and dy: {@code -dy y³ / 2}. */
    RSQRT_BACKWARD,
    /** Of y = 1/x and dy: {@code -dy y²}. */
    RECIPROCAL_BACKWARD
}
