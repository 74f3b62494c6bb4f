package io.ketju.tensor.simd;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.random.CounterRandom;
import org.junit.jupiter.api.Test;

/** Powers against double precision over the whole plane, and the special cases of C. */
class FloatPowerTest {
    private static final long SEED = 20_261;
    private static final int SAMPLES = 400_000;
    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        2f,
        -2f,
        0.5f,
        -0.5f,
        3f,
        -3f,
        1.5f,
        -2.5f,
        INFINITY,
        -INFINITY,
        Float.NaN,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        0x1p23f,
        0x1.000002p23f,
        0x1.000002p24f,
        0x1p22f,
        0x1.000002p22f,
        1e30f,
        -8388609f
    };

    @Test
    void errorsAreAtMostTwoUlp() {
        CounterRandom random = CounterRandom.of(SEED, "pow");
        for (int i = 0; i < SAMPLES; i++) {
            float x = Float.intBitsToFloat(random.bits32(2L * i));
            // Exponents of every size whose power is neither 0 nor infinite most of the time.
            double limit = 160 / Math.max(Math.abs(Math.log(Math.abs(x)) / Math.log(2)), 1e-7);
            float y = (float) ((random.uniform(2L * i + 1) * 2 - 1) * limit);
            check(i % 2 == 0 ? x : Math.abs(x), i % 8 == 0 ? Math.round(y) : y);
        }
    }

    @Test
    void everyPairOfSpecialValuesIsThatOfC() {
        for (float x : SPECIAL) {
            for (float y : SPECIAL) {
                float got = FloatMath.pow(x, y);
                // Math.pow differs from C in pow(1, NaN) and pow(+-1, +-infinity).
                double wanted = x == 1 || (x == -1 && Float.isInfinite(y)) ? 1 : StrictMath.pow(x, y);
                assertThat(Ulps.between(got, wanted))
                        .as("pow(%s, %s) is %s, not %s", x, y, got, wanted)
                        .isLessThan(2);
                if (got == 0 && !Double.isNaN(wanted)) {
                    assertThat(1 / got < 0).as("sign of pow(%s, %s)", x, y).isEqualTo(1 / wanted < 0);
                }
            }
        }
    }

    @Test
    void smallIntegerPowersAreExact() {
        for (int x = -20; x <= 20; x++) {
            for (int y = 0; y <= 5; y++) {
                assertThat(FloatMath.pow(x, y)).as("%s^%s", x, y).isEqualTo((float) StrictMath.pow(x, y));
            }
        }
    }

    private static void check(float x, float y) {
        float got = FloatMath.pow(x, y);
        double wanted = x == 1 ? 1 : StrictMath.pow(x, y);
        double error = Ulps.between(got, wanted);
        if (!(error <= 2)) {
            throw new AssertionError("pow(" + x + ", " + y + ") is " + got + ", not " + wanted + ": " + error + " ulp");
        }
    }
}
