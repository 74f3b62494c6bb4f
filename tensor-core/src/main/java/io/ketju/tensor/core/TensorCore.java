package io.ketju.tensor.core;

import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.simd.TileRunner;

/**
 * The worker pool that all stages of a JVM share. An action of a stage runs as one task on one worker
 * ({@link #submit}); a large kernel inside it is cut into tiles ({@link #parallel}) that idle workers help with. At
 * most {@link #threads} threads compute at any time, however many stages there are, and how work is cut into tiles
 * never depends on that number.
 */
public interface TensorCore extends TileRunner, AutoCloseable {
    /** The pool with the best kernels that this JVM can run. */
    static TensorCore open(int threads) {
        return open(new TensorCoreOptions(threads, TensorCoreOptions.KernelChoice.BEST));
    }

    /** A pool as described; close it to end its threads. */
    static TensorCore open(TensorCoreOptions options) {
        return new WorkerPool(options);
    }

    /** Number of compute threads. */
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
     * Runs a task at once if the caller is one of the workers that runs a task; otherwise as {@link #submit}. The first saves
     * a change of threads.
     */
    void run(Runnable task);

    /** The clock that tasks are timed by, in nanoseconds from any moment on; never goes back. */
    default long nanoTime() {
        return System.nanoTime();
    }

    /** Has idle workers look at this too, as long as they look for work at all. */
    void addIdlePoll(IdlePoll poll);

    /** Ends that; a look may be under way. */
    void removeIdlePoll(IdlePoll poll);

    /** Stops the workers after the tasks that already run, drops the others, and frees the scratch memory. */
    @Override
    void close();
}
