package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A start that is to end where another can go on. */
class PauseTest {
    /** 2 epochs of 3 steps and 2 evaluations; a checkpoint after each: windows 0 to 4 and 5 to 9. */
    private static final RunLength SIZES = new RunLength(1, 3, 2, 2, 1);

    private final CoordinatorMachine machine = CoordinatorDriver.machine(SIZES, 0);
    private final List<String> done = new ArrayList<>();
    private final CoordinatorDriver driver = new CoordinatorDriver(machine, done);

    private void begin() {
        driver.start();
        done.clear();
    }

    private void saved(long step) {
        driver.readyAll(step);
        driver.saveAll(step);
        driver.on(new CoordinatorEvent.ManifestCommitted(step));
    }

    @Test
    void betweenStepsItEndsWithACheckpoint() {
        begin();
        driver.on(new CoordinatorEvent.PauseRequested());
        driver.finishAll(0);
        driver.finishAll(1);
        assertThat(done).containsExactly("window 0", "window 1", "save 2");
        saved(2);
        driver.releaseAll();
        assertThat(done.subList(3, done.size()))
                .containsExactly(
                        "copied 2",
                        "commit 2",
                        "awaited checkpoint 2",
                        "release the run goes on with other stages",
                        "end Optional.empty Optional.empty");
        assertThat(machine.completed()).isFalse();
        assertThat(machine.completedSteps()).isEqualTo(2);
    }

    /** A start begins with a step: what the rest of the evaluation gives would be lost. */
    @Test
    void anEvaluationIsDoneWhole() {
        begin();
        driver.finishAll(0);
        driver.finishAll(1);
        assertThat(done).containsExactly("window 0", "grant 2", "window 1", "grant 3");
        done.clear();
        driver.on(new CoordinatorEvent.PauseRequested());
        driver.finishAll(2);
        driver.finishAll(3);
        driver.finishAll(4);
        assertThat(done).containsExactly("window 2", "grant 4", "window 3", "window 4", "save 3");
        saved(3);
        assertThat(done).last().isEqualTo("release the run goes on with other stages");
    }

    @Test
    void whereNothingWasDoneNothingIsSaved() {
        driver.advanceTo(2);
        driver.on(new CoordinatorEvent.PauseRequested());
        done.clear();
        driver.on(new CoordinatorEvent.WorkerConnected(0));
        driver.on(new CoordinatorEvent.WorkerConnected(1));
        assertThat(done).containsExactly("start", "release the run goes on with other stages");
    }

    @Test
    void aRunThatIsDoneByThenIsComplete() {
        begin();
        driver.finishAll(0);
        driver.finishAll(1);
        driver.finishAll(2);
        driver.finishAll(3);
        driver.finishAll(4);
        saved(3);
        for (int window = 5; window < 8; window++) {
            driver.finishAll(window);
        }
        driver.on(new CoordinatorEvent.PauseRequested());
        driver.finishAll(8);
        driver.finishAll(9);
        saved(6);
        driver.releaseAll();
        assertThat(done).contains("release the run is complete");
        assertThat(machine.completed()).isTrue();
    }

    @Test
    void aStopCountsMore() {
        begin();
        driver.on(new CoordinatorEvent.PauseRequested());
        driver.on(new CoordinatorEvent.StopRequested("enough"));
        driver.finishAll(0);
        driver.finishAll(1);
        saved(2);
        driver.releaseAll();
        assertThat(done).endsWith("release enough", "end Optional.empty Optional[enough]");
    }

    @Test
    void timesOfStagesAreThoseOfTrainingSteps() {
        List<List<Double>> told = new ArrayList<>();
        StagePace pace = new StagePace(2, 2, told::add);
        EpochSequence windows = new EpochSequence(SIZES, 0);
        for (int number = 0; number < 10; number++) {
            pace.busy(0, number, 10L + number);
            pace.busy(1, number, 100);
            pace.busy(2, number, 7);
            windows.next().ifPresent(pace::finished);
        }
        // Steps are windows 0, 1, 2 and 5, 6, 7; those between are evaluations.
        assertThat(told).containsExactly(List.of(10.5, 100.0), List.of(13.5, 100.0), List.of(16.5, 100.0));
    }
}
