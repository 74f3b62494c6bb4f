package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.KEY_BLOCK;
import static io.ketju.tensor.kernel.attention.Layout.ROW;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;
import org.jspecify.annotations.Nullable;

/**
 * Backward of a block of keys and a block of queries. Its memory is scratch, from {@code new} to the caller's release.
 * Gradients are added to what is there.
 */
final class BackwardBlock {
    private final Layout layout;
    private final Workspace heap;
    private final KeyBlock moved;
    private final Products products;
    private final long scores;
    private final long gradients;
    /** Gradients of a block of keys, and behind them those of its values: rows as in the tensors. */
    private final long dk;

    private final long buffer;

    private final @Nullable ScoreTerms terms;
    private final @Nullable Tensor scoreGradients;

    /** @param scoreGradients where the gradients of the scores go; null if nobody wants them */
    BackwardBlock(
            Attention attention, @Nullable Tensor scoreGradients, Layout layout, Workspace heap, Scratch scratch) {
        this.layout = layout;
        this.scoreGradients = scoreGradients;
        terms = attention.hasTerms() ? new ScoreTerms(attention, scratch) : null;
        this.heap = heap;
        moved = new KeyBlock(layout, scratch);
        products = new Products(layout, heap, scratch);
        scores = scratch.address(Layout.SCORE_BYTES);
        gradients = scratch.address(Layout.SCORE_BYTES);
        dk = scratch.address(2 * keyBytes());
        buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
    }

    /** Memory for a transposition. */
    long buffer() {
        return buffer;
    }

    /** Takes in a block of keys, rows of k and v, without gradients yet. */
    void keys(long k, long v, int count) {
        moved.rows(k, count, heap.keys);
        moved.rows(v, count, heap.values);
        moved.columns(k, count, heap.columns);
        VectorMemory.clear(dk, 2 * keyBytes());
    }

    /** Says which block comes next, by its first query and key. */
    void at(int head, int query, int key) {
        if (terms != null) {
            terms.at(head, query, key);
        }
    }

    /**
     * The weights and the gradients of the scores of the first keys of the block with a block of queries, of which i sees
     * the keys up to {@code i + offset}.
     */
    void weights(QueryBlock block, int keys, int offset) {
        products.overWidth(heap.keys, keys, layout, block.queryTile(), scores);
        products.overWidth(heap.values, keys, layout, block.gradientTile(), gradients);
        if (offset < keys - 1) {
            BlockWeights.mask(scores, keys, offset);
        }
        if (terms != null) {
            terms.mask(scores, keys);
            terms.weigh(gradients, keys);
        }
        BlockWeights.backward(scores, gradients, keys, block.lines(), heap);
        if (terms != null) {
            terms.weighRows(heap.weights, keys);
            terms.gradient(scoreGradients, gradients, keys);
        }
    }

    /** Adds to the gradients of the keys and values. */
    void keyGradients(QueryBlock block, int keys) {
        products.addRows(heap.weights, keys, block.gradientRows(), dk + keyBytes());
        products.addRows(heap.gradients, keys, block.queryRows(), dk);
    }

    private long keyBytes() {
        return KEY_BLOCK * layout.rowBytes();
    }

    /** Writes the gradients of the first keys, or adds them to what is there. */
    void finishKeys(int keys, boolean add, long toKeys, long toValues) {
        long bytes = keys * layout.rowBytes();
        if (add) {
            QueryTile.add(dk, toKeys, bytes);
            QueryTile.add(dk + keyBytes(), toValues, bytes);
        } else {
            VectorMemory.copy(dk, toKeys, bytes);
            VectorMemory.copy(dk + keyBytes(), toValues, bytes);
        }
    }

    /** Adds to the gradient of the queries, a tile; the first block of keys starts it. */
    void queryGradient(int keys, boolean first, long dq) {
        if (first) {
            products.set(heap.columns, layout.groupedWidth(), keys, gradients, dq);
        } else {
            products.add(heap.columns, layout.groupedWidth(), keys, gradients, dq);
        }
    }

    /** Writes the gradient of some queries, times the scale, to rows of a tensor. */
    void finishQueries(long tile, int queries, float scale, long dq) {
        QueryTile.scale(tile, layout.width() * ROW, scale);
        QueryTile.toRows(layout, tile, queries, dq, buffer);
    }
}
