package io.ketju.tensor.kernel.elementwise;

/** A function of one number, named as in PyTorch; {@code ElementwiseFormulas} has their formulas. */
public enum Unary {
    /** {@code -x}; -0 of +0. */
    NEG,
    /** {@code |x|} */
    ABS,
    /** 1, -1, or 0, of NaN too. */
    SIGN,
    /** The largest whole number that is not larger. */
    FLOOR,
    /** The nearest whole number, of two the even one. */
    ROUND,
    /** {@code x²} */
    SQUARE,
    /** {@code sqrt(x)}; NaN below 0. */
    SQRT,
    /** {@code 1 / sqrt(x)}; infinite, with its sign, for either zero, NaN below. */
    RSQRT,
    /** {@code 1 / x} */
    RECIPROCAL,
    /** {@code e^x} */
    EXP,
    /** {@code e^x - 1}, also where that is small. */
    EXPM1,
    /** Natural logarithm; -infinity for either zero, NaN below. */
    LOG,
    /** {@code log(1 + x)}, also for small x; -infinity for -1, NaN below. */
    LOG1P,
    /** The error function: {@code 2/sqrt(π)} times the integral of {@code e^(-t²)} from 0 to x. */
    ERF,
    /** Sine of x radians; NaN of infinities. */
    SIN,
    /** Cosine of x radians; NaN of infinities. */
    COS
}
