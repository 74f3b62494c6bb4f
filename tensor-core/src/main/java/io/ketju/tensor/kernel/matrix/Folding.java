package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;

import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Adds partial products that were computed side by side, in their order. */
public final class Folding {
    private Folding() {}

    /** Dense matrices [m, n], one behind the other. */
    public record Partials(long address, int count, int m, int n) {
        long bytes() {
            return (long) m * n * Float.BYTES;
        }
    }

    /** {@code c = p[0] + p[1] + ...} or {@code c += p[0], c += p[1], ...}; rows of c are {@code stride} bytes apart. */
    public static void fold(TileRunner tiles, Partials partials, long c, long stride, boolean accumulate) {
        boolean dense = stride == (long) partials.n * Float.BYTES;
        int rows = dense ? 1 : partials.m;
        int columns = dense ? partials.m * partials.n : partials.n;
        // Short pieces, so that c stays in the first cache while all partials pass.
        int piece = Math.max(1024, Ranges.TILE / partials.count / VectorWidth.LANES * VectorWidth.LANES);
        int pieces = Math.ceilDiv(columns, piece);
        tiles.parallel(rows * pieces, part -> {
            int row = part / pieces;
            int column = part % pieces * piece;
            long from = partials.address + ((long) row * columns + column) * Float.BYTES;
            long to = c + row * stride + (long) column * Float.BYTES;
            sum(partials, from, to, Math.min(piece, columns - column), accumulate);
        });
    }

    private static void sum(Partials partials, long from, long to, int n, boolean accumulate) {
        int i = 0;
        for (; i <= n - VectorWidth.LANES; i += VectorWidth.LANES) {
            vector(partials, from + i * 4L, to + i * 4L, accumulate);
        }
        if (i < n) {
            end(partials, from + i * 4L, to + i * 4L, n - i, accumulate);
        }
    }

    // No vectors as arguments: a method that the compiler does not put into its caller would take them from the heap.

    private static void vector(Partials partials, long from, long to, boolean accumulate) {
        FloatVector first = load(from);
        FloatVector sum = accumulate ? load(to).add(first) : first;
        long stride = partials.bytes();
        for (int p = 1; p < partials.count; p++) {
            sum = sum.add(load(from + p * stride));
        }
        store(sum, to);
    }

    /** Partials are followed by memory of the same scratch, or by nothing that a masked load would touch. */
    private static void end(Partials partials, long from, long to, int n, boolean accumulate) {
        VectorMask<Float> mask = VectorMemory.first(n);
        FloatVector first = load(from, mask);
        FloatVector sum = accumulate ? load(to, mask).add(first) : first;
        long stride = partials.bytes();
        for (int p = 1; p < partials.count; p++) {
            sum = sum.add(load(from + p * stride, mask));
        }
        store(sum, to, mask);
    }
}
