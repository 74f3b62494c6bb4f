package io.ketju.tensor.kernel.attention;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.TileRunner;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Attention by blocks of queries and keys whose scores stay in the caches of one core. Scores lie with the queries in the
 * lanes of the registers, so that softmax needs no sums across lanes; all products run on the micro-kernels of matrix
 * products. Besides its operands, backward of few heads holds copies of dk and dv in scratch memory; nothing grows with queries
 * times keys.
 */
public final class VectorAttention implements AttentionKernels {
    private final TileRunner tiles;
    /** As many as threads have ever worked at once. */
    private final ConcurrentLinkedQueue<Workspace> workspaces = new ConcurrentLinkedQueue<>();

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as these are used
     */
    public VectorAttention(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void forward(Attention attention, Attention.Operands inputs, Attention.Result result) {
        Attention.Sizes sizes = attention.sizes();
        inputs.require("", sizes);
        result.require(sizes);
        attention.requireLengths();
        ForwardPass pass = new ForwardPass(attention, inputs, result);
        int spans = pass.spans();
        run(
                sizes.count() * spans,
                sizes.width(),
                (tile, heap, scratch) -> pass.span(tile / spans, tile % spans, heap, scratch));
    }

    @Override
    public void backward(
            Attention attention,
            Attention.Operands inputs,
            Attention.Result result,
            Tensor dy,
            Attention.Gradients gradients) {
        Attention.Sizes sizes = attention.sizes();
        inputs.require("", sizes);
        result.require(sizes);
        Attention.require("dy", sizes.queryShape(), dy);
        gradients.require(sizes);
        attention.requireLengths();
        if (gradients.scores() != null) {
            gradients.scores().clear();
        }
        Scratch own = tiles.scratch();
        long mark = own.mark();
        BackwardPass pass = new BackwardPass(attention, inputs, result, dy, gradients, own);
        int heads = sizes.count();
        int width = sizes.width();
        if (pass.whole()) {
            run(heads, width, pass::head);
        } else {
            int sections = pass.sections();
            run(
                    heads * sections,
                    width,
                    (tile, heap, scratch) -> pass.section(tile / sections, tile % sections, heap, scratch));
            tiles.parallel(heads, pass::fold);
        }
        own.release(mark);
    }

    /** A tile that works with a workspace and with scratch, which are taken back afterwards. */
    @FunctionalInterface
    private interface BlockTask {
        void run(int tile, Workspace heap, Scratch scratch);
    }

    private void run(int count, int width, BlockTask task) {
        if (count == 0) {
            return;
        }
        tiles.parallel(count, tile -> {
            Workspace free = workspaces.poll();
            Workspace heap = free == null || free.width < width ? new Workspace(width) : free;
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            task.run(tile, heap, scratch);
            scratch.release(mark);
            workspaces.add(heap);
        });
    }
}
