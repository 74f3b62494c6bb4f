package io.ketju.tensor.kernel.pooling;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorSum.REGISTERS;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorSum;
import jdk.incubator.vector.FloatVector;

/** Averages of whole planes and their gradients. x and y are addresses of all planes and averages. */
final class AveragePlanes {
    private AveragePlanes() {}

    static void forward(long x, long y, int from, int to, int plane) {
        for (int i = from; i < to; i++) {
            VectorMemory.set(y + 4L * i, sum(x + 4L * i * plane, plane) / plane);
        }
    }

    static void backward(long dy, long dx, int from, int to, int plane) {
        for (int i = from; i < to; i++) {
            // The sum of a single share, from +0.
            fill(dx + 4L * i * plane, 0 + VectorMemory.get(dy + 4L * i) / plane, plane);
        }
    }

    private static float sum(long x, int count) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= count - LaneSum.LANES; i += LaneSum.LANES) {
            s0 = s0.add(load(x + 4L * i));
            if (REGISTERS >= 2) {
                s1 = s1.add(load(x + 4L * i + VECTOR));
            }
            if (REGISTERS == 4) {
                s2 = s2.add(load(x + 4L * i + 2 * VECTOR));
                s3 = s3.add(load(x + 4L * i + 3 * VECTOR));
            }
        }
        int rest = count - i;
        // Zeros of masked lanes change no sum: one that began at +0 is never -0.
        s0 = s0.add(load(x + 4L * i, first(rest)));
        if (REGISTERS >= 2) {
            s1 = s1.add(load(x + 4L * i + VECTOR, first(Math.max(0, rest - LANES))));
        }
        if (REGISTERS == 4) {
            s2 = s2.add(load(x + 4L * i + 2 * VECTOR, first(Math.max(0, rest - 2 * LANES))));
            s3 = s3.add(load(x + 4L * i + 3 * VECTOR, first(Math.max(0, rest - 3 * LANES))));
        }
        return VectorSum.fold(s0, s1, s2, s3);
    }

    private static void fill(long x, float value, int count) {
        FloatVector vector = FloatVector.broadcast(SPECIES, value);
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            store(vector, x + 4L * i);
        }
        if (i < count) {
            store(vector, x + 4L * i, first(count - i));
        }
    }
}
