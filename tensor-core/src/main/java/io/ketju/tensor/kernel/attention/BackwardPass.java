package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.BLOCK;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;

/**
 * Backward of one attention: first all blocks of queries are made ready, then either each head as a whole, which
 * computes the weights once, or, for few heads, blocks of keys and blocks of queries for themselves. Both give the same
 * bits: a gradient of keys adds blocks of queries in ascending order, one of queries blocks of keys.
 */
final class BackwardPass {
    private final Attention attention;
    private final Attention.Sizes sizes;
    private final Layout layout;
    private final long q;
    private final long k;
    private final long v;
    private final long y;
    private final long logSums;
    private final long dy;
    private final long dq;
    private final long dk;
    private final long dv;
    private final long prepared;

    /** A pass whose blocks are made ready in the given scratch. */
    BackwardPass(
            Attention attention,
            Attention.Operands in,
            Attention.Result result,
            Tensor dy,
            Attention.Operands gradients,
            Scratch scratch) {
        this.attention = attention;
        sizes = attention.sizes();
        layout = new Layout(sizes.width());
        q = VectorMemory.address(in.q());
        k = VectorMemory.address(in.k());
        v = VectorMemory.address(in.v());
        y = VectorMemory.address(result.y());
        logSums = VectorMemory.address(result.logSums());
        this.dy = VectorMemory.address(dy);
        dq = VectorMemory.address(gradients.q());
        dk = VectorMemory.address(gradients.k());
        dv = VectorMemory.address(gradients.v());
        prepared = scratch.allocate((long) sizes.count() * queryBlocks() * QueryBlock.bytes(layout))
                .address();
    }

    int queryBlocks() {
        return Math.ceilDiv(sizes.queries(), BLOCK);
    }

    int keyBlocks() {
        return Math.ceilDiv(sizes.keys(), BLOCK);
    }

    /** Makes a block of queries ready. */
    void prepare(int head, int block, Scratch scratch) {
        long spare = scratch.allocate(layout.panelsBytes() + VectorTranspose.BUFFER_BYTES)
                .address();
        long rows = firstQuery(head) + (long) block * BLOCK;
        queries(head, block).prepare(attention.scale(), y + rows * layout.rowBytes(), logSums + 4L * rows, spare);
    }

    /** All gradients of one head. */
    void head(int head, Workspace heap, Scratch scratch) {
        BackwardBlock step = new BackwardBlock(layout, attention.scale(), heap, scratch);
        long dkTile = scratch.allocate(layout.outBytes()).address();
        long dvTile = scratch.allocate(layout.outBytes()).address();
        long dqTiles = scratch.allocate(queryBlocks() * layout.outBytes()).address();
        for (int j = 0; j * BLOCK < seen(head); j++) {
            keys(step, head, j);
            for (int i = firstBlock(j); i < queryBlocks(); i++) {
                QueryBlock block = queries(head, i);
                step.weights(block, diagonal(i, j));
                step.keyGradients(block, i == firstBlock(j), dkTile, dvTile);
                step.queryGradient(block, j == 0, dqTiles + i * layout.outBytes());
            }
            writeKeys(step, head, j, dkTile, dvTile);
        }
        clearUnseen(head);
        for (int i = 0; i < queryBlocks(); i++) {
            writeQueries(step, head, i, dqTiles + i * layout.outBytes());
        }
    }

    /** The gradients of a block of keys. */
    void keys(int head, int j, Workspace heap, Scratch scratch) {
        if (j * BLOCK < seen(head)) {
            BackwardBlock step = new BackwardBlock(layout, attention.scale(), heap, scratch);
            long dkTile = scratch.allocate(layout.outBytes()).address();
            long dvTile = scratch.allocate(layout.outBytes()).address();
            keys(step, head, j);
            for (int i = firstBlock(j); i < queryBlocks(); i++) {
                QueryBlock block = queries(head, i);
                step.weights(block, diagonal(i, j));
                step.keyGradients(block, i == firstBlock(j), dkTile, dvTile);
            }
            writeKeys(step, head, j, dkTile, dvTile);
        }
        if (j == 0) {
            clearUnseen(head);
        }
    }

    /** The gradients of a block of queries. */
    void queries(int head, int i, Workspace heap, Scratch scratch) {
        BackwardBlock step = new BackwardBlock(layout, attention.scale(), heap, scratch);
        long tile = scratch.allocate(layout.outBytes()).address();
        QueryBlock block = queries(head, i);
        for (int j = 0; j * BLOCK < seen(head) && firstBlock(j) <= i; j++) {
            keys(step, head, j);
            step.weights(block, diagonal(i, j));
            step.queryGradient(block, j == 0, tile);
        }
        writeQueries(step, head, i, tile);
    }

    private QueryBlock queries(int head, int block) {
        long at = prepared + ((long) head * queryBlocks() + block) * QueryBlock.bytes(layout);
        long rows = (firstQuery(head) + (long) block * BLOCK) * layout.rowBytes();
        return new QueryBlock(layout, at, q + rows, dy + rows, Math.min(BLOCK, sizes.queries() - block * BLOCK));
    }

    private void keys(BackwardBlock step, int head, int block) {
        long rows = ((long) head * sizes.keys() + (long) block * BLOCK) * layout.rowBytes();
        step.keys(k + rows, v + rows, keyCount(head, block));
    }

    private void writeKeys(BackwardBlock step, int head, int block, long dkTile, long dvTile) {
        long rows = ((long) head * sizes.keys() + (long) block * BLOCK) * layout.rowBytes();
        step.scaled(dkTile, keyCount(head, block), dk + rows);
        step.plain(dvTile, keyCount(head, block), dv + rows);
    }

    private void writeQueries(BackwardBlock step, int head, int block, long tile) {
        long rows = (firstQuery(head) + (long) block * BLOCK) * layout.rowBytes();
        int count = queries(head, block).queries();
        if (seen(head) == 0) {
            VectorMemory.clear(dq + rows, count * layout.rowBytes());
        } else {
            step.scaled(tile, count, dq + rows);
        }
    }

    /** Zeros for the keys that no query sees. */
    private void clearUnseen(int head) {
        int seen = seen(head);
        long rows = ((long) head * sizes.keys() + seen) * layout.rowBytes();
        VectorMemory.clear(dk + rows, (sizes.keys() - seen) * layout.rowBytes());
        VectorMemory.clear(dv + rows, (sizes.keys() - seen) * layout.rowBytes());
    }

    private long firstQuery(int head) {
        return (long) head * sizes.queries();
    }

    private int keyCount(int head, int block) {
        return Math.min(BLOCK, seen(head) - block * BLOCK);
    }

    /** Keys that some block of queries takes part in. */
    private int seen(int head) {
        int visible = attention.visible(head / sizes.heads());
        if (queryBlocks() == 0) {
            return 0;
        }
        return attention.isCausal() ? (int) Math.min(visible, (long) queryBlocks() * BLOCK) : visible;
    }

    /** The first block of queries that sees a block of keys. */
    private int firstBlock(int j) {
        return attention.isCausal() ? j : 0;
    }

    private boolean diagonal(int i, int j) {
        return attention.isCausal() && i == j;
    }
}
