package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.Layout.ROW;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Forward of a few blocks of queries over all keys; a block of keys is moved to the heap once for all of them. Its memory
 * is scratch, from {@code new} to the caller's release.
 */
final class ForwardBlock {
    /** Blocks of queries that share what is moved: their tiles stay in a second-level cache of 1 MiB. */
    static final int BLOCKS = 8;

    private final Layout layout;
    private final Workspace heap;
    private final KeyBlock moved;
    private final Products products;
    /** For each block of queries its tile, the tile of its output, and lines of maxima, totals and factors. */
    private final long blocks;

    private final long scores;
    private final long buffer;
    private final @Nullable ScoreTerms terms;
    private final float lowest;

    ForwardBlock(Attention attention, Layout layout, Workspace heap, Scratch scratch) {
        this.layout = layout;
        terms = attention.hasTerms() ? new ScoreTerms(attention, scratch) : null;
        lowest = attention.lowest();
        this.heap = heap;
        moved = new KeyBlock(layout, scratch);
        products = new Products(layout, heap, scratch);
        blocks = scratch.address(BLOCKS * blockBytes());
        scores = scratch.address(Layout.SCORE_BYTES);
        buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
    }

    private long blockBytes() {
        return 2 * layout.tileBytes() + 3 * ROW;
    }

    private long tile(int block) {
        return blocks + block * blockBytes();
    }

    private long output(int block) {
        return tile(block) + layout.tileBytes();
    }

    private long lines(int block) {
        return output(block) + layout.tileBytes();
    }

    /** Takes in a block of queries, rows of q. */
    void start(int block, long q, int queries, float scale) {
        QueryTile.fromRows(layout, q, queries, scale, tile(block), buffer);
        FloatVector start = FloatVector.broadcast(SPECIES, lowest);
        for (long at = 0; at < ROW; at += VECTOR) {
            store(start, lines(block) + at);
        }
        VectorMemory.clear(lines(block) + ROW, ROW);
    }

    /** Takes in a block of keys, rows of k and v. */
    void keys(long k, long v, int count) {
        moved.rows(k, count, heap.keys);
        moved.columns(v, count, heap.columns);
    }

    /** Says which block comes next, by its first query and key. */
    void at(int head, int query, int key) {
        if (terms != null) {
            terms.at(head, query, key);
        }
    }

    /**
     * Adds the first keys of a block to a block of queries; of these, i sees the keys up to {@code i + offset}. The first
     * block of keys starts the output.
     */
    void add(int block, int keys, int offset, boolean first) {
        products.overWidth(heap.keys, keys, layout, tile(block), scores);
        if (offset < keys - 1) {
            BlockWeights.mask(scores, keys, offset);
        }
        if (terms != null) {
            terms.mask(scores, keys);
        }
        BlockWeights.forward(scores, keys, lines(block));
        if (terms != null) {
            terms.weigh(scores, keys);
        }
        if (first) {
            products.set(heap.columns, layout.groupedWidth(), keys, scores, output(block));
        } else {
            QueryTile.scaleColumns(output(block), layout.width(), lines(block) + 2 * ROW);
            products.add(heap.columns, layout.groupedWidth(), keys, scores, output(block));
        }
    }

    /** Stands for all keys where there are none: the output is zero. */
    void empty(int block) {
        VectorMemory.clear(output(block), layout.tileBytes());
    }

    /** Writes the rows of y and the logSums of a block of queries. */
    void finish(int block, int queries, long y, long logSums) {
        BlockWeights.finish(lines(block), queries, logSums);
        QueryTile.scaleColumns(output(block), layout.width(), lines(block) + 2 * ROW);
        QueryTile.toRows(layout, output(block), queries, y, buffer);
    }
}
