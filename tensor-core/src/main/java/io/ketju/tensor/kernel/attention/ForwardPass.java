package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.KEY_BLOCK;
import static io.ketju.tensor.kernel.attention.AttentionKernels.QUERY_BLOCK;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;

/** Forward of one attention, cut into spans of a few blocks of queries of one head. */
final class ForwardPass {
    private static final int SPAN = ForwardBlock.BLOCKS * QUERY_BLOCK;

    private final Attention attention;
    private final Attention.Sizes sizes;
    private final Layout layout;
    private final long q;
    private final long k;
    private final long v;
    private final long y;
    private final long logSums;

    ForwardPass(Attention attention, Attention.Operands in, Attention.Result result) {
        this.attention = attention;
        sizes = attention.sizes();
        layout = new Layout(sizes.width());
        q = VectorMemory.address(in.q());
        k = VectorMemory.address(in.k());
        v = VectorMemory.address(in.v());
        y = VectorMemory.address(result.y());
        logSums = VectorMemory.address(result.logSums());
    }

    /** Spans of one head. */
    int spans() {
        return Math.ceilDiv(sizes.queries(), SPAN);
    }

    /** Computes one span. */
    void span(int head, int span, Workspace heap, Scratch scratch) {
        int from = span * SPAN;
        int to = Math.min(sizes.queries(), from + SPAN);
        ForwardBlock blocks = new ForwardBlock(attention, layout, heap, scratch);
        long first = (long) head * sizes.queries();
        for (int i = from; i < to; i += QUERY_BLOCK) {
            int count = Math.min(QUERY_BLOCK, to - i);
            blocks.start((i - from) / QUERY_BLOCK, q + (first + i) * layout.rowBytes(), count, attention.scale());
            if (attention.reach(head, i) == 0) {
                blocks.empty((i - from) / QUERY_BLOCK);
            }
        }
        addKeys(head, from, to, blocks);
        for (int i = from; i < to; i += QUERY_BLOCK) {
            int count = Math.min(QUERY_BLOCK, to - i);
            long row = first + i;
            blocks.finish((i - from) / QUERY_BLOCK, count, y + row * layout.rowBytes(), logSums + 4L * row);
        }
    }

    private void addKeys(int head, int from, int to, ForwardBlock blocks) {
        int reach = attention.reach(head, to - 1);
        for (int key = 0; key < reach; key += KEY_BLOCK) {
            long row = ((long) head * sizes.keys() + key) * layout.rowBytes();
            blocks.keys(k + row, v + row, Math.min(KEY_BLOCK, reach - key));
            for (int i = from; i < to; i += QUERY_BLOCK) {
                int keys = Math.min(KEY_BLOCK, attention.reach(head, i) - key);
                if (keys > 0) {
                    blocks.at(head, i, key);
                    blocks.add((i - from) / QUERY_BLOCK, keys, attention.offset(i, key), key == 0);
                }
            }
        }
    }
}
