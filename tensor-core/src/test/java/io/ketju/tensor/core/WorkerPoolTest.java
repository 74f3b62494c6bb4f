package io.ketju.tensor.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerPoolTest {
    private static final int SEED = 7;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyTileRunsOnce(int threads) {
        try (TensorCore core = open(threads)) {
            for (int count : new int[] {0, 1, 2, 3, 17, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(count + 1);
                core.parallel(count, runs::incrementAndGet);
                for (int tile = 0; tile < count; tile++) {
                    assertThat(runs.get(tile)).isEqualTo(1);
                }
                assertThat(runs.get(count)).isZero();
            }
        }
    }

    @Test
    void aTaskOfATaskCanRunAtOnceOnTheSameThread() throws Exception {
        try (TensorCore core = open(2)) {
            CompletableFuture<List<Thread>> ran = new CompletableFuture<>();
            core.run(() -> {
                List<Thread> threads = new ArrayList<>();
                core.run(() -> threads.add(Thread.currentThread()));
                threads.add(Thread.currentThread());
                ran.complete(threads);
            });
            List<Thread> threads = ran.get(30, TimeUnit.SECONDS);
            assertThat(threads).hasSize(2).containsOnly(threads.getFirst());
            assertThat(threads.getFirst()).isNotEqualTo(Thread.currentThread());
        }
    }

    @Test
    void manySmallLoopsFromManyTasks() throws InterruptedException {
        try (TensorCore core = open(3)) {
            int tasks = 40;
            AtomicInteger tiles = new AtomicInteger();
            AtomicInteger expected = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(tasks);
            CounterRandom random = CounterRandom.of(SEED, "loops");
            for (int task = 0; task < tasks; task++) {
                int id = task;
                core.submit(() -> {
                    for (int loop = 0; loop < 100; loop++) {
                        int count = random.below(100L * id + loop, 20);
                        expected.addAndGet(count);
                        core.parallel(count, tile -> tiles.incrementAndGet());
                    }
                    done.countDown();
                });
            }
            done.await();
            assertThat(tiles.get()).as("seed %d", SEED).isEqualTo(expected.get());
        }
    }

    @Test
    void neverMoreThreadsThanAllowed() throws InterruptedException {
        int threads = 3;
        try (TensorCore core = open(threads)) {
            AtomicInteger computing = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(12);
            for (int task = 0; task < 12; task++) {
                core.submit(() -> {
                    core.parallel(200, tile -> {
                        most.accumulateAndGet(computing.incrementAndGet(), Math::max);
                        Thread.onSpinWait();
                        computing.decrementAndGet();
                    });
                    done.countDown();
                });
            }
            done.await();
            assertThat(most.get()).isBetween(1, threads);
        }
    }

    @Test
    void anOutsideCallerCountsAsOneOfTheThreads() {
        try (TensorCore core = open(2)) {
            AtomicInteger computing = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            core.parallel(2000, tile -> {
                most.accumulateAndGet(computing.incrementAndGet(), Math::max);
                Thread.onSpinWait();
                computing.decrementAndGet();
            });
            assertThat(most.get()).isBetween(1, 2);
        }
    }

    @Test
    void workersHelpALoop() {
        try (TensorCore core = open(2)) {
            CountDownLatch both = new CountDownLatch(2);
            // Ends only if two threads are inside at once.
            core.parallel(2, tile -> {
                both.countDown();
                await(both);
            });
            assertThat(both.getCount()).isZero();
        }
    }

    @Test
    void aHelperLeavesALoopWhenATaskWaits() throws InterruptedException {
        try (TensorCore core = open(2)) {
            AtomicInteger helped = new AtomicInteger();
            AtomicInteger atSubmission = new AtomicInteger();
            CompletableFuture<Integer> atStart = new CompletableFuture<>();
            CountDownLatch done = new CountDownLatch(1);
            core.submit(() -> {
                untilTheCallersFirstTileEnds(core, helped, () -> {
                    spinUntil(() -> helped.get() > 0);
                    core.submit(() -> atStart.complete(helped.get()));
                    atSubmission.set(helped.get());
                    spinUntil(atStart::isDone);
                });
                done.countDown();
            });
            done.await();
            // One tile may have been claimed before the helper saw the task.
            assertThat(atStart.join() - atSubmission.get()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void nobodyHelpsWhileCallersFromOutsideTakeAllThreads() {
        try (TensorCore core = open(2)) {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger helped = new AtomicInteger();
            Queue<Integer> meanwhile = new ConcurrentLinkedQueue<>();
            Runnable loop = () -> untilTheCallersFirstTileEnds(core, helped, () -> {
                inside.incrementAndGet();
                spinUntil(() -> inside.get() >= 2);
                int before = helped.get();
                for (int spin = 0; spin < 50_000; spin++) {
                    Thread.onSpinWait();
                }
                meanwhile.add(helped.get() - before);
                inside.incrementAndGet();
                spinUntil(() -> inside.get() == 4);
            });
            CompletableFuture<Void> other = CompletableFuture.runAsync(loop, task -> new Thread(task).start());
            loop.run();
            other.join();
            // Each of the two workers may have claimed one before it saw the second caller.
            assertThat(meanwhile).hasSize(2).allMatch(tiles -> tiles <= 2);
        }
    }

    /** A loop of so many tiles that helpers never run out of them; the caller's first one ends it. */
    private static void untilTheCallersFirstTileEnds(TensorCore core, AtomicInteger helped, Runnable first) {
        Thread caller = Thread.currentThread();
        assertThatThrownBy(() -> core.parallel(Integer.MAX_VALUE / 2, tile -> {
                    if (Thread.currentThread().equals(caller)) {
                        first.run();
                        throw new CancellationException("the end");
                    }
                    helped.incrementAndGet();
                }))
                .hasMessage("the end");
    }

    @Test
    void helpComesWhenACallerFromOutsideHasLeft() {
        try (TensorCore core = open(2)) {
            for (int round = 0; round < 20; round++) {
                AtomicInteger inside = new AtomicInteger();
                AtomicInteger helped = new AtomicInteger();
                Runnable brief = () -> core.parallel(2, tile -> {
                    inside.incrementAndGet();
                    spinUntil(() -> inside.get() >= 2);
                });
                CompletableFuture<Void> other = CompletableFuture.runAsync(brief, task -> new Thread(task).start());
                Thread caller = Thread.currentThread();
                // Ends only if somebody helps after the other caller has gone.
                core.parallel(3, tile -> {
                    inside.incrementAndGet();
                    if (Thread.currentThread().equals(caller)) {
                        spinUntil(() -> other.isDone() && helped.get() > 0);
                    } else {
                        helped.incrementAndGet();
                    }
                });
                other.join();
            }
        }
    }

    @Test
    void tasksStartInTheOrderOfSubmission() throws InterruptedException {
        try (TensorCore core = open(1)) {
            Queue<Integer> order = new ConcurrentLinkedQueue<>();
            List<Integer> submitted = new ArrayList<>();
            CountDownLatch done = new CountDownLatch(100);
            for (int i = 0; i < 100; i++) {
                int id = i;
                submitted.add(id);
                core.submit(() -> {
                    order.add(id);
                    done.countDown();
                });
            }
            done.await();
            assertThat(order).containsExactlyElementsOf(submitted);
        }
    }

    @Test
    void nestedLoopsRunOnTheThreadOfTheirTile() {
        try (TensorCore core = open(4)) {
            AtomicInteger strangers = new AtomicInteger();
            AtomicInteger inner = new AtomicInteger();
            core.parallel(50, tile -> {
                Thread here = Thread.currentThread();
                core.parallel(10, nested -> {
                    inner.incrementAndGet();
                    strangers.addAndGet(Thread.currentThread().equals(here) ? 0 : 1);
                });
            });
            assertThat(inner).hasValue(500);
            assertThat(strangers).hasValue(0);
        }
    }

    @Test
    void theFailureOfATileReachesTheCallerAfterAllTilesEnded() {
        try (TensorCore core = open(3)) {
            AtomicInteger running = new AtomicInteger();
            for (int round = 0; round < 200; round++) {
                int bad = round % 50;
                assertThatThrownBy(() -> core.parallel(50, tile -> {
                            running.incrementAndGet();
                            try {
                                if (tile == bad) {
                                    throw new ArithmeticException("tile " + tile);
                                }
                            } finally {
                                running.decrementAndGet();
                            }
                        }))
                        .isInstanceOf(ArithmeticException.class)
                        .hasMessage("tile " + bad);
                assertThat(running).hasValue(0);
            }
            AtomicInteger after = new AtomicInteger();
            core.parallel(10, tile -> after.incrementAndGet());
            assertThat(after).hasValue(10);
        }
    }

    @Test
    void aTaskThatThrowsDoesNotEndItsWorker() throws InterruptedException {
        try (TensorCore core = open(1)) {
            CountDownLatch done = new CountDownLatch(1);
            core.submit(() -> {
                throw new IllegalStateException("expected by a test");
            });
            core.submit(done::countDown);
            done.await();
            assertThat(done.getCount()).isZero();
        }
    }

    @Test
    void closeWaitsForTheRunningTaskAndFreesScratch() {
        TensorCore core = open(2);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Tensor> scratch = new CompletableFuture<>();
        core.submit(() -> {
            scratch.complete(core.scratch().allocate(Shape.of(10)));
            await(go);
            core.parallel(10, tile -> scratch.join().setFloat(tile, 1));
        });
        assertThat(scratch.join().elements()).isEqualTo(10);
        go.countDown();
        core.close();
        assertThatThrownBy(() -> scratch.join().getFloat(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> core.submit(() -> {})).hasMessage("task submitted to a closed tensor core");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("ketju-compute") && thread.isAlive());
        core.close();
    }

    @Test
    void aTaskCannotCloseItsOwnCore() throws InterruptedException {
        try (TensorCore core = open(1)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            CountDownLatch done = new CountDownLatch(1);
            Runnable close = core::close;
            core.submit(() -> {
                try {
                    close.run();
                } catch (IllegalStateException e) {
                    thrown.set(e);
                }
                done.countDown();
            });
            done.await();
            assertThat(thrown.get()).hasMessage("a tensor core cannot be closed by one of its own tasks");
        }
    }

    @Test
    void sleepingWorkersAreAlwaysWoken() throws InterruptedException {
        try (TensorCore core = open(2)) {
            for (int i = 0; i < 3000; i++) {
                CountDownLatch done = new CountDownLatch(1);
                core.submit(done::countDown);
                done.await();
                // Some rounds let the workers fall asleep first.
                for (int spin = 0; spin < i % 7 * 2000; spin++) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void theChoiceOfKernelsIsNamed() {
        try (TensorCore scalar = open(1);
                TensorCore vector = TensorCore.open(2)) {
            assertThat(scalar.description()).isEqualTo("scalar kernels: asked for, 1 thread");
            assertThat(vector.description()).matches("vector kernels, (128|256|512) bits, 2 threads");
        }
        assertThatThrownBy(() -> TensorCore.open(0)).hasMessage("a tensor core needs at least 1 thread, got 0");
    }

    private static void spinUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("waited for 30 seconds");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TensorCore open(int threads) {
        return TensorCore.open(new TensorCoreOptions(threads, TensorCoreOptions.KernelChoice.SCALAR));
    }
}
