package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.KEY_BLOCK;
import static io.ketju.tensor.kernel.attention.AttentionKernels.QUERY_BLOCK;
import static io.ketju.tensor.kernel.attention.AttentionKernels.SECTION;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;
import org.jspecify.annotations.Nullable;

/**
 * Backward of one attention: each head as a whole or, where heads are few, in sections whose gradients of keys and values
 * are added at last. The queries of a section are made ready, then they meet one block of keys after the other, and stay
 * in a second-level cache of 1 MiB meanwhile.
 */
final class BackwardPass {
    /** From so many heads on, they are work enough for all threads. */
    private static final int MANY_HEADS = 8;

    private static final int SECTION_BLOCKS = SECTION / QUERY_BLOCK;

    private final Attention attention;
    private final @Nullable Tensor scoreGradients;
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
    /** For each head and section its gradients of keys and values, where heads are cut. */
    private final long partials;

    /** A pass whose sections, where heads are cut, leave what they give in the given scratch. */
    BackwardPass(
            Attention attention,
            Attention.Operands in,
            Attention.Result result,
            Tensor dy,
            Attention.Gradients gradients,
            Scratch scratch) {
        this.attention = attention;
        sizes = attention.sizes();
        scoreGradients = gradients.scores();
        layout = new Layout(sizes.width());
        q = VectorMemory.address(in.q());
        k = VectorMemory.address(in.k());
        v = VectorMemory.address(in.v());
        y = VectorMemory.address(result.y());
        logSums = VectorMemory.address(result.logSums());
        this.dy = VectorMemory.address(dy);
        dq = VectorMemory.address(gradients.operands().q());
        dk = VectorMemory.address(gradients.operands().k());
        dv = VectorMemory.address(gradients.operands().v());
        partials = whole() ? 0 : scratch.address((long) sizes.count() * sections() * 2 * keyBytes());
    }

    int queryBlocks() {
        return Math.ceilDiv(sizes.queries(), QUERY_BLOCK);
    }

    int sections() {
        return Math.ceilDiv(sizes.queries(), SECTION);
    }

    /** Whether each head is computed by one thread as a whole: there are enough, or nothing to be cut. */
    boolean whole() {
        return sizes.count() >= MANY_HEADS || sections() <= 1;
    }

    /** All gradients of one head, section after section. */
    void head(int head, Workspace heap, Scratch scratch) {
        Work work = new Work(attention, scoreGradients, layout, heap, scratch);
        long first = firstKey(head);
        startKeys(head);
        for (int section = 0; section < sections(); section++) {
            section(work, head, section, section > 0, dk + first, dv + first);
        }
        finishKeys(head);
    }

    /** The gradients that one section gives; those of keys and values beside each other in memory of its own. */
    void section(int head, int section, Workspace heap, Scratch scratch) {
        Work work = new Work(attention, scoreGradients, layout, heap, scratch);
        long partial = partial(head, section);
        section(work, head, section, false, partial, partial + keyBytes());
    }

    /** Adds the sections' gradients of the keys and values of one head. */
    void fold(int head) {
        startKeys(head);
        for (int section = 0; section < sections(); section++) {
            long partial = partial(head, section);
            long bytes = reach(head, lastBlock(section)) * layout.rowBytes();
            if (section == 0) {
                VectorMemory.copy(partial, dk + firstKey(head), bytes);
                VectorMemory.copy(partial + keyBytes(), dv + firstKey(head), bytes);
            } else {
                QueryTile.add(partial, dk + firstKey(head), bytes);
                QueryTile.add(partial + keyBytes(), dv + firstKey(head), bytes);
            }
        }
        finishKeys(head);
    }

    private void section(Work work, int head, int section, boolean add, long toKeys, long toValues) {
        int from = section * SECTION_BLOCKS;
        int to = lastBlock(section) + 1;
        for (int i = from; i < to; i++) {
            long row = firstQuery(head) + (long) i * QUERY_BLOCK;
            long at = work.blocks + (i - from) * QueryBlock.bytes(layout);
            queries(head, i, at)
                    .prepare(attention.scale(), y + row * layout.rowBytes(), logSums + 4L * row, work.step.buffer());
        }
        for (int j = 0; j * KEY_BLOCK < reach(head, to - 1); j++) {
            long row = (long) j * KEY_BLOCK * layout.rowBytes();
            keys(work, head, section, j);
            work.step.finishKeys(keys(head, to - 1, j), add, toKeys + row, toValues + row);
        }
        for (int i = from; i < to; i++) {
            long tile = work.tiles + (i - from) * layout.tileBytes();
            if (reach(head, i) == 0) {
                VectorMemory.clear(tile, layout.tileBytes());
            }
            long row = (firstQuery(head) + (long) i * QUERY_BLOCK) * layout.rowBytes();
            work.step.finishQueries(tile, queryCount(i), attention.scale(), dq + row);
        }
    }

    /** A section with one block of keys. */
    private void keys(Work work, int head, int section, int j) {
        long row = firstKey(head) + (long) j * KEY_BLOCK * layout.rowBytes();
        int from = section * SECTION_BLOCKS;
        int last = lastBlock(section);
        work.step.keys(k + row, v + row, keys(head, last, j));
        for (int i = from; i <= last; i++) {
            int keys = keys(head, i, j);
            if (keys > 0) {
                QueryBlock block = queries(head, i, work.blocks + (i - from) * QueryBlock.bytes(layout));
                work.step.at(head, i * QUERY_BLOCK, j * KEY_BLOCK);
                work.step.weights(block, keys, attention.offset(i * QUERY_BLOCK, j * KEY_BLOCK));
                work.step.keyGradients(block, keys);
                work.step.queryGradient(keys, j == 0, work.tiles + (i - from) * layout.tileBytes());
            }
        }
    }

    /** Memory of one thread for the blocks of one section. */
    private static final class Work {
        final BackwardBlock step;
        /** Blocks of queries made ready. */
        final long blocks;
        /** Tiles of their gradients. */
        final long tiles;

        Work(Attention attention, @Nullable Tensor scoreGradients, Layout layout, Workspace heap, Scratch scratch) {
            step = new BackwardBlock(attention, scoreGradients, layout, heap, scratch);
            blocks = scratch.address(SECTION_BLOCKS * QueryBlock.bytes(layout));
            tiles = scratch.address(SECTION_BLOCKS * layout.tileBytes());
        }
    }

    /** A block of queries that is ready, or is to be, at an address. */
    private QueryBlock queries(int head, int block, long at) {
        long row = (firstQuery(head) + (long) block * QUERY_BLOCK) * layout.rowBytes();
        return new QueryBlock(layout, at, q + row, dy + row, queryCount(block));
    }

    private int queryCount(int block) {
        return Math.min(QUERY_BLOCK, sizes.queries() - block * QUERY_BLOCK);
    }

    /** Zeros for the keys that the first section, which overwrites, does not see. */
    private void startKeys(int head) {
        int seen = sections() == 0 ? 0 : reach(head, lastBlock(0));
        long from = firstKey(head) + seen * layout.rowBytes();
        VectorMemory.clear(dk + from, keyBytes() - seen * layout.rowBytes());
        VectorMemory.clear(dv + from, keyBytes() - seen * layout.rowBytes());
    }

    /** Scales the gradients of the keys that some query sees. */
    private void finishKeys(int head) {
        int seen = sections() == 0 ? 0 : reach(head, queryBlocks() - 1);
        QueryTile.scale(dk + firstKey(head), seen * layout.rowBytes(), attention.scale());
    }

    private int lastBlock(int section) {
        return Math.min(queryBlocks(), (section + 1) * SECTION_BLOCKS) - 1;
    }

    private long firstQuery(int head) {
        return (long) head * sizes.queries();
    }

    /** Bytes to the first key of a head. */
    private long firstKey(int head) {
        return head * keyBytes();
    }

    /** Bytes of the keys of a head. */
    private long keyBytes() {
        return sizes.keys() * layout.rowBytes();
    }

    private long partial(int head, int section) {
        return partials + ((long) head * sections() + section) * 2 * keyBytes();
    }

    /** How many keys a block of queries takes part with. */
    private int reach(int head, int i) {
        return attention.reach(head, i * QUERY_BLOCK);
    }

    /** How many keys of a block a block of queries takes part with; none if not positive. */
    private int keys(int head, int i, int j) {
        return Math.min(KEY_BLOCK, reach(head, i) - j * KEY_BLOCK);
    }
}
