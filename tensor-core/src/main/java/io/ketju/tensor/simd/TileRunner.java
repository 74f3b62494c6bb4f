package io.ketju.tensor.simd;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges.RangeTask;

/** What kernels need of the worker pool: a parallel loop, and memory for the time of one call. */
public interface TileRunner {
    /** One tile of a parallel loop. Tiles write disjoint outputs. As a {@link RangeTask}, it runs a range of tiles. */
    @FunctionalInterface
    @SuppressWarnings(
            "FunctionalInterfaceMethodChanged") // The one is the other tile by tile, without an object between.
    public interface TileTask extends RangeTask {
        /**
         * Works on one tile.
         *
         * @param tile from 0
         */
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
     *
     * @param count tiles, at least 0
     * @param task for any number of threads at once
     */
    public default void parallel(int count, TileTask task) {
        parallel(count, 1, task);
    }

    /**
     * The same over elements or rows, several to a tile.
     *
     * @param count elements or rows, at least 0
     * @param size how many of them each tile has but for the last, at least 1
     * @param task for any number of threads at once
     */
    public void parallel(int count, int size, RangeTask task);

    /**
     * {@return the scratch memory of the calling thread} Remember {@link Scratch#mark}, allocate, release to the mark before returning.
     * Tiles on other threads may read and write what the caller allocated, and find a scratch of their own.
     */
    Scratch scratch();
}
