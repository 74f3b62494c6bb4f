package io.ketju.tensor.kernel.elementwise;

import io.ketju.tensor.simd.FloatMath;

/** A function of one number, named as in PyTorch; {@link #apply} defines it. */
public enum Unary {
    NEG,
    ABS,
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
    COS;

    float apply(float x) {
        return switch (this) {
            case NEG -> -x;
            case ABS -> Math.abs(x);
            case SQUARE -> x * x;
            case SQRT -> (float) Math.sqrt(x);
            case RSQRT -> FloatMath.rsqrt(x);
            case RECIPROCAL -> 1 / x;
            case EXP -> FloatMath.exp(x);
            case EXPM1 -> FloatMath.expm1(x);
            case LOG -> FloatMath.log(x);
            case LOG1P -> FloatMath.log1p(x);
            case ERF -> FloatMath.erf(x);
            case SIN -> FloatMath.sin(x);
            case COS -> FloatMath.cos(x);
        };
    }
}
