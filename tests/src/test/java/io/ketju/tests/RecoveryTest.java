package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.JobKey;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.run.Training;
import io.ketju.cluster.KetjuCluster;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.deploy.config.Setting;
import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Runs that lose workers go on by themselves, to the bits of a run that nobody disturbed, and tell everything once. */
class RecoveryTest {
    private static final int EPOCHS = 5;

    /** Losses in a row, for the times of recovery: {@code -Dketju.recoveries=20}. */
    private static final int RECOVERIES = Integer.getInteger("ketju.recoveries", 0);

    /** Whether all workers are killed at once: nobody is left to go on with. */
    private static final boolean ALL = Boolean.getBoolean("ketju.recoveries.all");

    private static final int WORKERS = Integer.getInteger("ketju.recoveries.workers", 2);

    @TempDir
    private Path folder;

    /** A worker while all join, then one in the middle of an epoch, then one when an epoch has ended: its checkpoint is being taken. */
    @Test
    void aLaunchedRunThatLosesWorkersInEveryPhaseTellsEverythingOnceAndHasTheBits() {
        TrainingJob job = job(EPOCHS, 10);
        try (WatchedLaunch launch = new WatchedLaunch(job, 2, (event, own) -> {
            boolean joining = own.events().size() == 1;
            boolean inEpoch = event instanceof TrainingEvent.StepFinished step && step.step() == 40;
            if (joining || inEpoch || isEndOf(event, 3)) {
                own.oldest().destroyForcibly();
            }
        })) {
            TrainingResult result = launch.result();

            assertThat(result.completed()).isTrue();
            assertThat(result.stateSha256()).isEqualTo(Oracle.of(job).stateSha256());
            toldOnce(launch.events(), job);
            assertThat(launch.events().stream().filter(TrainingEvent.Restarted.class::isInstance))
                    .hasSizeGreaterThanOrEqualTo(2);
        }
    }

    /** Both at once: nothing is left but the checkpoint, and two fresh processes. The data is here alone, so this JVM feeds. */
    @Test
    @Tag("long")
    void aRunWhoseWorkersAllDieGoesOnWithFreshOnes() {
        TrainingJob job = withBatchesMadeInCode(job(EPOCHS, 10));
        try (WatchedLaunch launch = new WatchedLaunch(job, 2, (event, own) -> {
            if (isEndOf(event, 2)) {
                own.processes().forEach(Process::destroyForcibly);
            }
        })) {
            assertThat(launch.result().stateSha256()).isEqualTo(Oracle.of(job).stateSha256());
            toldOnce(launch.events(), job);
        }
    }

    /** Within the first data epoch, when no checkpoint has been taken: the run goes on near where it was. */
    @Test
    void aRunThatLosesAWorkerWithinAnEpochGoesOnFromCopiesInMemory() {
        TrainingJob job = JobAssembly.build(JobFile.parse("copies.conf", String.join("\n", DigitsJob.lines(1)))
                .with(new Setting(JobKey.BATCH, 12, "the test"))
                .with(new Setting(JobKey.COPY_EVERY, 1, "the test")));
        try (WatchedLaunch launch = new WatchedLaunch(job, 2, (event, own) -> {
            if (event instanceof TrainingEvent.StepFinished step && step.step() == 80) {
                own.oldest().destroyForcibly();
            }
        })) {
            assertThat(launch.result().stateSha256()).isEqualTo(Oracle.of(job).stateSha256());
            toldOnce(launch.events(), job);
            assertThat(launch.events().stream().filter(TrainingEvent.Restarted.class::isInstance))
                    .hasSize(1)
                    .allMatch(event -> ((TrainingEvent.Restarted) event).firstStep() > 40);
        }
    }

    /** So does one whose stages have replicas in different numbers: replicas get their weights from the first of their stage. */
    @Test
    @Tag("long")
    void stagesOfDifferentReplicasGoOnAfterALossToo() {
        TrainingJob job = JobAssembly.build(JobFile.parse("replicas.conf", String.join("\n", DigitsJob.lines(2)))
                .with(new Setting(JobKey.BATCH, 48, "the test"))
                .with(new Setting(JobKey.MICROBATCHES, 4, "the test"))
                .with(new Setting(JobKey.GRADIENT_GROUPS, 2, "the test"))
                .with(new Setting(JobKey.REPLICAS, List.of(2, 1), "the test"))
                .with(new Setting(JobKey.COPY_EVERY, 1, "the test")));
        try (WatchedLaunch launch = new WatchedLaunch(job, 2, (event, own) -> {
            if (event instanceof TrainingEvent.StepFinished step && step.step() == 30) {
                own.oldest().destroyForcibly();
            }
        })) {
            assertThat(launch.result().stateSha256()).isEqualTo(Oracle.of(job).stateSha256());
            toldOnce(launch.events(), job);
            assertThat(launch.events().stream().filter(TrainingEvent.Restarted.class::isInstance))
                    .hasSize(1);
        }
    }

    /** A node that waits takes the place of one that is stopped, which finds itself shut out when it wakes. */
    @Test
    @EnabledIfSystemProperty(named = "ketju.stops", matches = "true")
    void aStoppedWorkerIsReplacedByASpareAndServesAgainWhenItWakes() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(folder, DigitsJob.lines(EPOCHS))) {
            List<ChildProcess> nodes =
                    List.of(cluster.startFirstWorker(), cluster.startWorker(), cluster.startWorker());
            nodes.forEach(node -> node.awaitLine(line -> line.startsWith("ready: ")));
            TrainingJob job = cluster.job();
            List<TrainingEvent> events = new ArrayList<>();
            CompletableFuture<ChildProcess> stopped = new CompletableFuture<>();
            TrainingListener listener = event -> {
                events.add(event);
                if (isEndOf(event, 2)) {
                    stopped.complete(nodes.stream()
                            .skip(1)
                            .filter(node -> assigned(node) > 0)
                            .findFirst()
                            .orElseThrow());
                    stopped.join().signal("STOP");
                }
                if (event instanceof TrainingEvent.Restarted) {
                    stopped.join().signal("CONT");
                }
            };
            try (Training training = KetjuCluster.start(job, cluster.options(2), listener)) {
                TrainingResult result = training.await();
                assertThat(result.stateSha256()).isEqualTo(Oracle.of(job).stateSha256());
            }
            toldOnce(events, job);
            assertThat(events.stream().filter(TrainingEvent.Restarted.class::isInstance))
                    .hasSize(1)
                    .allMatch(event -> ((TrainingEvent.Restarted) event).workers() == 2);
            assertThat(assigned(stopped.join())).as("%s", stopped.join()).isEqualTo(1);
            stopped.join().awaitLine(printed -> printed.contains(": ended: "));
            assertThat(stopped.join().handle().isAlive()).isTrue();
        }
    }

    @Test
    void theLimitIsOneLine() throws IOException {
        try (ProcessCluster cluster = new ProcessCluster(folder, DigitsJob.lines(500))) {
            Path run = cluster.run("run");
            ChildProcess launch = cluster.startJob(
                    "launch", "--plain", "--nodes", "2", "--run-dir", run.toString(), "--max-restarts", "1");
            List<ProcessHandle> workers = launch.awaitWorkers(2);
            launch.awaitLine(line -> line.startsWith("epoch   1/"));
            workers.getFirst().destroyForcibly();
            launch.awaitLine(line -> line.contains(": goes on with step "));
            workers.getLast().destroyForcibly();

            assertThat(launch.awaitExit()).as("%s", launch).isEqualTo(1);
            assertThat(launch.err()).as("%s", launch).hasSize(1);
            assertThat(launch.err().getFirst())
                    .contains("; not started again: 1 within an hour is the limit (max-restarts)")
                    .contains("; go on with ");
        }
    }

    /**
     * From the kill to the next step that was not taken before, and until the run has as many workers as before; prints what it found. A
     * worker is killed when that is so, or all of them at once.
     */
    @Test
    @EnabledIfSystemProperty(named = "ketju.recoveries", matches = "\\d+")
    void timesOfRecovery() {
        TrainingJob job = JobAssembly.build(
                JobFile.read(Launcher.repository().resolve("jobs").resolve("mlp-digits.conf"))
                        .with(new Setting(JobKey.STAGES, WORKERS, "the test"))
                        .with(new Setting(JobKey.EPOCHS, 100_000, "the test"))
                        .with(new Setting(JobKey.MAX_RESTARTS, 1000, "the test")));
        double[] again = new double[RECOVERIES];
        double[] onward = new double[RECOVERIES];
        double[] whole = new double[RECOVERIES];
        int restarts = 0;
        try (WatchedLaunch launch = new WatchedLaunch(job, WORKERS, (event, own) -> {})) {
            long moment = launch.await(0, event -> isEndOf(event, 3));
            for (int number = 0; number < RECOVERIES; number++) {
                long killed = System.nanoTime();
                if (ALL) {
                    launch.processes().forEach(Process::destroyForcibly);
                } else {
                    launch.oldest().destroyForcibly();
                }
                WatchedLaunch.Told began = launch.awaitTold(killed, TrainingEvent.Restarted.class::isInstance);
                moment = launch.await(began.nanos(), TrainingEvent.StepFinished.class::isInstance);
                again[number] = seconds(killed, began.nanos());
                onward[number] = seconds(killed, moment);
                WatchedLaunch.Told full = launch.awaitTold(killed, event -> isWhole(event));
                whole[number] = seconds(killed, full.nanos());
                restarts = restarts(launch);
                System.out.printf(
                        "loss %d: again %.2f s on %d, next step %.2f s, whole %.2f s%s%n",
                        number,
                        again[number],
                        ((TrainingEvent.Restarted) began.event()).workers(),
                        onward[number],
                        whole[number],
                        full.event() instanceof TrainingEvent.Repartitioned moved ? " after " + moved.stall() : "");
                moment = launch.await(Math.max(moment, full.nanos()), TrainingEvent.EpochFinished.class::isInstance);
            }
        }
        System.out.printf("%d workers, %d losses, all at once: %s%n", WORKERS, RECOVERIES, ALL);
        print("begins again", again);
        print("next step", onward);
        print("as many workers as before", whole);
        assertThat(restarts).as("starts that losses asked for").isEqualTo(RECOVERIES);
        assertThat(Duration.ofMillis((long) (1000 * onward[RECOVERIES / 2])))
                .isLessThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(Duration.ofMillis((long) (1000 * onward[RECOVERIES - 1])))
                .isLessThanOrEqualTo(Duration.ofSeconds(15));
    }

    private static void print(String what, double[] times) {
        Arrays.sort(times);
        System.out.printf("%s: p50 %.2f s, max %.2f s%n", what, times[RECOVERIES / 2], times[RECOVERIES - 1]);
    }

    private static boolean isWhole(TrainingEvent event) {
        return (event instanceof TrainingEvent.Restarted begun && begun.workers() == WORKERS)
                || (event instanceof TrainingEvent.Repartitioned moved && moved.workers() == WORKERS);
    }

    private static int restarts(WatchedLaunch launch) {
        return (int) launch.events().stream()
                .filter(TrainingEvent.Restarted.class::isInstance)
                .count();
    }

    /** How often a node was given stages. */
    private static long assigned(ChildProcess node) {
        return node.out().stream().filter(line -> line.contains(": assigned ")).count();
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    private static boolean isEndOf(TrainingEvent event, int epoch) {
        return event instanceof TrainingEvent.EpochFinished done && done.epoch() == epoch;
    }

    static void toldOnce(List<TrainingEvent> events, TrainingJob job) {
        assertThat(events.stream().filter(TrainingEvent.Started.class::isInstance))
                .hasSize(1);
        assertThat(events.stream()
                        .filter(TrainingEvent.StepFinished.class::isInstance)
                        .map(event -> ((TrainingEvent.StepFinished) event).step()))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, job.totalSteps()).boxed().toList());
        assertThat(events.stream()
                        .filter(TrainingEvent.EpochFinished.class::isInstance)
                        .map(event -> ((TrainingEvent.EpochFinished) event).epoch()))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, job.epochs()).boxed().toList());
    }

    private static TrainingJob job(int epochs, int restarts) {
        return JobAssembly.build(JobFile.parse("recovery.conf", String.join("\n", DigitsJob.lines(epochs)))
                .with(new Setting(JobKey.MAX_RESTARTS, restarts, "the test")));
    }

    private static TrainingJob withBatchesMadeInCode(TrainingJob job) {
        return new TrainingJob(
                job.name(),
                job.source(),
                job.model(),
                Optional.empty(),
                job.train(),
                job.test(),
                job.epochs(),
                job.pipeline(),
                job.threads(),
                job.runDirectory(),
                job.checkpoints(),
                job.traced(),
                job.maxRestarts(),
                job.rebalance(),
                job.bestEpoch(),
                job.initialState(),
                job.resume());
    }
}
