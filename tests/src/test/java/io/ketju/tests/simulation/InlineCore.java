package io.ketju.tests.simulation;

import io.ketju.tensor.core.IdlePoll;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges.RangeTask;

/** The tensor core of one node: real kernels, on the one thread of the {@link World}, timed by its clock. */
final class InlineCore implements TensorCore {
    /** An action takes up to this long, by the seed. */
    private static final long LONGEST_ACTION = 2_000_000;

    private final World world;
    private final TensorCore real;
    private long clock;

    /** @param real of one thread, which nothing runs on; the caller's */
    InlineCore(World world, TensorCore real) {
        this.world = world;
        this.real = real;
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public Kernels kernels() {
        return real.kernels();
    }

    @Override
    public String description() {
        return "simulated: " + real.description();
    }

    @Override
    public void submit(Runnable task) {
        world.submit(task);
    }

    /** As of a worker that runs a task: ranks are taken up by threads of the core. */
    @Override
    public void run(Runnable task) {
        task.run();
    }

    @Override
    public long nanoTime() {
        clock = Math.max(clock, world.now()) + world.delay(LONGEST_ACTION);
        return clock;
    }

    @Override
    public void parallel(int count, int size, RangeTask task) {
        real.parallel(count, size, task);
    }

    @Override
    public Scratch scratch() {
        return real.scratch();
    }

    @Override
    public void addIdlePoll(IdlePoll poll) {}

    @Override
    public void removeIdlePoll(IdlePoll poll) {}

    @Override
    public void close() {}
}
