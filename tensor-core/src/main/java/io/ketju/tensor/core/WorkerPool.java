package io.ketju.tensor.core;

import io.ketju.tensor.Plural;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.Ranges.RangeTask;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fixed daemon threads that run submitted tasks first come first served and, when there is none, help with the parallel
 * loops of the others. A task beats a loop because it is the coarser piece of work: a helper leaves a loop, between two
 * tiles, when a task waits. Nobody helps while as many threads compute as there are workers. Callers from outside the pool
 * count too; they are never held back, but work alone when the processors are taken. Nothing here takes a lock: tiles
 * are claimed from a counter ({@link Region}), loops are found in a small array, idle workers spin shortly and park.
 */
final class WorkerPool implements TensorCore {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

    /** Loops of threads outside the pool that can find helpers at the same time; further ones run alone. */
    private static final int OUTSIDE_LOOPS = 8;

    /** What a thread that computes here has of its own. */
    private static final class Context {
        final Scratch scratch = new Scratch();
        final Region region;
        boolean inTile;

        Context(int maxHelpers) {
            region = new Region(maxHelpers);
        }
    }

    private final KernelSelection selection;
    private final List<Worker> workers;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicReferenceArray<Region> regions;
    private final Queue<Context> contexts = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Context> context = ThreadLocal.withInitial(this::newContext);
    /** Threads that run a task, a loop of their own from outside, or help. */
    private final AtomicInteger computing = new AtomicInteger();

    private final BooleanSupplier urgent = this::isUrgent;
    private final IdleWatch watch = new IdleWatch();

    private final int spins;
    private volatile boolean closed;

    WorkerPool(TensorCoreOptions options) {
        selection = KernelSelection.choose(options.kernels(), this);
        regions = new AtomicReferenceArray<>(options.threads() + OUTSIDE_LOOPS);
        // With fewer processors than threads a spinning thread only keeps a working one from its processor.
        spins = Runtime.getRuntime().availableProcessors() < options.threads() ? 0 : Worker.SPINS;
        workers = IntStream.range(0, options.threads())
                .mapToObj(i -> new Worker(this, i, spins))
                .toList();
        workers.forEach(Worker::start);
        LOG.info("tensor core: {}", description());
    }

    @Override
    public int threads() {
        return workers.size();
    }

    @Override
    public Kernels kernels() {
        return selection.kernels();
    }

    @Override
    public String description() {
        return selection.reason() + ", " + Plural.of(threads(), "thread");
    }

    @Override
    public void submit(Runnable task) {
        if (closed) {
            throw new IllegalStateException("task submitted to a closed tensor core");
        }
        tasks.add(task);
        wake(1);
    }

    @Override
    public void run(Runnable task) {
        if (isWorker()) {
            execute(task);
        } else {
            submit(task);
        }
    }

    @Override
    public void parallel(int count, int size, RangeTask task) {
        Context own = context.get();
        if (own.inTile || count <= size || threads() == 1) {
            for (long from = 0; from < count; from += size) {
                CompilationRoot.run(task, (int) from, (int) Math.min(count, from + size));
            }
            return;
        }
        boolean outside = !isWorker();
        if (outside) {
            computing.incrementAndGet();
        }
        own.inTile = true;
        try {
            own.region.open(count, size, task);
            run(own.region, Math.ceilDiv(count, size));
        } finally {
            own.inTile = false;
            if (outside) {
                leave();
            }
        }
    }

    @Override
    public void addIdlePoll(IdlePoll poll) {
        watch.add(poll);
    }

    @Override
    public void removeIdlePoll(IdlePoll poll) {
        watch.remove(poll);
    }

    /** What idle workers look at besides this pool. */
    IdleWatch watch() {
        return watch;
    }

    @Override
    public Scratch scratch() {
        return context.get().scratch;
    }

    @Override
    public void close() {
        if (Thread.currentThread() instanceof Worker worker && workers.contains(worker)) {
            throw new IllegalStateException("a tensor core cannot be closed by one of its own tasks");
        }
        closed = true;
        workers.forEach(Worker::wake);
        workers.forEach(WorkerPool::join);
        int dropped = tasks.size();
        tasks.clear();
        if (dropped > 0) {
            LOG.info("tensor core closed, {} waiting tasks dropped", dropped);
        }
        contexts.forEach(each -> each.scratch.close());
    }

    /** Runs one waiting task, or helps one loop; false if there is neither. */
    boolean work() {
        Runnable task = tasks.poll();
        if (task != null) {
            computing.incrementAndGet();
            execute(task);
            leave();
            Worker.giveWay();
            return true;
        }
        if (!mayHelp()) {
            return false;
        }
        for (int slot = 0; slot < regions.length(); slot++) {
            Region region = regions.get(slot);
            if (region != null && help(region)) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@link #work} may find something. */
    boolean hasWork() {
        return !tasks.isEmpty() || (mayHelp() && anyWantsHelp());
    }

    /** What a helper leaves a loop for. */
    private boolean isUrgent() {
        return !tasks.isEmpty() || computing.get() > threads();
    }

    private boolean mayHelp() {
        return computing.get() < threads();
    }

    private boolean anyWantsHelp() {
        for (int slot = 0; slot < regions.length(); slot++) {
            Region region = regions.get(slot);
            if (region != null && region.wantsHelp()) {
                return true;
            }
        }
        return false;
    }

    boolean isClosed() {
        return closed;
    }

    private void run(Region region, int count) {
        int slot = publish(region);
        if (slot >= 0) {
            wake(Math.min(count - 1, threads() - computing.get()));
        }
        region.runTiles();
        if (slot >= 0) {
            regions.set(slot, null);
        }
        region.awaitHelpers(spins);
    }

    /** The slot where helpers find the loop, or -1 if all are taken. A worker has one of its own. */
    private int publish(Region region) {
        if (Thread.currentThread() instanceof Worker worker && worker.belongsTo(this)) {
            regions.set(worker.index(), region);
            return worker.index();
        }
        for (int slot = threads(); slot < regions.length(); slot++) {
            if (regions.compareAndSet(slot, null, region)) {
                return slot;
            }
        }
        return -1;
    }

    private boolean help(Region region) {
        if (computing.incrementAndGet() > threads()) {
            computing.decrementAndGet(); // another was faster
            return false;
        }
        Context own = context.get();
        own.inTile = true;
        try {
            return region.help(urgent);
        } finally {
            own.inTile = false;
            computing.decrementAndGet();
        }
    }

    /** The place of one that computed is free: a worker that fell asleep while all were taken may help now. */
    private void leave() {
        computing.decrementAndGet();
        if (anyWantsHelp()) {
            wake(1);
        }
    }

    private boolean isWorker() {
        return Thread.currentThread() instanceof Worker worker && worker.belongsTo(this);
    }

    private static void execute(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("a compute task threw; tasks must report their failures themselves", e);
        }
    }

    private void wake(int wanted) {
        int left = wanted;
        for (int i = 0; i < workers.size() && left > 0; i++) {
            if (workers.get(i).wake()) {
                left--;
            }
        }
    }

    private Context newContext() {
        Context own = new Context(threads() - 1);
        contexts.add(own);
        return own;
    }

    private static void join(Worker worker) {
        boolean interrupted = false;
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
