package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.simd.FloatMath;
import io.ketju.tensor.simd.VectorMath;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * An operation on numbers in single precision, rounded once. {@link #apply} defines it; on vectors it is the method of
 * {@link FloatVector}, or the function of {@link VectorMath}, that has the same bits.
 */
enum Operation {
    ADD(2, "add"),
    SUBTRACT(2, "sub"),
    MULTIPLY(2, "mul"),
    DIVIDE(2, "div"),
    MINIMUM(2, "min"),
    MAXIMUM(2, "max"),
    FUSED_MULTIPLY_ADD(3, "fma"),
    NEGATE(1, "neg"),
    MAGNITUDE(1, "abs"),
    ROOT(1, "sqrt"),
    WITH_SIGN(2, "withSign", VectorMath.class),
    EXP(1, "exp", VectorMath.class),
    EXP_NORMAL(1, "expNormal", VectorMath.class),
    EXPM1(1, "expm1", VectorMath.class),
    LOG(1, "log", VectorMath.class),
    LOG1P(1, "log1p", VectorMath.class),
    LOG1P_OF_FRACTION(1, "log1pOfFraction", VectorMath.class),
    TANH(1, "tanh", VectorMath.class),
    SIGMOID(1, "sigmoid", VectorMath.class),
    ERF(1, "erf", VectorMath.class),
    SIN(1, "sin", VectorMath.class),
    COS(1, "cos", VectorMath.class);

    final int arguments;
    final String method;
    /** Whose static method it is on vectors, none for one of the vector itself. */
    final @Nullable Class<?> owner;

    Operation(int arguments, String method) {
        this(arguments, method, null);
    }

    Operation(int arguments, String method, @Nullable Class<?> owner) {
        this.arguments = arguments;
        this.method = method;
        this.owner = owner;
    }

    /** The result for as many numbers as there are arguments; the others do not matter. */
    float apply(float a, float b, float c) {
        return switch (this) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MINIMUM -> Math.min(a, b);
            case MAXIMUM -> Math.max(a, b);
            case FUSED_MULTIPLY_ADD -> Math.fma(a, b, c);
            case NEGATE -> -a;
            case MAGNITUDE -> Math.abs(a);
            case ROOT -> (float) Math.sqrt(a);
            case WITH_SIGN -> FloatMath.withSign(a, b);
            case EXP -> FloatMath.exp(a);
            case EXP_NORMAL -> FloatMath.expNormal(a);
            case EXPM1 -> FloatMath.expm1(a);
            case LOG -> FloatMath.log(a);
            case LOG1P, LOG1P_OF_FRACTION -> FloatMath.log1p(a);
            case TANH -> FloatMath.tanh(a);
            case SIGMOID -> FloatMath.sigmoid(a);
            case ERF -> FloatMath.erf(a);
            case SIN -> FloatMath.sin(a);
            case COS -> FloatMath.cos(a);
        };
    }
}
