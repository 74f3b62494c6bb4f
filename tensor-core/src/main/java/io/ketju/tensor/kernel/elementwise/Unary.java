package io.ketju.tensor.kernel.elementwise;

/** A function of one number, named as in PyTorch; {@code ElementwiseFormulas} has their formulas. */
public enum Unary {
    NEG,
    ABS,
    /** 1, -1, or 0, of NaN too. */
    SIGN,
    /** The largest whole number that is not larger. */
    FLOOR,
    /** The nearest whole number, of two the even one. */
    ROUND,
    SQUARE,
    SQRT,
    RSQRT,
    RECIPROCAL,
    EXP,
    EXPM1,
    LOG,
    LOG1P,
    ERF,
    SIN,
    COS
}
