package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.QUERY_BLOCK;
import static io.ketju.tensor.kernel.attention.Layout.ROW;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;

import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.MatrixTransposition;
import io.ketju.tensor.simd.VectorMemory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Tiles with a column for each query and a row for each element of the width: from and to rows of tensors. */
final class QueryTile {
    // Compiled on their own, as those of BlockWeights.
    private static MethodHandle scale =
            CompilationRoot.of(MethodHandles.lookup(), "scaleAll", void.class, long.class, long.class, float.class);
    private static MethodHandle add =
            CompilationRoot.of(MethodHandles.lookup(), "addAll", void.class, long.class, long.class, long.class);
    private static MethodHandle scaleColumns = CompilationRoot.of(
            MethodHandles.lookup(), "scaleAllColumns", void.class, long.class, int.class, long.class);

    private QueryTile() {}

    /** Rows of a tensor, times the scale, as columns of a tile; the columns of missing rows are zero. */
    static void fromRows(Layout layout, long x, int rows, float scale, long tile, long buffer) {
        if (rows < QUERY_BLOCK) {
            VectorMemory.clear(tile, layout.width() * ROW);
        }
        new MatrixTransposition(rows, layout.width(), layout.rowBytes(), ROW).run(x, tile, buffer);
        scale(tile, layout.width() * ROW, scale);
    }

    /** Columns of a tile as rows of a tensor. */
    static void toRows(Layout layout, long tile, int rows, long x, long buffer) {
        new MatrixTransposition(layout.width(), rows, ROW, layout.rowBytes()).run(tile, x, buffer);
    }

    /** {@code x *= factor} over any floats. */
    static void scale(long x, long bytes, float factor) {
        try {
            scale.invokeExact(x, bytes, factor);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void scaleAll(long x, long bytes, float factor) {
        long at = x;
        long end = x + bytes;
        for (; at <= end - VECTOR; at += VECTOR) {
            store(load(at).mul(factor), at);
        }
        if (at < end) {
            scaleEnd(at, end, factor);
        }
    }

    private static void scaleEnd(long x, long end, float factor) {
        var lanes = VectorMemory.first((int) (end - x) / 4);
        store(load(x, lanes).mul(factor), x, lanes);
    }

    /** {@code y += x} over any floats. */
    static void add(long x, long y, long bytes) {
        try {
            add.invokeExact(x, y, bytes);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void addAll(long x, long y, long bytes) {
        long i = 0;
        for (; i <= bytes - VECTOR; i += VECTOR) {
            store(load(y + i).add(load(x + i)), y + i);
        }
        if (i < bytes) {
            var lanes = VectorMemory.first((int) (bytes - i) / 4);
            store(load(y + i, lanes).add(load(x + i, lanes)), y + i, lanes);
        }
    }

    /** Multiplies every column by its factor, of which there is a line; nothing to do if all are 1. */
    static void scaleColumns(long tile, int rows, long factors) {
        try {
            scaleColumns.invokeExact(tile, rows, factors);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void scaleAllColumns(long tile, int rows, long factors) {
        for (long v = 0; v < ROW; v += VECTOR) {
            FloatVector factor = load(factors + v);
            if (factor.compare(VectorOperators.NE, 1).anyTrue()) {
                scaleColumn(tile + v, rows, factors + v);
            }
        }
    }

    private static void scaleColumn(long tile, int rows, long factors) {
        FloatVector factor = load(factors);
        for (long at = tile, end = tile + rows * ROW; at < end; at += ROW) {
            store(load(at).mul(factor), at);
        }
    }
}
