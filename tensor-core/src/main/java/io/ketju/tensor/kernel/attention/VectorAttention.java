package io.ketju.tensor.kernel.attention;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Attention by blocks of queries and keys whose scores stay in the caches of one core. Scores lie with the queries in the
 * lanes of the registers, so that softmax needs no sums across lanes, and the products run as micro-kernels of
 * {@link BlockProduct}. Besides its operands, backward holds two copies of q in scratch memory; nothing grows with
 * queries times keys.
 */
public final class VectorAttention implements AttentionKernels {
    /** From so many heads on, backward gives each of them to one thread as a whole. */
    private static final int WHOLE_HEADS = 8;

    private final TileRunner tiles;
    /** As many as threads have ever worked at once. */
    private final ConcurrentLinkedQueue<Workspace> workspaces = new ConcurrentLinkedQueue<>();

    public VectorAttention(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void forward(Attention attention, Attention.Operands inputs, Attention.Result result) {
        Attention.Sizes sizes = attention.sizes();
        inputs.require("", sizes);
        result.require(sizes);
        attention.requireLengths();
        long q = VectorMemory.address(inputs.q());
        long k = VectorMemory.address(inputs.k());
        long v = VectorMemory.address(inputs.v());
        long y = VectorMemory.address(result.y());
        long logSums = VectorMemory.address(result.logSums());
        int blocks = Math.ceilDiv(sizes.queries(), BLOCK);
        long row = 4L * sizes.width();
        run(sizes.count() * blocks, (tile, heap, scratch) -> {
            int head = tile / blocks;
            int first = tile % blocks * BLOCK;
            long query = (long) head * sizes.queries() + first;
            int queries = Math.min(BLOCK, sizes.queries() - first);
            int visible = attention.visible(head / sizes.heads());
            int reach = attention.isCausal() ? Math.min(visible, first + BLOCK) : visible;
            ForwardBlock block = new ForwardBlock(new Layout(sizes.width()), attention.scale(), heap, scratch);
            block.start(q + query * row, queries);
            for (int key = 0; key < reach; key += BLOCK) {
                long keyRow = ((long) head * sizes.keys() + key) * row;
                ForwardBlock.Place place = new ForwardBlock.Place(key == 0, attention.isCausal() && key == first);
                block.add(k + keyRow, v + keyRow, Math.min(BLOCK, reach - key), queries, place);
            }
            if (reach == 0) {
                block.empty();
            }
            block.finish(queries, y + query * row, logSums + 4L * query);
        });
    }

    @Override
    public void backward(
            Attention attention,
            Attention.Operands inputs,
            Attention.Result result,
            Tensor dy,
            Attention.Operands gradients) {
        Attention.Sizes sizes = attention.sizes();
        inputs.require("", sizes);
        result.require(sizes);
        Attention.require("dy", sizes.queryShape(), dy);
        gradients.require("d", sizes);
        attention.requireLengths();
        Scratch own = tiles.scratch();
        long mark = own.mark();
        BackwardPass pass = new BackwardPass(attention, inputs, result, dy, gradients, own);
        int heads = sizes.count();
        int queryBlocks = pass.queryBlocks();
        int keyBlocks = pass.keyBlocks();
        run(
                heads * queryBlocks,
                (tile, heap, scratch) -> pass.prepare(tile / queryBlocks, tile % queryBlocks, scratch));
        if (heads >= WHOLE_HEADS) {
            run(heads, pass::head);
        } else {
            run(
                    heads * keyBlocks,
                    (tile, heap, scratch) -> pass.keys(tile / keyBlocks, tile % keyBlocks, heap, scratch));
            run(
                    heads * queryBlocks,
                    (tile, heap, scratch) -> pass.queries(tile / queryBlocks, tile % queryBlocks, heap, scratch));
        }
        own.release(mark);
    }

    /** A tile that works with a workspace and with scratch, which are taken back afterwards. */
    @FunctionalInterface
    private interface BlockTask {
        void run(int tile, Workspace heap, Scratch scratch);
    }

    private void run(int count, BlockTask task) {
        if (count == 0) {
            return;
        }
        tiles.parallel(count, tile -> {
            Workspace free = workspaces.poll();
            Workspace heap = free == null ? new Workspace() : free;
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            task.run(tile, heap, scratch);
            scratch.release(mark);
            workspaces.add(heap);
        });
    }
}
