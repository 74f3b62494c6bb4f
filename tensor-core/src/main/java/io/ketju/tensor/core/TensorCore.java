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
    /**
     * {@return a pool with the best kernels that this JVM can run; close it to end its threads}
     *
     * @param threads compute threads, at least 1
     * @throws IllegalArgumentException if there are fewer
     */
    static TensorCore open(int threads) {
        return open(new TensorCoreOptions(threads, TensorCoreOptions.KernelChoice.BEST));
    }

    /**
     * {@return a pool as described; close it to end its threads}
     *
     * @param options threads and kernels
     * @throws IllegalStateException if vector kernels are asked for and cannot run here
     */
    static TensorCore open(TensorCoreOptions options) {
        return new WorkerPool(options);
    }

    /** {@return the number of compute threads} */
    int threads();

    /** {@return the kernels that were chosen when this core was opened; they run their tiles on this core} */
    Kernels kernels();

    /** {@return what computes: for instance {@code vector kernels, 512 bits, 2 threads}} */
    String description();

    /**
     * Runs a task on one worker, later. Tasks start in the order of submission; as many run at once as there are threads.
     *
     * @param task must not throw; what it throws is logged with its stack
     * @throws IllegalStateException if this core is closed
     */
    void submit(Runnable task);

    /**
     * Runs a task at once if the caller is one of the workers that runs a task; otherwise as {@link #submit}. The first saves a change of
     * threads.
     *
     * @param task must not throw; what it throws is logged with its stack
     * @throws IllegalStateException if it would have to be submitted and this core is closed
     */
    void run(Runnable task);

    /** {@return the clock that tasks are timed by, in nanoseconds from any moment on; never goes back} */
    default long nanoTime() {
        return System.nanoTime();
    }

    /**
     * Has idle workers look at this too, as long as they look for work at all.
     *
     * @param poll asked by several workers at once, from now on
     */
    void addIdlePoll(IdlePoll poll);

    /**
     * Ends that; a look may be under way.
     *
     * @param poll one that was added; any other is passed over
     */
    void removeIdlePoll(IdlePoll poll);

    /**
     * Stops the workers after the tasks that already run, drops the others, and frees the scratch memory.
     *
     * @throws IllegalStateException if a task of this core calls it
     */
    @Override
    void close();
}
