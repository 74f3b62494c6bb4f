package io.ketju.tensor.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Error bounds of our own functions of one argument against double precision. */
class FloatMathTest {
    /** A prime: the bit patterns that are looked at cover every exponent and all low bits. */
    private static final int STRIDE = 4_999;

    private static final int PARTS = 1 << 10;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    interface FloatFunction {
        float apply(float x);
    }

    /** A function, the same in double, and how far from the correctly rounded result it may be, in floats. */
    record Function(String name, FloatFunction actual, DoubleUnaryOperator exact, int bound) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Function> FUNCTIONS = List.of(
            new Function("exp", FloatMath::exp, StrictMath::exp, 1),
            new Function("log", FloatMath::log, StrictMath::log, 1),
            new Function("tanh", FloatMath::tanh, StrictMath::tanh, 1),
            new Function("sigmoid", FloatMath::sigmoid, FloatMathTest::sigmoid, 1),
            new Function("expm1", FloatMath::expm1, StrictMath::expm1, 2),
            new Function("log1p", FloatMath::log1p, StrictMath::log1p, 2),
            new Function("erf", FloatMath::erf, FloatMathTest::erf, 2),
            new Function("sin", FloatMath::sin, StrictMath::sin, 2),
            new Function("cos", FloatMath::cos, StrictMath::cos, 2),
            new Function("rsqrt", FloatMath::rsqrt, x -> 1 / Math.sqrt(x), 2));

    @ParameterizedTest
    @FieldSource("FUNCTIONS")
    void sampledErrorsAreWithinTheirBound(Function function) {
        worst(function, Integer.MIN_VALUE, Integer.MAX_VALUE, STRIDE);
    }

    @Tag("long")
    @ParameterizedTest
    @FieldSource("FUNCTIONS")
    void allErrorsAreWithinTheirBound(Function function) {
        long size = (1L << 32) / PARTS;
        double worst = IntStream.range(0, PARTS)
                .parallel()
                .mapToDouble(part -> {
                    long from = Integer.MIN_VALUE + part * size;
                    return worst(function, from, from + size - 1, 1);
                })
                .max()
                .orElseThrow();
        System.out.printf("%s: at most %.4f ulp%n", function, worst);
    }

    @Test
    void expNormalHasTheBitsOfExpAmongNormalResults() {
        for (float x = -87.3f; x < 88.3f; x += 0.0137f) {
            assertThat(FloatMath.expNormal(x)).as("expNormal(%s)", x).isEqualTo(FloatMath.exp(x));
        }
        assertThat(FloatMath.expNormal(-88f)).isZero();
        assertThat(FloatMath.expNormal(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(FloatMath.expNormal(89f)).isEqualTo(INFINITY);
        assertThat(FloatMath.expNormal(Float.NaN)).isNaN();
    }

    @Test
    void exponentialsAndLogarithmsAtTheEnds() {
        values(FloatMath::exp, new float[][] {{0, 1}, {-0f, 1}, {INFINITY, INFINITY}, {-INFINITY, 0}});
        values(FloatMath::expm1, new float[][] {{0, 0}, {-0f, -0f}, {INFINITY, INFINITY}, {-INFINITY, -1}});
        values(FloatMath::expm1, new float[][] {{Float.MIN_VALUE, Float.MIN_VALUE}, {-1e-40f, -1e-40f}});
        values(FloatMath::log, new float[][] {{1, 0}, {0, -INFINITY}, {-0f, -INFINITY}, {INFINITY, INFINITY}});
        values(FloatMath::log, new float[][] {{-Float.MIN_VALUE, Float.NaN}, {-INFINITY, Float.NaN}});
        values(FloatMath::log1p, new float[][] {{0, 0}, {-0f, -0f}, {-1, -INFINITY}, {INFINITY, INFINITY}});
        values(FloatMath::log1p, new float[][] {{-1.0000001f, Float.NaN}, {-INFINITY, Float.NaN}, {1e-40f, 1e-40f}});
    }

    @Test
    void otherFunctionsAtTheEnds() {
        values(FloatMath::tanh, new float[][] {{-0f, -0f}, {INFINITY, 1}, {-INFINITY, -1}, {Float.MAX_VALUE, 1}});
        values(FloatMath::tanh, new float[][] {{Float.MIN_VALUE, Float.MIN_VALUE}});
        values(FloatMath::sigmoid, new float[][] {{0, 0.5f}, {-0f, 0.5f}, {INFINITY, 1}, {-INFINITY, 0}});
        values(FloatMath::erf, new float[][] {{0, 0}, {-0f, -0f}, {INFINITY, 1}, {-INFINITY, -1}});
        values(FloatMath::sin, new float[][] {{0, 0}, {-0f, -0f}, {INFINITY, Float.NaN}, {-INFINITY, Float.NaN}});
        values(FloatMath::cos, new float[][] {{0, 1}, {-0f, 1}, {INFINITY, Float.NaN}, {-INFINITY, Float.NaN}});
        values(FloatMath::rsqrt, new float[][] {
            {0, INFINITY}, {-0f, -INFINITY}, {INFINITY, 0}, {-1, Float.NaN}, {4, 0.5f}
        });
        for (Function function : FUNCTIONS) {
            assertThat(function.actual.apply(Float.NaN)).as(function.name).isNaN();
        }
    }

    private static void values(FloatFunction function, float[][] pairs) {
        for (float[] pair : pairs) {
            assertThat(Float.floatToIntBits(function.apply(pair[0])))
                    .as("of %s: wanted %s, got %s", pair[0], pair[1], function.apply(pair[0]))
                    .isEqualTo(Float.floatToIntBits(pair[1]));
        }
    }

    /** The largest error in ulp over a range of bit patterns; throws where the bound is broken. */
    private static double worst(Function function, long from, long to, int stride) {
        double worst = 0;
        for (long bits = from; bits <= to; bits += stride) {
            float x = Float.intBitsToFloat((int) bits);
            float got = function.actual.apply(x);
            double wanted = function.exact.applyAsDouble(x);
            double error = Ulps.between(got, wanted);
            if (Ulps.steps(got, wanted) > function.bound) {
                throw new AssertionError(function.name + "(" + Float.toHexString(x) + ") is " + Float.toHexString(got)
                        + ", not " + Double.toHexString(wanted) + ": " + error + " ulp");
            }
            worst = Math.max(worst, error);
        }
        return worst;
    }

    private static double sigmoid(double x) {
        double e = StrictMath.exp(-Math.abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /** Kummer's series, all of whose terms have one sign (Abramowitz and Stegun, 7.1.6). */
    private static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double square = x * x;
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
            term *= 2 * square / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * StrictMath.exp(-square) * sum;
    }
}
