package io.ketju.tensor.simd;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges.RangeTask;

/** What kernels need of the worker pool: a parallel loop, and memory for the time of one call. */
public interface TileRunner {
    /** One tile of a parallel loop. Tiles write disjoint outputs. */
    @FunctionalInterface
    public interface TileTask extends RangeTask {
        void run(int tile);

        @Override
        default void run(int from, int to) {
            for (int tile = from; tile < to; tile++) {
                run(tile);
            }
        }
    }

    /**
     * Runs tiles 0 to count-1, the caller working too, and returns when all are done. May be called from a worker or
     * from any other thread, and inside a tile (which then runs its inner tiles itself). The first exception of a tile
     * is rethrown after all claimed tiles have ended; tiles not yet claimed by then do not run.
     *
     * <p>Allocates nothing, so a kernel whose tasks are fields of an object that its thread keeps does not either.
     */
    public default void parallel(int count, TileTask task) {
        parallel(count, 1, task);
    }

    /** The same over elements or rows 0 to count-1, {@code size} of them to a tile but for the last. */
    public void parallel(int count, int size, RangeTask task);

    /**
     * The scratch memory of the calling thread: remember {@link Scratch#mark}, allocate, release to the mark before
     * returning. Tiles on other threads may read and write what the caller allocated, and find a scratch of their own.
     */
    Scratch scratch();
}
