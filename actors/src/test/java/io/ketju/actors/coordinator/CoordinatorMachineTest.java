package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.Refusal;
import io.ketju.actors.message.RunFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoordinatorMachineTest {
    /** 2 epochs of 3 steps and 1 evaluation; a checkpoint after each. */
    private static final RunLength SIZES = new RunLength(1, 3, 1, 2, 1);

    private final CoordinatorMachine machine = CoordinatorDriver.machine(SIZES, 0);
    private final List<String> done = new ArrayList<>();

    @Test
    void livesANormalLife() {
        start();
        List<String> log = new ArrayList<>(done);
        done.clear();
        runToEnd(new Random(0));
        assertThat(log).containsExactly("place", "connect", "start", "grant 0", "grant 1");
        assertThat(done)
                .containsExactly(
                        "window 0",
                        "grant 2",
                        "window 1",
                        "grant 3",
                        "window 2",
                        "window 3",
                        "save 3",
                        "copied 3",
                        "grant 4",
                        "grant 5",
                        "commit 3",
                        "checkpoint 3",
                        "window 4",
                        "grant 6",
                        "window 5",
                        "grant 7",
                        "window 6",
                        "window 7",
                        "save 6",
                        "copied 6",
                        "commit 6",
                        "awaited checkpoint 6",
                        "release the run is complete",
                        "end Optional.empty Optional.empty");
        assertThat(machine.completed()).isTrue();
        assertThat(machine.completedSteps()).isEqualTo(6);
    }

    @Test
    void shortWindowsAreGrantedUpToTheCheckpoint() {
        start();
        done.clear();
        for (int stage = 0; stage < 3; stage++) {
            on(CoordinatorDriver.finished(stage, 0, 1000));
        }
        assertThat(done).containsExactly("window 0", "grant 2", "grant 3");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void theOrderOfReportsDoesNotMatter(long seed) {
        start();
        runToEnd(new Random(seed));
        CoordinatorMachine other = CoordinatorDriver.machine(SIZES, 0);
        List<String> expected = new ArrayList<>();
        CoordinatorDriver driver = new CoordinatorDriver(other, expected);
        driver.start();
        driver.runToEnd(new Random(0));
        assertThat(done).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void duplicatesAndStrangersChangeNothing() {
        start();
        done.clear();
        on(CoordinatorDriver.finished(0, 0));
        on(CoordinatorDriver.finished(0, 0));
        on(CoordinatorDriver.finished(7, 0));
        on(CoordinatorDriver.finished(-1, 0));
        on(CoordinatorDriver.finished(1, 99));
        on(new CoordinatorEvent.ShardSaved(0, 3, CoordinatorDriver.shard(0)));
        on(new CoordinatorEvent.ManifestCommitted(3));
        on(new CoordinatorEvent.WorkerReleased(0));
        on(new CoordinatorEvent.ReleaseTimedOut());
        assertThat(done).isEmpty();
        on(CoordinatorDriver.finished(1, 0));
        on(CoordinatorDriver.finished(2, 0));
        assertThat(done).containsExactly("window 0", "grant 2");
    }

    @Test
    void aStopWhileRunningTakesACheckpointAtTheStep() {
        start();
        done.clear();
        on(new CoordinatorEvent.StopRequested("enough"));
        on(new CoordinatorEvent.StopRequested("again"));
        assertThat(done).isEmpty();
        finishAll(0);
        finishAll(1);
        assertThat(done).containsExactly("window 0", "window 1", "save 2");
        readyAll(2);
        saveAll(2);
        on(new CoordinatorEvent.ManifestCommitted(2));
        releaseAll();
        assertThat(done.subList(3, done.size()))
                .containsExactly(
                        "copied 2",
                        "commit 2",
                        "awaited checkpoint 2",
                        "release enough",
                        "end Optional.empty Optional[enough]");
        assertThat(machine.completed()).isFalse();
    }

    @Test
    void aStopWhileACheckpointIsTakenWaitsForIt() {
        start();
        for (int window = 0; window < 4; window++) {
            finishAll(window);
        }
        done.clear();
        on(new CoordinatorEvent.StopRequested("enough"));
        assertThat(done).isEmpty();
        readyAll(3);
        saveAll(3);
        on(new CoordinatorEvent.ManifestCommitted(3));
        assertThat(done).containsExactly("copied 3", "commit 3", "awaited checkpoint 3", "release enough");
    }

    @Test
    void aStopBeforeTheFirstStepEndsAtOnce() {
        on(new CoordinatorEvent.StopRequested("early"));
        assertThat(done).containsExactly("end Optional.empty Optional[early]");
    }

    @Test
    void aStopWhilePlacingOrConnectingReleases() {
        on(new CoordinatorEvent.WorkersReady());
        on(new CoordinatorEvent.StopRequested("early"));
        on(new CoordinatorEvent.WorkerPlaced(0));
        on(new CoordinatorEvent.WorkerPlaced(1));
        releaseAll();
        assertThat(done).containsExactly("place", "release early", "end Optional.empty Optional[early]");
    }

    @Test
    void aFailureEndsTheRunWhateverItDoes() {
        for (int moment = 0; moment < 6; moment++) {
            List<String> log = new ArrayList<>();
            CoordinatorDriver driver = new CoordinatorDriver(CoordinatorDriver.machine(SIZES, 0), log);
            driver.advanceTo(moment);
            log.clear();
            driver.on(new CoordinatorEvent.Failed(new RunFailure.StageFailed(1, 2, "broken")));
            driver.on(new CoordinatorEvent.Failed(new RunFailure.BadData("later")));
            driver.on(new CoordinatorEvent.ManifestCommitted(3)); // which moment 5 waits for
            driver.releaseAll();
            assertThat(log)
                    .as("moment %d", moment)
                    .last()
                    .isEqualTo("end Optional[stage 1, step 2: broken] Optional.empty");
            driver.on(CoordinatorDriver.finished(0, 0));
            assertThat(log).as("moment %d", moment).hasSize(moment == 0 ? 1 : moment == 5 ? 3 : 2);
        }
    }

    @Test
    void aWorkerThatNeverPlacedIsNotWaitedFor() {
        on(new CoordinatorEvent.WorkersReady());
        on(new CoordinatorEvent.WorkerPlaced(0));
        on(new CoordinatorEvent.WorkerFailed(1, refused(Refusal.Reason.BUSY, "busy")));
        on(new CoordinatorEvent.WorkerReleased(0));
        assertThat(done)
                .containsExactly("place", "release worker 1: busy", "end Optional[worker 1: busy] Optional.empty");
    }

    @Test
    void aWorkerThatFailsToConnectIsWaitedFor() {
        on(new CoordinatorEvent.WorkersReady());
        on(new CoordinatorEvent.WorkerPlaced(0));
        on(new CoordinatorEvent.WorkerPlaced(1));
        on(new CoordinatorEvent.WorkerFailed(1, refused(Refusal.Reason.UNCONNECTED, "no way")));
        on(new CoordinatorEvent.WorkerReleased(0));
        assertThat(done).last().isEqualTo("release worker 1: no way");
        on(new CoordinatorEvent.WorkerReleased(1));
        assertThat(done).last().isEqualTo("end Optional[worker 1: no way] Optional.empty");
    }

    @Test
    void aWorkerThatIsLostIsNotWaitedFor() {
        start();
        on(new CoordinatorEvent.WorkerLost(0, CoordinatorDriver.LOST));
        on(new CoordinatorEvent.WorkerReleased(1));
        assertThat(done)
                .last()
                .isEqualTo("end Optional[worker 127.0.0.1:4711 with stages 0, 1 was lost after step 2] Optional.empty");
    }

    @Test
    void aWorkerThatIsLostAfterTheEndIsNoFailure() {
        start();
        new CoordinatorDriver(machine, done).finishEverything();
        assertThat(done).last().isEqualTo("release the run is complete");
        on(new CoordinatorEvent.WorkerLost(0, CoordinatorDriver.LOST));
        on(new CoordinatorEvent.WorkerReleased(1));
        assertThat(done).last().isEqualTo("end Optional.empty Optional.empty");
    }

    @Test
    void anEffectThatFailsAtTheVeryEndStillReleases() {
        start();
        new CoordinatorDriver(machine, done).finishEverything();
        done.clear();
        on(new CoordinatorEvent.EffectFailed(new RunFailure.CoordinatorFailed("a listener failed")));
        on(new CoordinatorEvent.EffectFailed(new RunFailure.CoordinatorFailed("again")));
        assertThat(done).containsExactly("release a listener failed");
        releaseAll();
        assertThat(done).last().isEqualTo("end Optional[a listener failed] Optional.empty");
        assertThat(machine.completed()).isFalse();
    }

    @Test
    void silentWorkersAreGivenUp() {
        start();
        on(new CoordinatorEvent.Failed(new RunFailure.Aborted("broken")));
        on(new CoordinatorEvent.ReleaseTimedOut());
        assertThat(done).last().isEqualTo("end Optional[broken] Optional.empty");
    }

    @Test
    void saysWhatItWaitsFor() {
        on(new CoordinatorEvent.WorkersReady());
        on(new CoordinatorEvent.WorkerPlaced(0));
        assertThat(machine.waitsFor()).isEqualTo("workers {1} to place their stages");
        on(new CoordinatorEvent.WorkerPlaced(1));
        assertThat(machine.waitsFor()).isEqualTo("workers {0, 1} to connect their stages");
        on(new CoordinatorEvent.WorkerConnected(0));
        on(new CoordinatorEvent.WorkerConnected(1));
        on(CoordinatorDriver.finished(1, 0));
        assertThat(machine.waitsFor()).isEqualTo("step 1 waits for stage 0, 2");
    }

    @Test
    void aCompleteRunThatIsResumedOnlyEvaluates() {
        List<String> log = new ArrayList<>();
        CoordinatorDriver driver = new CoordinatorDriver(CoordinatorDriver.machine(SIZES, 6), log);
        driver.start();
        driver.finishAll(0);
        assertThat(log)
                .containsExactly("place", "connect", "start", "grant 0", "window 0", "release the run is complete");
    }

    private static RunFailure refused(Refusal.Reason reason, String cause) {
        return new RunFailure.WorkerRefused("worker 1", new Refusal(reason, cause));
    }

    private void start() {
        new CoordinatorDriver(machine, done).start();
    }

    private void runToEnd(Random random) {
        new CoordinatorDriver(machine, done).runToEnd(random);
    }

    private void on(CoordinatorEvent event) {
        new CoordinatorDriver(machine, done).on(event);
    }

    private void finishAll(int window) {
        new CoordinatorDriver(machine, done).finishAll(window);
    }

    private void readyAll(long step) {
        new CoordinatorDriver(machine, done).readyAll(step);
    }

    private void saveAll(long step) {
        new CoordinatorDriver(machine, done).saveAll(step);
    }

    private void releaseAll() {
        new CoordinatorDriver(machine, done).releaseAll();
    }
}
