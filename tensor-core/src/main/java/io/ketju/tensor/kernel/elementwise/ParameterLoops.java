package io.ketju.tensor.kernel.elementwise;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.VectorPower;
import jdk.incubator.vector.FloatVector;

/** Loops that are no formulas: powers, in steps of their own, and one number for each row. Whole vectors only. */
final class ParameterLoops {
    private static final long POWER_BLOCK = 4L * VectorPower.BLOCK;

    private ParameterLoops() {}

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
}
