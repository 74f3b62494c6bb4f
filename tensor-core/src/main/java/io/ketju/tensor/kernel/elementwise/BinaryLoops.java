package io.ketju.tensor.kernel.elementwise;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;

/** {@link Binary} over whole vectors: one small loop per function, so that each is compiled well. */
final class BinaryLoops {
    private BinaryLoops() {}

    static void run(Binary function, long a, long b, long y, long bytes) {
        switch (function) {
            case ADD -> add(a, b, y, bytes);
            case SUBTRACT -> subtract(a, b, y, bytes);
            case MULTIPLY -> multiply(a, b, y, bytes);
            case DIVIDE -> divide(a, b, y, bytes);
            case MIN -> min(a, b, y, bytes);
            case MAX -> max(a, b, y, bytes);
            case ABS_BACKWARD -> absBackward(a, b, y, bytes);
            case SQRT_BACKWARD -> sqrtBackward(a, b, y, bytes);
            case RSQRT_BACKWARD -> rsqrtBackward(a, b, y, bytes);
            case RECIPROCAL_BACKWARD -> reciprocalBackward(a, b, y, bytes);
        }
    }

    static void add(long a, long b, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(a + i).add(load(b + i)), y + i);
        }
    }

    private static void subtract(long a, long b, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(a + i).sub(load(b + i)), y + i);
        }
    }

    private static void multiply(long a, long b, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(a + i).mul(load(b + i)), y + i);
        }
    }

    private static void divide(long a, long b, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(a + i).div(load(b + i)), y + i);
        }
    }

    private static void min(long a, long b, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(a + i);
            FloatVector w = load(b + i);
            store(w.blend(v, v.compare(LE, w).or(v.compare(NE, v))), y + i);
        }
    }

    private static void max(long a, long b, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(a + i);
            FloatVector w = load(b + i);
            store(w.blend(v, v.compare(GE, w).or(v.compare(NE, v))), y + i);
        }
    }

    private static void absBackward(long a, long b, long y, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(a + i);
            FloatVector w = load(b + i);
            store(zero.blend(w, v.compare(GT, zero)).blend(w.neg(), v.compare(LT, zero)), y + i);
        }
    }

    private static void sqrtBackward(long a, long b, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(a + i);
            store(load(b + i).div(v.add(v)), y + i);
        }
    }

    private static void rsqrtBackward(long a, long b, long y, long bytes) {
        FloatVector factor = FloatVector.broadcast(SPECIES, -0.5f);
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(a + i);
            store(v.mul(v).mul(v.mul(load(b + i).mul(factor))), y + i);
        }
    }

    private static void reciprocalBackward(long a, long b, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(a + i);
            store(v.mul(v).neg().mul(load(b + i)), y + i);
        }
    }
}
