package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.BLOCK;
import static io.ketju.tensor.kernel.attention.BlockProduct.COLUMNS;
import static io.ketju.tensor.kernel.attention.BlockProduct.ROW;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;
import jdk.incubator.vector.FloatVector;

/** Moves blocks of rows between tensors and the places where the products need them. Addresses in bytes. */
final class BlockCopies {
    private BlockCopies() {}

    /** Rows of a tensor as a left operand: {@code columns} of each row, from x on. */
    static void toHeap(long x, Layout layout, int rows, int columns, float[] heap) {
        if (columns == BLOCK && layout.width() == BLOCK) {
            VectorMemory.copy(x, heap, 0, rows * BLOCK);
            return;
        }
        for (int r = 0; r < rows; r++) {
            row(x + r * layout.rowBytes(), columns, heap, r * BLOCK);
        }
    }

    /** Rows of a tensor as a right operand: as they lie, or copied to rows of whole groups. */
    static long toRows(long x, Layout layout, int rows, long copy) {
        if (layout.whole()) {
            return x;
        }
        for (int r = 0; r < rows; r++) {
            row(x + r * layout.rowBytes(), layout.width(), 1, copy + r * layout.stride());
        }
        return copy;
    }

    /**
     * Rows of a tensor, times the scale, as columns of panels; missing rows are zero.
     *
     * @param spare for {@link Layout#panelsBytes} and {@link VectorTranspose#BUFFER_BYTES}
     */
    static void toPanels(long x, Layout layout, int rows, float scale, long panels, long spare) {
        long stride = 4L * layout.depth();
        for (int r = 0; r < rows; r++) {
            row(x + r * layout.rowBytes(), layout.width(), scale, spare + r * stride);
        }
        VectorMemory.clear(spare + rows * stride, (BLOCK - rows) * stride);
        long buffer = spare + layout.panelsBytes();
        for (int v = 0; v < BLOCK / LANES; v++) {
            long to = panels + v / 4 * layout.panelBytes() + v % 4 * VECTOR;
            for (int d = 0; d < layout.depth(); d += LANES) {
                VectorTranspose.block(spare + (long) v * LANES * stride + 4L * d, stride, to + d * ROW, ROW, buffer);
            }
        }
    }

    /** Rows of an output tile, each times its factor, to rows of a tensor. */
    static void toTensor(long tile, Layout layout, int rows, long factors, long x) {
        for (int r = 0; r < rows; r++) {
            float factor = VectorMemory.get(factors + 4L * r);
            for (int g = 0; g < layout.groups(); g++) {
                int columns = Math.min(COLUMNS, layout.width() - g * COLUMNS);
                long from = tile + g * Layout.GROUP_BYTES + r * ROW;
                row(from, columns, factor, x + r * layout.rowBytes() + g * ROW);
            }
        }
    }

    private static void row(long x, int columns, float factor, long to) {
        int d = 0;
        for (; d <= columns - LANES; d += LANES) {
            store(load(x + 4L * d).mul(factor), to + 4L * d);
        }
        if (d < columns) {
            // Whole vectors may be written in scratch rows only: tensors end here.
            store(load(x + 4L * d, first(columns - d)).mul(factor), to + 4L * d, first(columns - d));
        }
    }

    private static void row(long x, int columns, float[] heap, int at) {
        int d = 0;
        for (; d <= columns - LANES; d += LANES) {
            load(x + 4L * d).intoArray(heap, at + d);
        }
        if (d < columns) {
            load(x + 4L * d, first(columns - d)).intoArray(heap, at + d);
        }
    }

    /** {@code sums += x}, whole vectors. */
    static void add(long x, long sums, long bytes) {
        for (long at = 0; at < bytes; at += VECTOR) {
            store(load(sums + at).add(load(x + at)), sums + at);
        }
    }

    /** {@code sums = sums · scale + x} for output tiles, a scale for each row. */
    static void scaleAdd(long x, long sums, Layout layout, long scales) {
        for (int g = 0; g < layout.groups(); g++) {
            long group = g * Layout.GROUP_BYTES;
            for (int r = 0; r < BLOCK; r++) {
                scaleAdd(x + group + r * ROW, sums + group + r * ROW, VectorMemory.get(scales + 4L * r));
            }
        }
    }

    private static void scaleAdd(long x, long sums, float scale) {
        FloatVector a = FloatVector.broadcast(SPECIES, scale);
        store(load(sums).fma(a, load(x)), sums);
        store(load(sums + VECTOR).fma(a, load(x + VECTOR)), sums + VECTOR);
        store(load(sums + 2 * VECTOR).fma(a, load(x + 2 * VECTOR)), sums + 2 * VECTOR);
        store(load(sums + 3 * VECTOR).fma(a, load(x + 3 * VECTOR)), sums + 3 * VECTOR);
    }
}
