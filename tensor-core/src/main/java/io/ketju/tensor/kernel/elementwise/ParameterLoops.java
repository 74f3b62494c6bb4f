package io.ketju.tensor.kernel.elementwise;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import io.ketju.tensor.simd.VectorPower;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Element-wise loops with numbers beside their vectors; whole vectors only. */
final class ParameterLoops {
    private static final long POWER_BLOCK = 4L * VectorPower.BLOCK;

    private ParameterLoops() {}

    static void scale(float factor, long x, long y, long bytes) {
        FloatVector f = FloatVector.broadcast(SPECIES, factor);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(x + i).mul(f), y + i);
        }
    }

    static void addScaled(float factor, long x, long sum, long y, long bytes) {
        FloatVector f = FloatVector.broadcast(SPECIES, factor);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(x + i).fma(f, load(sum + i)), y + i);
        }
    }

    static void addScalar(float value, long x, long y, long bytes) {
        FloatVector v = FloatVector.broadcast(SPECIES, value);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(x + i).add(v), y + i);
        }
    }

    static void pow(float exponent, long x, long y, long bytes, long buffer) {
        for (long i = 0; i < bytes; i += POWER_BLOCK) {
            VectorPower.run(exponent, x + i, y + i, Math.min(POWER_BLOCK, bytes - i), buffer);
        }
    }

    static void powBackward(float exponent, long x, long dy, long dx, long bytes, long buffer) {
        long slopes = buffer + VectorPower.BUFFER_BYTES - POWER_BLOCK;
        for (long i = 0; i < bytes; i += POWER_BLOCK) {
            long block = Math.min(POWER_BLOCK, bytes - i);
            VectorPower.run(exponent - 1, x + i, slopes, block, buffer);
            scaledProduct(exponent, slopes, dy + i, dx + i, block);
        }
    }

    private static void scaledProduct(float factor, long slope, long dy, long dx, long bytes) {
        FloatVector f = FloatVector.broadcast(SPECIES, factor);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(dy + i).mul(load(slope + i).mul(f)), dx + i);
        }
    }

    static void clamp(float least, float greatest, long x, long y, long bytes) {
        FloatVector low = FloatVector.broadcast(SPECIES, least);
        FloatVector high = FloatVector.broadcast(SPECIES, greatest);
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            store(v.blend(low, v.compare(LT, low)).blend(high, v.compare(GT, high)), y + i);
        }
    }

    static void clampBackward(float least, float greatest, long x, long dy, long dx, long bytes) {
        FloatVector low = FloatVector.broadcast(SPECIES, least);
        FloatVector high = FloatVector.broadcast(SPECIES, greatest);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            VectorMask<Float> inside = v.compare(GE, low).and(v.compare(LE, high));
            store(zero.blend(load(dy + i), inside), dx + i);
        }
    }

    static void lerpFromStart(float weight, long a, long b, long y, long bytes) {
        FloatVector w = FloatVector.broadcast(SPECIES, weight);
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector start = load(a + i);
            store(w.fma(load(b + i).sub(start), start), y + i);
        }
    }

    static void lerpFromEnd(float weight, long a, long b, long y, long bytes) {
        FloatVector w = FloatVector.broadcast(SPECIES, weight - 1);
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector end = load(b + i);
            store(w.fma(end.sub(load(a + i)), end), y + i);
        }
    }

    static void fill(float value, long y, long bytes) {
        FloatVector v = FloatVector.broadcast(SPECIES, value);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(v, y + i);
        }
    }

    static void copy(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(x + i), y + i);
        }
    }
}
