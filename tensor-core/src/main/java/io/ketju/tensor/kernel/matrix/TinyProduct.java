package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * A product so small that copying its operands would take longer than to multiply them: rows of c are single vectors, a is
 * read number by number and b row by row where they lie. The sums are those of {@link BlockProduct}.
 */
final class TinyProduct {
    /** Numbers of a up to which this is faster. */
    private static final int MOST_NUMBERS = 512;
    /** Numbers of b up to which transposing them one by one is faster than by blocks. */
    private static final int MOST_TRANSPOSED = 128;
    /** Rows of c that are computed together. */
    private static final int ROWS = 4;

    // Bytes from a row of each operand to the next, and from a column of a.
    private long rowOfA;
    private long columnOfA;
    private long rowOfB;
    private long rowOfC;
    private int n;
    private int k;
    private boolean accumulate;

    /**
     * How the operands of the next product lie.
     *
     * @param a bytes from a number of a to the one of the next row of c
     * @param next bytes from there to the next of the same row
     * @param b bytes from a row of b to the next
     * @param c bytes from a row of c to the next
     */
    TinyProduct strides(long a, long next, long b, long c) {
        rowOfA = a;
        columnOfA = next;
        rowOfB = b;
        rowOfC = c;
        return this;
    }

    /** The rest of the next product. */
    void sizes(int n, int k, boolean accumulate) {
        this.n = n;
        this.k = k;
        this.accumulate = accumulate;
    }

    /** Whether rows of c are vectors, sums are one chain, and all is small. */
    static boolean fits(GemmShape shape) {
        return shape.n() <= VectorWidth.LANES
                && shape.k() <= MatrixKernels.K_BLOCK
                && (long) shape.m() * shape.k() <= MOST_NUMBERS
                && (shape.layout() != GemmShape.Layout.NT || shape.n() * shape.k() <= MOST_TRANSPOSED);
    }

    /** Copies the transpose of b [n, k], rows so many bytes apart, to vectors. */
    static void transpose(long b, long stride, GemmShape shape, long to) {
        for (int j = 0; j < shape.n(); j++) {
            for (int i = 0; i < shape.k(); i++) {
                set(to + i * VECTOR + j * 4L, get(b + j * stride + i * 4L));
            }
        }
    }

    void run(long a, long b, long c, int m) {
        for (int row = 0; row < m; row += ROWS) {
            rows(a + row * rowOfA, b, c + row * rowOfC, Math.min(ROWS, m - row));
        }
    }

    /** Rows beyond the last are the first again, and not written. */
    private void rows(long a, long b, long c, int count) {
        VectorMask<Float> columns = VectorMemory.first(n);
        long second = count > 1 ? rowOfA : 0;
        long third = count > 2 ? 2 * rowOfA : 0;
        long fourth = count > 3 ? 3 * rowOfA : 0;
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        long nextOfA = columnOfA;
        long nextOfB = rowOfB;
        for (int i = 0, end = k; i < end; i++) {
            FloatVector row = load(b + i * nextOfB, columns);
            long at = a + i * nextOfA;
            c0 = row.fma(FloatVector.broadcast(SPECIES, get(at)), c0);
            c1 = row.fma(FloatVector.broadcast(SPECIES, get(at + second)), c1);
            c2 = row.fma(FloatVector.broadcast(SPECIES, get(at + third)), c2);
            c3 = row.fma(FloatVector.broadcast(SPECIES, get(at + fourth)), c3);
        }
        write(c0, c, columns);
        if (count > 1) {
            write(c1, c + rowOfC, columns);
        }
        if (count > 2) {
            write(c2, c + 2 * rowOfC, columns);
        }
        if (count > 3) {
            write(c3, c + 3 * rowOfC, columns);
        }
    }

    private void write(FloatVector sum, long c, VectorMask<Float> columns) {
        FloatVector before = accumulate ? load(c, columns) : FloatVector.zero(SPECIES);
        store(before.add(sum), c, columns);
    }
}
