package io.ketju.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt of the thread that waits for a run stops the run, and loses nothing. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class InterruptTest {
    private static final String REASON = "the thread that waited for the run was interrupted";

    @TempDir
    Path folder;

    /** A flag that a failed test leaves set would fail others. */
    @AfterEach
    void noFlagIsLeft() {
        Thread.interrupted();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptWhileWaitingStopsTheRunAndKeepsItsResult(boolean kept) {
        Thread waiting = Thread.currentThread();
        TrainingListener interrupts = event -> {
            if (event instanceof TrainingEvent.StepFinished step && step.step() == 6) {
                waiting.interrupt();
            }
        };
        try (Training training = Ketju.start(endless(kept).build(), interrupts)) {
            TrainingResult result;
            // Who waits may hold the run's own monitor.
            synchronized (training) {
                result = training.await();
            }
            assertThat(Thread.interrupted()).isTrue();
            assertStopped(result, 6);
            assertThat(training.await()).isSameAs(result);
            assertThat(Thread.interrupted()).isFalse();
            // This optimizer keeps nothing: the state is the weights.
            assertThat(training.model().weightsSha256()).isEqualTo(result.stateSha256());
            if (kept) {
                assertCheckpointOf(result);
            }
        }
        assertThat(ketjuThreads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptBeforeTheStartStopsTheRunAsSoonAsItHasBegun(boolean kept) {
        Thread.currentThread().interrupt();
        TrainingResult result = Ketju.fit(endless(kept).build());
        assertThat(Thread.interrupted()).isTrue();
        assertStopped(result, 0);
        assertThat(ketjuThreads()).isEmpty();
    }

    @Test
    void anInterruptBeforeTheWaitDoesTheSame() {
        CountDownLatch stepped = new CountDownLatch(1);
        try (Training training = Ketju.start(endless(true).build(), event -> {
            if (event instanceof TrainingEvent.StepFinished) {
                stepped.countDown();
            }
        })) {
            await(stepped);
            Thread.currentThread().interrupt();
            TrainingResult result = training.await();
            // With the flag still set a second wait returns as well.
            assertThat(training.await()).isSameAs(result);
            assertThat(Thread.interrupted()).isTrue();
            assertStopped(result, 1);
            assertCheckpointOf(result);
        }
        assertThat(ketjuThreads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCancelledTaskStopsItsRun(boolean kept) throws Exception {
        CountDownLatch stepped = new CountDownLatch(1);
        CompletableFuture<TrainingResult> stopped = new CompletableFuture<>();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Future<?> task = pool.submit(() -> {
                stopped.complete(Ketju.fit(endless(kept).build(), event -> {
                    if (event instanceof TrainingEvent.StepFinished) {
                        stepped.countDown();
                    }
                }));
                flag.complete(Thread.currentThread().isInterrupted());
            });
            await(stepped);
            assertThat(task.cancel(true)).isTrue();
            assertStopped(stopped.get(60, TimeUnit.SECONDS), 1);
            assertThat(flag.get(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(ketjuThreads()).isEmpty();
    }

    /** Interrupts without pause, from the first step until everything is closed. */
    @RepeatedTest(5)
    void noStormOfInterruptsLosesAResult() {
        Path run = folder.resolve("run");
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch calm = new CountDownLatch(1);
        Thread waiting = Thread.currentThread();
        TrainingListener raises = event -> {
            if (event instanceof TrainingEvent.StepFinished step && step.step() == 1) {
                Thread.ofPlatform().start(() -> {
                    while (!over.get()) {
                        waiting.interrupt();
                        Thread.onSpinWait();
                    }
                    calm.countDown();
                });
            }
        };
        TrainingResult result;
        try {
            result = Ketju.fit(SmallJobs.tiny().stages(2).runDirectory(run).build(), raises);
        } finally {
            over.set(true);
        }
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        while (calm.getCount() > 0) {
            Thread.onSpinWait();
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ketjuThreads()).isEmpty();
        assertThat(run.resolve("model.safetensors")).exists();
        assertThat(Ketju.state(run).sha256()).isEqualTo(result.stateSha256());
    }

    @Test
    void anInterruptedThreadClosesARun() {
        Training training = Ketju.start(endless(true).build());
        Thread.currentThread().interrupt();
        training.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ketjuThreads()).isEmpty();
        assertThatThrownBy(training::await)
                .isInstanceOf(TrainingFailedException.class)
                .hasMessage("the run was closed before its end");
    }

    /** Its weights are gone: initial ones must not take their place. */
    @Test
    void aResultThatNobodyTookBeforeTheCloseIsGone() {
        CountDownLatch last = new CountDownLatch(2);
        Training training =
                Ketju.start(SmallJobs.tiny().checkpointEveryEpochs(2).build(), event -> {
                    if (event instanceof TrainingEvent.EpochFinished) {
                        last.countDown();
                    }
                });
        await(last);
        training.close();
        assertThatThrownBy(training::await)
                .satisfiesAnyOf(
                        early -> assertThat(early).hasMessage("the run was closed before its end"),
                        late -> assertThat(late)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("closed before await()"));
    }

    private JobBuilder endless(boolean kept) {
        JobBuilder job = SmallJobs.tiny().stages(2).epochs(100_000);
        return kept ? job.runDirectory(folder.resolve("run")) : job;
    }

    private static void assertStopped(TrainingResult result, long least) {
        assertThat(result.completed()).isFalse();
        assertThat(result.stopReason()).contains(REASON);
        assertThat(result.steps()).isGreaterThanOrEqualTo(least);
    }

    private void assertCheckpointOf(TrainingResult result) {
        Checkpoint newest = RunDirectory.open(folder.resolve("run")).newest().orElseThrow();
        assertThat(newest.step()).isEqualTo(result.steps());
        assertThat(folder.resolve("run").resolve("model.safetensors")).exists();
        TrainingResult rest = stopAtOnce(SmallJobs.tiny().epochs(100_000).resume(folder.resolve("run")));
        assertThat(rest.steps()).isGreaterThanOrEqualTo(result.steps());
    }

    private static TrainingResult stopAtOnce(JobBuilder job) {
        return Ketju.fit(job.build(), TrainingListener.controlling((event, run) -> run.stop("seen")));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> ketjuThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.contains("ketju"))
                .toList();
    }
}
