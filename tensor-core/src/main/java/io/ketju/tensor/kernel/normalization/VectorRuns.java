package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorSum.REGISTERS;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.LaneSum;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Mean, variance and mean square of runs of elements. One per tile. */
final class VectorRuns {
    private static final long BYTES = Float.BYTES;

    private final float[] sum = Lanes.create();
    private final float[] product = Lanes.create();
    private final VectorQuads quads = new VectorQuads();
    private final Moments[] together = Moments.create(VectorQuads.RUNS);

    /** Merges the moments of runs of equal length, a stride of bytes apart, one after the other. */
    void merge(long x, long stride, int runs, int count, Moments into) {
        for (int first = 0; first < runs; first += together.length) {
            int some = Math.min(together.length, runs - first);
            moments(x + first * stride, stride, some, count, together);
            for (int run = 0; run < some; run++) {
                into.merge(together[run]);
            }
        }
    }

    /** Mean and squared deviations of runs of equal length, a stride of bytes apart. */
    void moments(long x, long stride, int runs, int count, Moments[] into) {
        int run = 0;
        for (; VectorQuads.USEFUL && run + VectorQuads.RUNS <= runs; run += VectorQuads.RUNS) {
            quads.moments(x + run * stride, stride, count, into, run);
        }
        for (; run < runs; run++) {
            moments(x + run * stride, count, into[run]);
        }
    }

    /** Mean and squared deviations of a run. */
    void moments(long x, int count, Moments into) {
        into.clear();
        for (int start = 0; start < count; start += Sizes.BLOCK) {
            long block = x + start * BYTES;
            int n = Math.min(Sizes.BLOCK, count - start);
            sum(block, n, sum);
            float pivot = Lanes.fold(sum) / n;
            deviations(block, n, pivot, sum, product);
            into.add(n, pivot, Lanes.fold(sum), Lanes.fold(product));
        }
    }

    /** The sum of the squares of a run. */
    double squares(long x, int count) {
        double total = 0;
        for (int start = 0; start < count; start += Sizes.BLOCK) {
            squares(x + start * BYTES, Math.min(Sizes.BLOCK, count - start), product);
            total += Lanes.fold(product);
        }
        return total;
    }

    private static void sum(long x, int n, float[] sum) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int end = Lanes.groups(n);
        for (int i = 0; i < end; i += LaneSum.LANES) {
            long at = x + i * BYTES;
            s0 = s0.add(load(at));
            if (REGISTERS >= 2) {
                s1 = s1.add(load(at + VECTOR));
            }
            if (REGISTERS == 4) {
                s2 = s2.add(load(at + 2 * VECTOR));
                s3 = s3.add(load(at + 3 * VECTOR));
            }
        }
        Lanes.put(s0, s1, s2, s3, sum);
        for (int i = end; i < n; i += LANES) {
            VectorMask<Float> mask = first(n - i);
            Lanes.add(load(x + i * BYTES, mask), mask, sum, Lanes.of(i));
        }
    }

    private static void deviations(long x, int n, float pivot, float[] sum, float[] product) {
        FloatVector center = FloatVector.broadcast(SPECIES, pivot);
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector q0 = s0;
        FloatVector q1 = s0;
        FloatVector q2 = s0;
        FloatVector q3 = s0;
        int end = Lanes.groups(n);
        for (int i = 0; i < end; i += LaneSum.LANES) {
            long at = x + i * BYTES;
            FloatVector d = load(at).sub(center);
            s0 = s0.add(d);
            q0 = d.fma(d, q0);
            if (REGISTERS >= 2) {
                d = load(at + VECTOR).sub(center);
                s1 = s1.add(d);
                q1 = d.fma(d, q1);
            }
            if (REGISTERS == 4) {
                d = load(at + 2 * VECTOR).sub(center);
                s2 = s2.add(d);
                q2 = d.fma(d, q2);
                d = load(at + 3 * VECTOR).sub(center);
                s3 = s3.add(d);
                q3 = d.fma(d, q3);
            }
        }
        Lanes.put(s0, s1, s2, s3, sum);
        Lanes.put(q0, q1, q2, q3, product);
        deviationsOfEnd(x, end, n, pivot, sum, product);
    }

    private static void deviationsOfEnd(long x, int from, int n, float pivot, float[] sum, float[] product) {
        for (int i = from; i < n; i += LANES) {
            VectorMask<Float> mask = first(n - i);
            FloatVector d = load(x + i * BYTES, mask).sub(pivot);
            Lanes.add(d, mask, sum, Lanes.of(i));
            Lanes.addProduct(d, d, mask, product, Lanes.of(i));
        }
    }

    private static void squares(long x, int n, float[] product) {
        FloatVector q0 = FloatVector.zero(SPECIES);
        FloatVector q1 = q0;
        FloatVector q2 = q0;
        FloatVector q3 = q0;
        int end = Lanes.groups(n);
        for (int i = 0; i < end; i += LaneSum.LANES) {
            long at = x + i * BYTES;
            FloatVector v = load(at);
            q0 = v.fma(v, q0);
            if (REGISTERS >= 2) {
                v = load(at + VECTOR);
                q1 = v.fma(v, q1);
            }
            if (REGISTERS == 4) {
                v = load(at + 2 * VECTOR);
                q2 = v.fma(v, q2);
                v = load(at + 3 * VECTOR);
                q3 = v.fma(v, q3);
            }
        }
        Lanes.put(q0, q1, q2, q3, product);
        for (int i = end; i < n; i += LANES) {
            VectorMask<Float> mask = first(n - i);
            FloatVector v = load(x + i * BYTES, mask);
            Lanes.addProduct(v, v, mask, product, Lanes.of(i));
        }
    }
}
