package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;

import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.TileRunner.TileTask;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Adds partial products that were computed side by side, in their order. An object serves one call after the other of one
 * thread; tasks on other threads read it.
 */
public final class Folding implements TileTask {
    // Dense matrices [m, n], one behind the other.
    private long address;
    private int count;
    private int m;
    private int n;
    private long bytes;

    // The sum: its address, the bytes from a row to the next, its rows and their columns, cut into pieces.
    private long c;
    private long stride;
    private int columns;
    private int piece;
    private int pieces;
    private boolean accumulate;

    /** Nothing to add yet. */
    public Folding() {}

    /**
     * {@return this object, told the partial products of the next call: dense matrices [m, n], one behind the other}
     *
     * @param address of the first
     * @param count how many, at least 1
     * @param m rows of each
     * @param n columns of each
     */
    public Folding partials(long address, int count, int m, int n) {
        this.address = address;
        this.count = count;
        this.m = m;
        this.n = n;
        bytes = (long) m * n * Float.BYTES;
        return this;
    }

    /**
     * {@code c = p[0] + p[1] + ...} or {@code c += p[0], c += p[1], ...}; returns when it is done.
     *
     * @param tiles the pool that shares the work
     * @param c address of the sum
     * @param stride bytes from a row of c to the next
     * @param accumulate whether c is added to, not overwritten
     */
    public void fold(TileRunner tiles, long c, long stride, boolean accumulate) {
        this.c = c;
        this.stride = stride;
        this.accumulate = accumulate;
        boolean dense = stride == (long) n * Float.BYTES;
        columns = dense ? m * n : n;
        // Short pieces, so that c stays in the first cache while all partials pass.
        piece = Math.max(1024, Ranges.TILE / count / VectorWidth.LANES * VectorWidth.LANES);
        pieces = Math.ceilDiv(columns, piece);
        tiles.parallel((dense ? 1 : m) * pieces, this);
    }

    @Override
    public void run(int part) {
        int row = part / pieces;
        int column = part % pieces * piece;
        long from = address + ((long) row * columns + column) * Float.BYTES;
        long to = c + row * stride + (long) column * Float.BYTES;
        sum(from, to, Math.min(piece, columns - column));
    }

    private void sum(long from, long to, int n) {
        int i = 0;
        for (; i <= n - VectorWidth.LANES; i += VectorWidth.LANES) {
            vector(count, bytes, from + i * 4L, to + i * 4L, accumulate);
        }
        if (i < n) {
            end(from + i * 4L, to + i * 4L, n - i);
        }
    }

    // No vectors as arguments: a method that the compiler does not put into its caller would take them from the heap.

    private static void vector(int count, long stride, long from, long to, boolean accumulate) {
        FloatVector first = load(from);
        FloatVector sum = accumulate ? load(to).add(first) : first;
        for (int p = 1; p < count; p++) {
            sum = sum.add(load(from + p * stride));
        }
        store(sum, to);
    }

    /** Partials are followed by memory of the same scratch, or by nothing that a masked load would touch. */
    private void end(long from, long to, int n) {
        VectorMask<Float> mask = VectorMemory.first(n);
        FloatVector first = load(from, mask);
        FloatVector sum = accumulate ? load(to, mask).add(first) : first;
        for (int p = 1; p < count; p++) {
            sum = sum.add(load(from + p * bytes, mask));
        }
        store(sum, to, mask);
    }
}
