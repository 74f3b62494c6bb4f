package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorSum.REGISTERS;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.LaneSum;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Passes over one row after the other, with a gamma and a beta per column. One per tile: what belongs to a row is set, not
 * passed, because an object per row is one on the heap.
 */
final class VectorRows {
    private static final long BYTES = Float.BYTES;

    private final float[] sum = Lanes.create();
    private final float[] product = Lanes.create();
    private final float[] endFactors = new float[4];
    private final long[] endTargets = new long[4];
    private final int columns;
    private final long gamma;
    /** The statistics of the present row. */
    private float mean;

    private float rstd;
    /** Its sum of {@code g = dy gamma}, and that of g h. */
    private double total;

    private double products;

    VectorRows(int columns, long gamma) {
        this.columns = columns;
        this.gamma = gamma;
    }

    /** Goes on to a row with these statistics. */
    VectorRows row(float itsMean, float itsRstd) {
        mean = itsMean;
        rstd = itsRstd;
        return this;
    }

    void normalize(long x, long y, long beta) {
        normalize(x, y, gamma, beta);
    }

    private void normalize(long x, long y, long gamma, long beta) {
        int n = columns;
        FloatVector mean = FloatVector.broadcast(SPECIES, this.mean);
        FloatVector rstd = FloatVector.broadcast(SPECIES, this.rstd);
        int end = vectorEnd(0, n);
        for (int i = 0; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector h = load(x + at).sub(mean).mul(rstd);
            store(h.fma(load(gamma + at), load(beta + at)), y + at);
        }
        if (end < n) {
            long at = end * BYTES;
            VectorMask<Float> mask = first(n - end);
            FloatVector h = load(x + at, mask).sub(mean).mul(rstd);
            store(h.fma(load(gamma + at, mask), load(beta + at, mask)), y + at, mask);
        }
    }

    /** {@link #total} and {@link #products} of the row. */
    void sums(long x, long dy) {
        total = 0;
        products = 0;
        for (int start = 0; start < columns; start += Sizes.BLOCK) {
            int n = Math.min(Sizes.BLOCK, columns - start);
            long at = start * BYTES;
            groups(x + at, dy + at, gamma + at, n);
            end(x + at, dy + at, gamma + at, n);
            total += Lanes.fold(sum);
            products += Lanes.fold(product);
        }
    }

    float rstd() {
        return rstd;
    }

    /** The sum of {@code g = dy gamma}. */
    double total() {
        return total;
    }

    /** The sum of g h. */
    double products() {
        return products;
    }

    private void groups(long x, long dy, long gamma, int n) {
        FloatVector mean = FloatVector.broadcast(SPECIES, this.mean);
        FloatVector rstd = FloatVector.broadcast(SPECIES, this.rstd);
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
            long at = i * BYTES;
            FloatVector g = load(dy + at).mul(load(gamma + at));
            s0 = s0.add(g);
            q0 = g.fma(load(x + at).sub(mean).mul(rstd), q0);
            if (REGISTERS >= 2) {
                at += VECTOR;
                g = load(dy + at).mul(load(gamma + at));
                s1 = s1.add(g);
                q1 = g.fma(load(x + at).sub(mean).mul(rstd), q1);
            }
            if (REGISTERS == 4) {
                at += VECTOR;
                g = load(dy + at).mul(load(gamma + at));
                s2 = s2.add(g);
                q2 = g.fma(load(x + at).sub(mean).mul(rstd), q2);
                at += VECTOR;
                g = load(dy + at).mul(load(gamma + at));
                s3 = s3.add(g);
                q3 = g.fma(load(x + at).sub(mean).mul(rstd), q3);
            }
        }
        Lanes.put(s0, s1, s2, s3, sum);
        Lanes.put(q0, q1, q2, q3, product);
    }

    private void end(long x, long dy, long gamma, int n) {
        for (int i = Lanes.groups(n); i < n; i += LANES) {
            long at = i * BYTES;
            VectorMask<Float> mask = first(n - i);
            FloatVector g = load(dy + at, mask).mul(load(gamma + at, mask));
            Lanes.add(g, mask, sum, Lanes.of(i));
            Lanes.addProduct(g, load(x + at, mask).sub(mean).mul(rstd), mask, product, Lanes.of(i));
        }
    }

    /** dx; the row's share of dgamma and dbeta goes to sums, first those of all columns for dgamma, then for dbeta. */
    void gradient(long x, long dy, long dx, float c, float k, long columnSums) {
        FloatVector mean = FloatVector.broadcast(SPECIES, this.mean);
        FloatVector rstd = FloatVector.broadcast(SPECIES, this.rstd);
        FloatVector minusC = FloatVector.broadcast(SPECIES, -c);
        FloatVector minusK = FloatVector.broadcast(SPECIES, -k);
        long weights = gamma;
        long dgamma = columnSums;
        long dbeta = columnSums + columns * BYTES;
        int end = vectorEnd(0, columns);
        for (int i = 0; i < end; i += LANES) {
            long at = i * BYTES;
            FloatVector d = load(dy + at);
            FloatVector h = load(x + at).sub(mean).mul(rstd);
            store(d.fma(h, load(dgamma + at)), dgamma + at);
            store(d.add(load(dbeta + at)), dbeta + at);
            FloatVector linear = d.mul(load(weights + at)).fma(rstd, minusC);
            store(h.fma(minusK, linear), dx + at);
        }
        if (end < columns) {
            long at = end * BYTES;
            endFactors[0] = this.mean;
            endFactors[1] = this.rstd;
            endFactors[2] = -c;
            endFactors[3] = -k;
            endTargets[0] = weights + at;
            endTargets[1] = dx + at;
            endTargets[2] = dgamma + at;
            endTargets[3] = dbeta + at;
            gradientOfEnd(x + at, dy + at, endFactors, endTargets, columns - end);
        }
    }

    private static void gradientOfEnd(long x, long dy, float[] row, long[] to, int n) {
        VectorMask<Float> mask = first(n);
        FloatVector d = load(dy, mask);
        FloatVector h = load(x, mask).sub(row[0]).mul(row[1]);
        store(d.fma(h, load(to[2], mask)), to[2], mask);
        store(d.add(load(to[3], mask)), to[3], mask);
        FloatVector linear = d.mul(load(to[0], mask)).fma(broadcast(row[1]), broadcast(row[2]));
        store(h.fma(broadcast(row[3]), linear), to[1], mask);
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    /** {@code result += block 0 + block 1 + ...}, blocks of columns lying a stride of bytes apart. */
    static void addBlocks(long blocks, int count, long stride, long result, int columns) {
        for (int i = 0; i < columns; i += LANES) {
            VectorMask<Float> mask = first(columns - i);
            long at = i * BYTES;
            FloatVector total = load(blocks + at, mask);
            for (int block = 1; block < count; block++) {
                total = total.add(load(blocks + block * stride + at, mask));
            }
            store(load(result + at, mask).add(total), result + at, mask);
        }
    }
}
