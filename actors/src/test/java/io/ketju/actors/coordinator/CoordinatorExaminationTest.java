package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.Inspection.Outcome;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.NonFinite.Kind;
import io.ketju.pipeline.stage.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A run that meets NaN or infinity asks, or waits for, all stages before it ends. */
class CoordinatorExaminationTest {
    /** The second window, which is granted with the first. */
    private static final Window SECOND = new Window(1, Window.Phase.TRAIN, 2, 4, 2, 4);

    private final List<String> done = new ArrayList<>();
    private final CoordinatorDriver driver =
            new CoordinatorDriver(CoordinatorDriver.machine(new RunLength(1, 3, 1, 2, 1), 0), done);

    @Test
    void ofABadLossEveryStageIsAsked() {
        start();
        driver.on(CoordinatorDriver.finished(1, 0));
        driver.on(new CoordinatorEvent.NonFiniteFound(new NonFinite(Kind.LOSS, SECOND, 1, 2, "the loss is NaN", "")));
        // messages of other stages about the window before may come late: that window is still announced
        driver.on(CoordinatorDriver.finished(0, 0));
        driver.on(CoordinatorDriver.finished(2, 0));
        answer(2, Outcome.ARRIVED, "");
        answer(0, Outcome.FINITE, "");
        answer(0, Outcome.ARRIVED, "");
        assertThat(done).containsExactly("inspect 1/1", "window 0");
        answer(1, Outcome.BEGAN, "layer 3 ReLU(), whose output is NaN at [0]");
        driver.releaseAll();
        String line = "step 2, micro-batch 1: the loss is NaN; it began in layer 3 ReLU(), whose output is NaN at [0]; "
                + "a smaller learning rate may help";
        assertThat(done.subList(2, done.size()))
                .containsExactly("release " + line, "end Optional[" + line + "] Optional.empty");
    }

    /** Stage 2 waits for stage 0's value of what they share, and has no more to say when that one stands still. */
    @Test
    void whoWaitsForAStageThatStandsStillIsNotWaitedFor() {
        Ties ties = new Ties(List.of(new Ties.Use("0.weight", 4, 0, 0, 2, true)));
        CoordinatorDriver tied =
                new CoordinatorDriver(CoordinatorDriver.machine(new RunLength(1, 3, 1, 2, 1), 0, Set.of(), ties), done);
        tied.start();
        done.clear();
        for (int stage = 0; stage < CoordinatorDriver.STAGES; stage++) {
            tied.on(CoordinatorDriver.finished(stage, 0));
        }
        tied.on(new CoordinatorEvent.NonFiniteFound(gradient(0, "0.weight", "layer 1")));
        assertThat(done).containsExactly("window 0", "grant 2");
        tied.on(CoordinatorDriver.finished(1, 1));
        assertThat(done).last().asString().startsWith("release step 2: the gradient of 0.weight is NaN at [0]");
    }

    @Test
    void ofBadGradientsTheFirstAndTheLastStageAreNamed() {
        start();
        finish(0);
        driver.on(new CoordinatorEvent.NonFiniteFound(gradient(1, "2.weight", "layer 3")));
        driver.on(new CoordinatorEvent.StopRequested("enough"));
        driver.on(new CoordinatorEvent.NonFiniteFound(
                new NonFinite(Kind.PARAMETER, SECOND, 0, 0, "parameter 0.weight is NaN at [0]", "layer 0")));
        assertThat(done).doesNotContain("grant 2").last().isEqualTo("window 0");
        driver.on(new CoordinatorEvent.NonFiniteFound(gradient(2, "4.weight", "layer 5")));
        assertThat(done)
                .last()
                .isEqualTo(
                        "release step 2: the gradient of 2.weight is NaN at [0]; backward met the first such gradient in "
                                + "layer 5; a smaller learning rate may help");
    }

    @Test
    void stagesThatFinishedTheWindowAreNotWaitedFor() {
        start();
        finish(0);
        driver.on(CoordinatorDriver.finished(2, 1));
        driver.on(new CoordinatorEvent.NonFiniteFound(gradient(0, "0.weight", "layer 1")));
        assertThat(done).last().isEqualTo("window 0");
        driver.on(CoordinatorDriver.finished(1, 1));
        assertThat(done).last().asString().startsWith("release step 2: the gradient of 0.weight is NaN at [0]; ");
    }

    @Test
    void beforeACheckpointStagesThatAreReadyMetNothing() {
        start();
        finish(0);
        finish(1);
        finish(2);
        driver.finishAll(3); // the last of the epoch, which evaluates
        assertThat(done).last().isEqualTo("save 3");
        Window last = new Window(3, Window.Phase.EVALUATE, 3, 2, 2, 2);
        driver.on(new CoordinatorEvent.ShardReady(2, 3));
        driver.on(new CoordinatorEvent.NonFiniteFound(
                new NonFinite(Kind.STATE, last, 0, 1, "optimizer state 2.weight.exp_avg is NaN at [0]", "layer 2")));
        assertThat(done).last().isEqualTo("save 3");
        driver.on(new CoordinatorEvent.ShardReady(0, 3));
        assertThat(done)
                .last()
                .asString()
                .startsWith("release checkpoint of step 3: optimizer state 2.weight.exp_avg is");
    }

    @Test
    void aWorkerThatIsLostMeanwhileEndsItWithWhatIsKnown() {
        start();
        finish(0);
        driver.on(new CoordinatorEvent.NonFiniteFound(new NonFinite(Kind.LOSS, SECOND, 0, 2, "the loss is NaN", "")));
        answer(2, Outcome.ARRIVED, "");
        driver.on(new CoordinatorEvent.WorkerLost(0, CoordinatorDriver.LOST));
        driver.on(new CoordinatorEvent.WorkerReleased(1));
        assertThat(done)
                .last()
                .isEqualTo(
                        "end Optional[step 2, micro-batch 0: the loss is NaN; the output of stage 1 was not finite, its "
                                + "layers are not known any more; a smaller learning rate may help] Optional.empty");
    }

    private void start() {
        driver.start();
        done.clear();
    }

    private void finish(int window) {
        driver.finishAll(window);
        done.removeIf(line -> line.startsWith("grant"));
    }

    private void answer(int stage, Outcome outcome, String layer) {
        driver.on(new CoordinatorEvent.MicrobatchInspected(new Inspection(stage, 1, 1, outcome, layer)));
        driver.on(new CoordinatorEvent.MicrobatchInspected(new Inspection(stage, 1, 0, outcome, layer)));
        driver.on(new CoordinatorEvent.MicrobatchInspected(new Inspection(stage, 0, 1, Outcome.BEGAN, "another")));
    }

    private static NonFinite gradient(int stage, String parameter, String layer) {
        return new NonFinite(Kind.GRADIENT, SECOND, 0, stage, "the gradient of " + parameter + " is NaN at [0]", layer);
    }
}
