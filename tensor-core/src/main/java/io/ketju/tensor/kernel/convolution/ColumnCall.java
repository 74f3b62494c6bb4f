package io.ketju.tensor.kernel.convolution;

import static java.util.Objects.requireNonNull;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.TileRunner.TileTask;
import org.jspecify.annotations.Nullable;

/** A {@link ColumnProduct} while it runs. Its thread keeps it for the next one; tasks on other threads read it. */
final class ColumnCall implements TileTask {
    private final TileRunner tiles;
    /** The pieces that a thread computes, whosever call they belong to. */
    private final ThreadLocal<ColumnTask> tasks;

    private @Nullable ColumnProduct product;
    private PlaneEpilogue epilogue = PlaneEpilogue.NONE;
    private long source;
    private long[] weights = {};
    private long to;

    ColumnCall(TileRunner tiles, ThreadLocal<ColumnTask> tasks) {
        this.tiles = tiles;
        this.tasks = tasks;
    }

    /**
     * The operands of the next run, by address.
     *
     * @param weights one for each grid, [groups · planes, taps]
     */
    ColumnCall operands(long source, long[] weights, long to) {
        this.source = source;
        this.weights = weights;
        this.to = to;
        return this;
    }

    /** Overwrites the results. */
    void run(ColumnProduct product, PlaneEpilogue epilogue) {
        this.product = product;
        this.epilogue = epilogue;
        tiles.parallel(product.tasks(), this);
    }

    @Override
    public void run(int tile) {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        tasks.get().run(this, scratch, tile);
        scratch.release(mark);
    }

    ColumnProduct product() {
        return requireNonNull(product);
    }

    PlaneEpilogue epilogue() {
        return epilogue;
    }

    long source() {
        return source;
    }

    long weights(int grid) {
        return weights[grid];
    }

    /** Address of the result. */
    long to() {
        return to;
    }
}
