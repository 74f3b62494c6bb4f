package io.ketju.tensor.kernel.elementwise;

/** A function of two numbers; {@link #apply} defines it. The last ones are derivatives of {@link Unary} functions. */
public enum Binary {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    /** The smaller; a where they are equal; NaN if either is. */
    MIN,
    /** The larger; a where they are equal; NaN if either is. */
    MAX,
    /** Of x and dy: dy with the sign of x, 0 where x is 0 or NaN. */
    ABS_BACKWARD,
    /** Of y = sqrt(x) and dy: {@code dy / (2 y)}. */
    SQRT_BACKWARD,
    /** Of y = 1/sqrt(x) and dy: {@code -dy y³ / 2}. */
    RSQRT_BACKWARD,
    /** Of y = 1/x and dy: {@code -dy y²}. */
    RECIPROCAL_BACKWARD;

    float apply(float a, float b) {
        return switch (this) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case MIN -> a <= b || Float.isNaN(a) ? a : b;
            case MAX -> a >= b || Float.isNaN(a) ? a : b;
            case ABS_BACKWARD -> a > 0 ? b : (a < 0 ? -b : 0);
            case SQRT_BACKWARD -> b / (a + a);
            case RSQRT_BACKWARD -> a * a * (a * (b * -0.5f));
            case RECIPROCAL_BACKWARD -> -(a * a) * b;
        };
    }
}
