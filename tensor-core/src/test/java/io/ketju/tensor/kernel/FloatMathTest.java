package io.ketju.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Error bounds of our own functions against StrictMath in double, rounded once. */
class FloatMathTest {
    /** A prime: the bit patterns that are looked at cover every exponent and all low bits. */
    private static final int STRIDE = 1_999;

    private interface FloatFunction {
        float apply(float x);
    }

    @Test
    void sampledErrorsAreAtMostOneUlp() {
        check("exp", FloatMath::exp, StrictMath::exp, STRIDE);
        check("log", FloatMath::log, StrictMath::log, STRIDE);
        check("tanh", FloatMath::tanh, StrictMath::tanh, STRIDE);
    }

    @Test
    @Tag("long")
    void allErrorsAreAtMostOneUlp() {
        check("exp", FloatMath::exp, StrictMath::exp, 1);
        check("log", FloatMath::log, StrictMath::log, 1);
        check("tanh", FloatMath::tanh, StrictMath::tanh, 1);
    }

    @Test
    void exactValues() {
        assertThat(FloatMath.exp(0f)).isEqualTo(1f);
        assertThat(FloatMath.exp(-0f)).isEqualTo(1f);
        assertThat(FloatMath.exp(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatMath.exp(Float.NEGATIVE_INFINITY)).isEqualTo(0f);
        assertThat(FloatMath.exp(Float.NaN)).isNaN();
        assertThat(FloatMath.log(1f)).isEqualTo(0f);
        assertThat(FloatMath.log(0f)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(FloatMath.log(-0f)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(FloatMath.log(Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(FloatMath.log(-Float.MIN_VALUE)).isNaN();
        assertThat(FloatMath.log(Float.NaN)).isNaN();
        assertThat(Float.floatToRawIntBits(FloatMath.tanh(-0f))).isEqualTo(Float.floatToRawIntBits(-0f));
        assertThat(FloatMath.tanh(Float.MIN_VALUE)).isEqualTo(Float.MIN_VALUE);
        assertThat(FloatMath.tanh(Float.POSITIVE_INFINITY)).isEqualTo(1f);
        assertThat(FloatMath.tanh(Float.NEGATIVE_INFINITY)).isEqualTo(-1f);
        assertThat(FloatMath.tanh(Float.MAX_VALUE)).isEqualTo(1f);
        assertThat(FloatMath.tanh(Float.NaN)).isNaN();
    }

    private static void check(String name, FloatFunction actual, DoubleUnaryOperator exact, int stride) {
        for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += stride) {
            float x = Float.intBitsToFloat((int) bits);
            float got = actual.apply(x);
            float wanted = (float) exact.applyAsDouble(x);
            boolean close = Float.isNaN(wanted) ? Float.isNaN(got) : Math.abs((long) order(got) - order(wanted)) <= 1;
            if (!close) {
                throw new AssertionError(name + "(" + Float.toHexString(x) + ") is " + Float.toHexString(got) + ", not "
                        + Float.toHexString(wanted));
            }
        }
    }

    /** Floats in order of size as consecutive integers; both zeros are 0. */
    private static int order(float x) {
        int bits = Float.floatToRawIntBits(x);
        return bits < 0 ? Integer.MIN_VALUE - bits : bits;
    }
}
