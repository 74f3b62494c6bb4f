package io.ketju.benchmarks.pool;

import io.ketju.benchmarks.kernels.KernelCall;
import io.ketju.benchmarks.kernels.KernelCalls;
import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Several who compute at once on one pool, each the same products on memory of its own. */
final class Callers implements AutoCloseable {
    private static final WorkSpec PRODUCT = WorkSpec.parse("gemm_nt m=256 n=256 k=256");

    /**
     * What they did.
     *
     * @param perSecond calls of all together
     * @param fairness calls of the one with the fewest / calls of the one with the most
     */
    record Outcome(double perSecond, double fairness) {}

    private final TensorCore core;
    private final List<KernelCall> calls = new ArrayList<>();

    Callers(TensorCore core, int count) {
        this.core = core;
        for (int i = 0; i < count; i++) {
            calls.add(KernelCalls.open(PRODUCT, core).orElseThrow());
        }
    }

    /** As stages do: each call is a task on a worker, and the next is submitted when it has ended. */
    Outcome asTasks(long nanos) throws InterruptedException {
        return run(nanos, (caller, until, counts, done) -> submit(caller, until, counts, done));
    }

    /** As threads outside the pool, which work on their own loops too. */
    Outcome asThreads(long nanos) throws InterruptedException {
        return run(
                nanos,
                (caller, until, counts, done) -> Thread.ofPlatform().daemon().start(() -> {
                    while (System.nanoTime() < until) {
                        calls.get(caller).run();
                        counts.incrementAndGet(caller);
                    }
                    done.countDown();
                }));
    }

    private void submit(int caller, long until, AtomicIntegerArray counts, CountDownLatch done) {
        core.submit(() -> {
            calls.get(caller).run();
            counts.incrementAndGet(caller);
            if (System.nanoTime() < until) {
                submit(caller, until, counts, done);
            } else {
                done.countDown();
            }
        });
    }

    /** Starts one caller. */
    @FunctionalInterface
    private interface Starter {
        void start(int caller, long until, AtomicIntegerArray counts, CountDownLatch done);
    }

    private Outcome run(long nanos, Starter starter) throws InterruptedException {
        AtomicIntegerArray counts = new AtomicIntegerArray(calls.size());
        CountDownLatch done = new CountDownLatch(calls.size());
        long begin = System.nanoTime();
        for (int caller = 0; caller < calls.size(); caller++) {
            starter.start(caller, begin + nanos, counts, done);
        }
        done.await();
        double seconds = (System.nanoTime() - begin) / 1e9;
        int all = 0;
        int fewest = Integer.MAX_VALUE;
        int most = 0;
        for (int caller = 0; caller < calls.size(); caller++) {
            int count = counts.get(caller);
            all += count;
            fewest = Math.min(fewest, count);
            most = Math.max(most, count);
        }
        return new Outcome(all / seconds, (double) fewest / most);
    }

    @Override
    public void close() {
        calls.forEach(KernelCall::close);
    }
}
