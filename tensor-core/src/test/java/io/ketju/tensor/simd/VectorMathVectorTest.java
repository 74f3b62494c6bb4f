package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.random.CounterRandom;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

    private interface Loop {
        void run(long x, long y, long bytes);
    }

    private interface Scalar {
        float apply(float x);
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
    void loopsThatLeaveOutWhatChangesNothing() {
        loop("exp", VectorExpLog::exp, FloatMath::exp);
        loop("log", VectorExpLog::log, FloatMath::log);
        loop("sigmoid", VectorSigmoid::run, FloatMath::sigmoid);
    }

    private static void loop(String name, Loop loop, Scalar scalar) {
        int block = 64;
        try (Arena arena = Arena.ofConfined()) {
            long x = arena.allocate(4L * block, 64).address();
            long y = arena.allocate(4L * block, 64).address();
            for (long bits = Integer.MIN_VALUE; bits < Integer.MAX_VALUE; bits += (long) block * STRIDE) {
                for (int i = 0; i < block; i++) {
                    VectorMemory.setInt(x + 4L * i, (int) (bits + (long) i * STRIDE));
                }
                loop.run(x, y, 4L * block);
                for (int i = 0; i < block; i++) {
                    float argument = VectorMemory.get(x + 4L * i);
                    compare(name + "(" + argument + ")", VectorMemory.get(y + 4L * i), scalar.apply(argument));
                }
            }
        }
    }

    @Test
    void powers() {
        CounterRandom random = CounterRandom.of(SEED, "pow");
        float[] x = new float[VectorPower.BLOCK];
        for (int i = 0; i < x.length; i++) {
            x[i] = i < SPECIAL.length ? SPECIAL[i] : Float.intBitsToFloat(random.bits32(i));
        }
        try (Arena arena = Arena.ofConfined()) {
            for (float exponent : SPECIAL) {
                pow(arena, x, exponent);
            }
            for (int i = 0; i < 100; i++) {
                pow(arena, x, StrictMath.scalb(random.normal(i), i % 16 - 8));
            }
        }
    }

    private static void pow(Arena arena, float[] x, float exponent) {
        MemorySegment memory = arena.allocate(4L * x.length + VectorPower.BUFFER_BYTES, 64);
        MemorySegment.copy(x, 0, memory, ValueLayout.JAVA_FLOAT, 0, x.length);
        long at = memory.address();
        VectorPower.run(exponent, at, at, 4L * x.length, at + 4L * x.length);
        for (int i = 0; i < x.length; i++) {
            float result = memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            compare("pow(" + x[i] + ", " + exponent + ")", result, FloatMath.pow(x[i], exponent));
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
}
