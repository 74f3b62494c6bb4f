package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.BLOCK;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;

/**
 * Backward of a block of keys and a block of queries. Its memory is scratch, from {@code new} to the caller's release.
 * Gradients are output tiles of {@link Layout}: the first addend starts them.
 */
final class BackwardBlock {
    private final Layout layout;
    private final float scale;
    private final Workspace heap;
    private final long scores;
    private final long products;
    private final long spare;
    private final long rows;
    private final long addend;
    private final long factors;
    private long k;
    private long v;
    private int keys;

    BackwardBlock(Layout layout, float scale, Workspace heap, Scratch scratch) {
        this.layout = layout;
        this.scale = scale;
        this.heap = heap;
        scores = scratch.allocate(Layout.SCORE_BYTES).address();
        products = scratch.allocate(Layout.SCORE_BYTES).address();
        spare = scratch.allocate(Layout.SCORE_BYTES).address();
        rows = layout.whole() ? 0 : scratch.allocate(layout.outBytes()).address();
        addend = scratch.allocate(layout.outBytes()).address();
        factors = scratch.allocate(Layout.LINE_BYTES).address();
    }

    /** Takes in a block of keys, rows of k and v. */
    void keys(long kRows, long vRows, int count) {
        k = kRows;
        v = vRows;
        keys = count;
        if (layout.width() <= BLOCK) {
            BlockCopies.toHeap(k, layout, keys, layout.width(), heap.keys);
            BlockCopies.toHeap(v, layout, keys, layout.width(), heap.values);
        }
    }

    /** The weights and the gradients of the scores of the block of keys with a block of queries. */
    void weights(QueryBlock block, boolean diagonal) {
        BlockProducts.Panels queries = block.queryPanels();
        BlockProducts.Panels gradients = block.gradientPanels();
        if (layout.width() <= BLOCK) {
            int n = layout.width();
            BlockProducts.scores(heap.keys, keys, n, queries.at(), layout.panelBytes(), scores);
            BlockProducts.scores(heap.values, keys, n, gradients.at(), layout.panelBytes(), products);
        } else {
            BlockProducts.scores(heap.keys, k, keys, queries, scores, spare);
            BlockProducts.scores(heap.values, v, keys, gradients, products, spare);
        }
        if (diagonal) {
            BlockWeights.mask(scores, keys);
        }
        BlockWeights.backward(scores, products, keys, block.lines(), heap);
    }

    /** Adds to the gradients of the keys and values. */
    void keyGradients(QueryBlock block, boolean first, long dk, long dv) {
        long x = BlockCopies.toRows(block.dy(), layout, block.queries(), rows);
        BlockProducts.overQueries(heap.weights, keys, block.queries(), x, layout, first ? dv : addend);
        addUnless(first, dv);
        x = BlockCopies.toRows(block.q(), layout, block.queries(), rows);
        BlockProducts.overQueries(heap.gradients, keys, block.queries(), x, layout, first ? dk : addend);
        addUnless(first, dk);
    }

    /** Adds to the gradient of the queries. */
    void queryGradient(QueryBlock block, boolean first, long dq) {
        long x = BlockCopies.toRows(k, layout, keys, rows);
        BlockProducts.overKeys(heap.gradients, block.queries(), keys, x, layout, first ? dq : addend);
        addUnless(first, dq);
    }

    /** Writes a gradient of q or k, which is still to be scaled, to rows of a tensor. */
    void scaled(long tile, int count, long x) {
        write(tile, count, scale, x);
    }

    /** Writes a gradient of v to rows of a tensor. */
    void plain(long tile, int count, long x) {
        write(tile, count, 1, x);
    }

    private void write(long tile, int count, float factor, long x) {
        for (int i = 0; i < count; i++) {
            VectorMemory.set(factors + 4L * i, factor);
        }
        BlockCopies.toTensor(tile, layout, count, factors, x);
    }

    private void addUnless(boolean first, long sums) {
        if (!first) {
            BlockCopies.add(addend, sums, layout.outBytes());
        }
    }
}
