package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.random.CounterRandom;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/** Vector functions against the scalar ones, bit for bit, over all exponents. Runs at every vector width. */
class VectorMathVectorTest {
    private static final int STRIDE = 39_989;
    private static final long SEED = 77;
    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        0.5f,
        -0.5f,
        2f,
        -3f,
        65536f,
        65537f,
        88.72284f,
        -103.97208f,
        -87.5f,
        0x1p-24f,
        0x1p-25f,
        0x1p23f,
        0x1.000002p23f,
        0x1p24f
    };

    private interface Scalar {
        float apply(float x);
    }

    private interface ScalarPair {
        float apply(float x, float y);
    }

    @Test
    void functionsOfOneArgument() {
        same("exp", VectorMath::exp, FloatMath::exp);
        same("expNormal", VectorMath::expNormal, FloatMath::expNormal);
        same("expm1", VectorMath::expm1, FloatMath::expm1);
        same("log", VectorMath::log, FloatMath::log);
        same("log1p", VectorMath::log1p, FloatMath::log1p);
        same("tanh", VectorMath::tanh, FloatMath::tanh);
        same("sigmoid", VectorMath::sigmoid, FloatMath::sigmoid);
        same("erf", VectorMath::erf, FloatMath::erf);
        same("sin", VectorMath::sin, FloatMath::sin);
        same("cos", VectorMath::cos, FloatMath::cos);
        same("rsqrt", VectorMath::rsqrt, FloatMath::rsqrt);
    }

    @Test
    void powers() {
        for (float x : SPECIAL) {
            for (int i = 0; i < SPECIAL.length; i += LANES) {
                float[] y = lanes(i);
                pow(filled(x), y);
            }
        }
        CounterRandom random = CounterRandom.of(SEED, "pow");
        for (int i = 0; i < 20_000; i += LANES) {
            float[] x = new float[LANES];
            float[] y = new float[LANES];
            for (int lane = 0; lane < LANES; lane++) {
                x[lane] = Float.intBitsToFloat(random.bits32(2L * (i + lane)));
                y[lane] = StrictMath.scalb(random.normal(2L * (i + lane) + 1), i % 16 - 8);
            }
            pow(x, y);
        }
    }

    private static void pow(float[] x, float[] y) {
        BinaryOperator<FloatVector> vector = VectorMath::pow;
        ScalarPair scalar = FloatMath::pow;
        FloatVector result = vector.apply(FloatVector.fromArray(SPECIES, x, 0), FloatVector.fromArray(SPECIES, y, 0));
        for (int lane = 0; lane < LANES; lane++) {
            compare("pow(" + x[lane] + ", " + y[lane] + ")", result.lane(lane), scalar.apply(x[lane], y[lane]));
        }
    }

    private static void same(String name, UnaryOperator<FloatVector> vector, Scalar scalar) {
        for (int i = 0; i < SPECIAL.length; i += LANES) {
            check(name, lanes(i), vector, scalar);
        }
        float[] x = new float[LANES];
        for (long bits = Integer.MIN_VALUE;
                bits + (long) LANES * STRIDE < Integer.MAX_VALUE;
                bits += (long) LANES * STRIDE) {
            for (int lane = 0; lane < LANES; lane++) {
                x[lane] = Float.intBitsToFloat((int) (bits + (long) lane * STRIDE));
            }
            check(name, x, vector, scalar);
        }
    }

    private static void check(String name, float[] x, UnaryOperator<FloatVector> vector, Scalar scalar) {
        FloatVector result = vector.apply(FloatVector.fromArray(SPECIES, x, 0));
        for (int lane = 0; lane < LANES; lane++) {
            compare(name + "(" + Float.toHexString(x[lane]) + ")", result.lane(lane), scalar.apply(x[lane]));
        }
    }

    private static void compare(String what, float vector, float scalar) {
        if (Float.floatToIntBits(vector) != Float.floatToIntBits(scalar)) {
            throw new AssertionError(what + ": vector " + vector + " (" + Float.toHexString(vector) + "), scalar "
                    + scalar + " (" + Float.toHexString(scalar) + ")");
        }
    }

    private static float[] lanes(int from) {
        float[] result = new float[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            result[lane] = SPECIAL[(from + lane) % SPECIAL.length];
        }
        return result;
    }

    private static float[] filled(float value) {
        float[] result = new float[LANES];
        java.util.Arrays.fill(result, value);
        return result;
    }
}
