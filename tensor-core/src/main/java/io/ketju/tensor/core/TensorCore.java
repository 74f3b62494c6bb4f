package io.ketju.tensor.core;

import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;

/**
 * The worker pool that all stages of a JVM share. An action of a stage runs as one task on one worker
 * ({@link #submit}); a large kernel inside it is cut into tiles ({@link #parallel}) that idle workers help with. At
 * most {@link #threads} threads compute at any time, however many stages there are, and how work is cut into tiles
 * never depends on that number.
 */
public interface TensorCore extends AutoCloseable {
    /** One tile of a parallel loop. Tiles write disjoint outputs. */
    @FunctionalInterface
    interface TileTask {
        void run(int tile);
    }

    int threads();

    /** The kernels that were chosen when this core was opened; they run their tiles on this core. */
    Kernels kernels();

    /** What computes: for instance {@code vector kernels, 512 bits, 2 threads}. */
    String description();

    /**
     * Runs a task on one worker, later. Tasks start in the order of submission; as many run at once as there are
     * threads. A task must not throw; what it throws is logged with its stack.
     */
    void submit(Runnable task);

    /**
     * Runs tiles 0 to count-1, the caller working too, and returns when all are done. May be called from a worker or
     * from any other thread, and inside a tile (which then runs its inner tiles itself). The first exception of a tile
     * is rethrown after all claimed tiles have ended.
     */
    void parallel(int count, TileTask task);

    /**
     * The scratch arena of the calling compute thread: take what you need, reset it to the mark you found when you
     * return. Grows while a run warms up, then no more.
     */
    TensorArena scratch();

    /** Stops the workers after the tasks that already run, and frees the scratch memory. */
    @Override
    void close();
}
