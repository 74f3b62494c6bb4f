package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checkpoints that are written while the next windows run: one at a time, and nothing bad in them. */
class CheckpointsBehindTest {
    /** 3 epochs of 2 steps and 1 evaluation; a checkpoint after each: windows 0 to 2, 3 to 5, 6 to 8. */
    private static final RunLength SIZES = new RunLength(1, 2, 1, 3, 1);

    private final List<String> done = new ArrayList<>();
    private final CoordinatorMachine machine = CoordinatorDriver.machine(SIZES, 0);
    private final CoordinatorDriver driver = new CoordinatorDriver(machine, done);

    @Test
    void windowsGoOnWhenAllHaveCopied() {
        toFirstCheckpoint();
        ready(0, 2);
        ready(2, 2);
        driver.on(new CoordinatorEvent.ShardSaved(2, 2, CoordinatorDriver.shard(2)));
        assertThat(done).as("one is missing").isEmpty();
        ready(1, 2);
        assertThat(done).containsExactly("copied 2", "grant 3", "grant 4");
        assertThat(machine.idle()).isFalse();
        done.clear();
        driver.finishAll(3);
        driver.saveAll(2);
        driver.on(new CoordinatorEvent.ManifestCommitted(2));
        assertThat(done).containsExactly("window 3", "grant 5", "commit 2", "checkpoint 2");
    }

    @Test
    void theNextOneWaitsUntilTheLastIsCommitted() {
        toFirstCheckpoint();
        allReady(2);
        finishAll(3, 4, 5);
        assertThat(done).last().isEqualTo("window 5");
        assertThat(machine.waitsFor()).isEqualTo("the checkpoint of step 2");
        assertThat(machine.idle()).as("a writer that hangs is noticed").isFalse();
        done.clear();
        driver.saveAll(2);
        assertThat(done).containsExactly("commit 2");
        driver.on(new CoordinatorEvent.ManifestCommitted(2));
        assertThat(done).containsExactly("commit 2", "awaited checkpoint 2", "save 4");
    }

    @Test
    void theLastOneIsWaitedFor() {
        toLastCheckpoint();
        allReady(6);
        assertThat(done).containsExactly("save 6", "copied 6");
        driver.saveAll(6);
        driver.on(new CoordinatorEvent.ManifestCommitted(6));
        assertThat(done)
                .containsExactly(
                        "save 6", "copied 6", "commit 6", "awaited checkpoint 6", "release the run is complete");
    }

    @Test
    void aStopMeanwhileTakesAnotherCheckpointAfterIt() {
        toFirstCheckpoint();
        allReady(2);
        driver.on(new CoordinatorEvent.StopRequested("enough"));
        finishAll(3, 4);
        assertThat(done).as("one at a time").last().isEqualTo("window 4");
        done.clear();
        driver.saveAll(2);
        driver.on(new CoordinatorEvent.ManifestCommitted(2));
        assertThat(done).containsExactly("commit 2", "awaited checkpoint 2", "save 4");
        done.clear();
        allReady(4);
        driver.saveAll(4);
        driver.on(new CoordinatorEvent.ManifestCommitted(4));
        assertThat(done).containsExactly("copied 4", "commit 4", "awaited checkpoint 4", "release enough");
    }

    @Test
    void whatABrokenStageLeavesInTheHandsOfItsWriterIsCommitted() {
        toFirstCheckpoint();
        allReady(2);
        done.clear();
        driver.on(new CoordinatorEvent.Failed(new RunFailure.StageFailed(1, 3, "broken")));
        driver.on(new CoordinatorEvent.Failed(new RunFailure.BadData("follows from it")));
        driver.on(new CoordinatorEvent.StopRequested("enough"));
        driver.finishAll(3);
        assertThat(done).isEmpty();
        assertThat(machine.waitsFor()).isEqualTo("the checkpoint of step 2");
        driver.saveAll(2);
        driver.on(new CoordinatorEvent.ManifestCommitted(2));
        driver.releaseAll();
        assertThat(done)
                .containsExactly(
                        "commit 2",
                        "checkpoint 2",
                        "release stage 1, step 3: broken",
                        "end Optional[stage 1, step 3: broken] Optional[enough]");
    }

    @Test
    void aLostWorkerIsNotWaitedFor() {
        toFirstCheckpoint();
        allReady(2);
        done.clear();
        driver.on(new CoordinatorEvent.WorkerLost(0, CoordinatorDriver.LOST));
        assertThat(done).containsExactly("release " + CoordinatorDriver.LOST.line());
        driver.saveAll(2);
        driver.on(new CoordinatorEvent.ManifestCommitted(2));
        assertThat(done).as("given up").hasSize(1);
    }

    @Test
    void aWorkerThatIsLostAfterAFailureEndsTheWait() {
        toFirstCheckpoint();
        allReady(2);
        done.clear();
        driver.on(new CoordinatorEvent.Failed(new RunFailure.BadData("no such image")));
        driver.on(new CoordinatorEvent.WorkerLost(0, CoordinatorDriver.LOST));
        driver.on(new CoordinatorEvent.WorkerReleased(1));
        assertThat(done)
                .containsExactly(
                        "release batch feeder: no such image",
                        "end Optional[batch feeder: no such image] Optional.empty");
    }

    @Test
    void aShardThatCannotBeWrittenEndsTheRunAtOnce() {
        toFirstCheckpoint();
        allReady(2);
        done.clear();
        driver.on(new CoordinatorEvent.Failed(new RunFailure.ShardNotWritten(1, 3, "disk full")));
        assertThat(done)
                .hasSize(1)
                .last()
                .asString()
                .startsWith("release stage 1")
                .endsWith("disk full");
    }

    @Test
    void whatIsNotFiniteAfterTheCopyIsNotInIt() {
        toFirstCheckpoint();
        allReady(2);
        done.clear();
        Window next = new Window(3, Window.Phase.TRAIN, 3, 2, 2, 2);
        driver.on(new CoordinatorEvent.NonFiniteFound(new NonFinite(
                NonFinite.Kind.GRADIENT, next, 0, 2, "the gradient of 4.weight is NaN at [0]", "layer 4")));
        driver.on(CoordinatorDriver.finished(1, 3));
        driver.on(new CoordinatorEvent.ShardSaved(0, 2, CoordinatorDriver.shard(0)));
        assertThat(done).as("a shard of the step before is no news of stage 0").isEmpty();
        driver.on(CoordinatorDriver.finished(0, 3));
        assertThat(done).as("the sound checkpoint comes first").isEmpty();
        driver.saveAll(2);
        driver.on(new CoordinatorEvent.ManifestCommitted(2));
        assertThat(done)
                .startsWith("commit 2", "checkpoint 2")
                .last()
                .asString()
                .startsWith("release step 3: the gradient");
    }

    @Test
    void aStateThatIsNotFiniteIsNeverCommitted() {
        toFirstCheckpoint();
        Window last = new Window(2, Window.Phase.EVALUATE, 2, 2, 2, 2);
        ready(0, 2);
        driver.on(new CoordinatorEvent.ShardSaved(0, 2, CoordinatorDriver.shard(0)));
        driver.on(new CoordinatorEvent.NonFiniteFound(
                new NonFinite(NonFinite.Kind.STATE, last, 0, 1, "optimizer state 2.weight.exp_avg is NaN", "layer 2")));
        ready(2, 2);
        driver.on(new CoordinatorEvent.ShardSaved(2, 2, CoordinatorDriver.shard(2)));
        driver.on(new CoordinatorEvent.ShardSaved(1, 2, CoordinatorDriver.shard(1)));
        assertThat(done).hasSize(1).last().asString().startsWith("release checkpoint of step 2: optimizer state");
    }

    @Test
    void whoGoesOnInPlaceWaitsForTheCommit() {
        List<String> log = new ArrayList<>();
        CoordinatorDriver inPlace = new CoordinatorDriver(
                CoordinatorDriver.machine(new RunLength(1, 2, 1, 3, 1, 0, false, false, false), 0), log);
        inPlace.start();
        IntStream.range(0, 3).forEach(inPlace::finishAll);
        log.clear();
        IntStream.range(0, 3).forEach(stage -> inPlace.on(new CoordinatorEvent.ShardReady(stage, 2)));
        assertThat(log).isEmpty();
        inPlace.saveAll(2);
        inPlace.on(new CoordinatorEvent.ManifestCommitted(2));
        assertThat(log).containsExactly("commit 2", "awaited checkpoint 2", "grant 3", "grant 4");
    }

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    /** Stages, writers and the manifest's writer answer in any order that each of them keeps by itself. */
    @ParameterizedTest
    @MethodSource("seeds")
    void inWhateverOrderTheyAnswerOneAtATimeIsWritten(int seed) {
        new ShuffledCheckpoints(new Random(seed), "seed " + seed).runToEnd();
    }

    private void toFirstCheckpoint() {
        driver.start();
        finishAll(0, 1, 2);
        assertThat(done).last().isEqualTo("save 2");
        done.clear();
    }

    private void toLastCheckpoint() {
        toFirstCheckpoint();
        for (int epoch = 1; epoch < 3; epoch++) {
            allReady(2L * epoch);
            driver.saveAll(2L * epoch);
            driver.on(new CoordinatorEvent.ManifestCommitted(2L * epoch));
            done.clear();
            finishAll(3 * epoch, 3 * epoch + 1, 3 * epoch + 2);
            done.removeIf(line -> !line.startsWith("save"));
        }
    }

    private void finishAll(int... windows) {
        for (int window : windows) {
            driver.finishAll(window);
        }
    }

    private void ready(int stage, long step) {
        driver.on(new CoordinatorEvent.ShardReady(stage, step));
    }

    private void allReady(long step) {
        driver.readyAll(step);
    }
}
