package io.ketju.tensor.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Error bounds of our own functions of one argument against double precision. */
class FloatMathTest {
    /** A prime: the bit patterns that are looked at cover every exponent and all low bits. */
    private static final int STRIDE = 4_999;

    private static final float INFINITY = Float.POSITIVE_INFINITY;

    interface FloatFunction {
        float apply(float x);
    }

    /** A function, the same in double, and how far from it results may be, in ulp. */
    record Function(String name, FloatFunction actual, DoubleUnaryOperator exact, double bound) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Function> FUNCTIONS = List.of(
            new Function("exp", FloatMath::exp, StrictMath::exp, 1),
            new Function("log", FloatMath::log, StrictMath::log, 1),
            new Function("tanh", FloatMath::tanh, StrictMath::tanh, 1),
            new Function("sigmoid", FloatMath::sigmoid, DoubleFunctions::sigmoid, 1),
            new Function("expm1", FloatMath::expm1, StrictMath::expm1, 2),
            new Function("log1p", FloatMath::log1p, StrictMath::log1p, 2),
            new Function("erf", FloatMath::erf, DoubleFunctions::erf, 2),
            new Function("sin", FloatMath::sin, StrictMath::sin, 2),
            new Function("cos", FloatMath::cos, StrictMath::cos, 2),
            new Function("rsqrt", FloatMath::rsqrt, x -> 1 / Math.sqrt(x), 2));

    @ParameterizedTest
    @FieldSource("FUNCTIONS")
    void sampledErrorsAreWithinTheirBound(Function function) {
        for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += STRIDE) {
            check(function, Float.intBitsToFloat((int) bits));
        }
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

    private static void check(Function function, float x) {
        float got = function.actual.apply(x);
        double wanted = function.exact.applyAsDouble(x);
        double error = Ulps.between(got, wanted);
        if (!(error <= function.bound)) {
            throw new AssertionError(function.name + "(" + Float.toHexString(x) + ") is " + Float.toHexString(got)
                    + ", not " + Double.toHexString(wanted) + ": " + error + " ulp");
        }
    }
}
