package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.QUERY_BLOCK;
import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.BlockProduct;
import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.kernel.matrix.MicroKernel;
import io.ketju.tensor.memory.Scratch;
import java.util.stream.LongStream;

/**
 * The products of blocks, all of one kind, so that one form of micro-kernels is enough: rows on the heap times rows of
 * the right operand where they lie.
 */
final class Products {
    /** Where the rows of tiles lie. */
    private static final long[] TILE_ROWS =
            LongStream.range(0, K_BLOCK).map(row -> row * Layout.ROW).toArray();

    /** Where those rows of tensors lie that are right operands. */
    private final long[] tensorRows;

    private final BlockProduct product;
    private final long spare;

    /** The products of a layout, until the scratch is released. */
    Products(Layout layout, Workspace heap, Scratch scratch) {
        tensorRows = heap.distances(layout.stride());
        product = heap.product;
        spare = scratch.address(BlockProduct.SPARE_BYTES);
    }

    /** {@code c += a · b} for m rows of a of length k; b and c are tiles. */
    void add(float[] a, int m, int k, long b, long c) {
        product.reset(MicroKernel.Left.ROWS, a, m, spare, TILE_ROWS).run(k, b, QUERY_BLOCK, c, Layout.ROW);
    }

    /** {@code c = 0 + a · b} for m rows of a of length k; b and c are tiles. */
    void set(float[] a, int m, int k, long b, long c) {
        product.reset(MicroKernel.Left.ROWS, a, m, spare, TILE_ROWS)
                .overwrite(true)
                .run(k, b, QUERY_BLOCK, c, Layout.ROW);
    }

    /** {@code c += a · b} for m rows of a, as long as b has rows; b and c are rows as tensors have them. */
    void addRows(float[] a, int m, Rows b, long c) {
        Layout layout = b.layout;
        product.reset(MicroKernel.Left.ROWS, a, m, spare, tensorRows)
                .run(b.count, b.at, layout.width(), c, layout.rowBytes());
    }

    /** Rows that start {@link Layout#stride} bytes apart. */
    record Rows(Layout layout, long at, int count) {}

    /**
     * Scores, or what is like them: the product of blocks of keys, a chain along the width each, and a tile of queries.
     * Rows behind the last key may come out as anything.
     */
    void overWidth(float[][] keys, int count, Layout layout, long tile, long scores) {
        int m = LeftBlock.groups(count) * LeftBlock.ROWS;
        set(keys[0], m, Math.min(K_BLOCK, layout.width()), tile, scores);
        for (int d = K_BLOCK; d < layout.width(); d += K_BLOCK) {
            add(keys[d / K_BLOCK], m, Math.min(K_BLOCK, layout.width() - d), tile + d * Layout.ROW, scores);
        }
    }
}
