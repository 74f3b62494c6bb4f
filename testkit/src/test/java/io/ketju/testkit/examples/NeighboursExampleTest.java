package io.ketju.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.run.TensorValues;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.Shape;
import io.ketju.testkit.StageProbe;
import io.ketju.testkit.TestedRank;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** First example: a stage between probes. */
class NeighboursExampleTest {
    // region first
    @Test
    void theFirstOfTwoStagesTakesOneStep() {
        try (TestedRank stage = TestedRank.of(SmallJob.job().build(), 0)) {
            StageProbe next = stage.next();
            float[] before = stage.parameter("0.weight");

            // The coordinator grants a mini-batch, and samples arrive, here in the wrong order.
            stage.grantStep();
            stage.feeder().feed("input", 1, TensorValues.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
            next.expectNothing();
            stage.feeder().feed("input", 0, TensorValues.of(new float[] {6, 5, 4, 3, 2, 1}, 2, 3));

            // The stage runs 0F0 and 0F1, in the order of its schedule: what it computed goes to its neighbour.
            for (int microbatch = 0; microbatch < 2; microbatch++) {
                TensorValues activation = next.expect(TensorKey.Kind.ACTIVATION, microbatch);
                assertThat(activation.shape()).isEqualTo(Shape.of(2, 4));
            }
            stage.expectNoReport();

            // Gradients come back; after the last one the stage updates its weights, and says that it has finished.
            for (int microbatch = 0; microbatch < 2; microbatch++) {
                next.send(
                        TensorKey.Kind.GRADIENT,
                        microbatch,
                        TensorValues.of(new float[] {1, 1, 1, 1, 1, 1, 1, 1}, 2, 4));
            }
            CoordinatorCommand.WindowFinished finished =
                    stage.coordinator().expectMessageClass(CoordinatorCommand.WindowFinished.class);
            assertThat(finished.metrics()).as("only the last stage measures").isEmpty();
            assertThat(stage.actions()).hasToString("[0F0, 0F1, 0B0, 0B1, 0S]");
            assertThat(stage.parameter("0.weight")).isNotEqualTo(before);
            assertThat(stage.leasesOutstanding()).isZero();
        }
    }
    // end region

    // region time
    @Test
    void ofManyShortWindowsSeveralAreReportedTogetherAfterAWhile() {
        try (TestedRank stage = TestedRank.withVirtualTime(SmallJob.job().build(), 0)) {
            for (int window = 0; window < 8; window++) {
                stage.grantStep(2, 1);
            }
            TensorKey input = new TensorKey(TestedRank.INCARNATION, 0, TensorKey.Kind.FED, 0, 0);
            stage.feeder().send(input, TensorValues.of(new float[6], 2, 3));
            TensorKey gradient = new TensorKey(TestedRank.INCARNATION, 0, TensorKey.Kind.GRADIENT, 0, 0);
            stage.next().send(gradient, TensorValues.of(new float[8], 2, 4));

            stage.pass(Duration.ofMillis(49));
            stage.expectNoReport();
            stage.pass(Duration.ofMillis(1));
            assertThat(stage.coordinator()
                            .expectMessageClass(CoordinatorCommand.WindowFinished.class)
                            .window())
                    .isZero();
        }
    }
    // end region
}
