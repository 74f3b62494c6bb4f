package io.ketju.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.StageCommand;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorPool;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

/**
 * Stages by hand, message by message. Read it to see what a stage hears and says during one step; copy it, with {@link
 * StageFixture}, to test stages of your own models.
 */
class StageActorExampleTest {
    private static final Shape INPUT = Shape.of(2, 3);
    private static final Shape ACTIVATION = Shape.of(2, 4);
    private static final long MOST_BYTES = TensorArena.bytesFor(ACTIVATION);

    // region job
    /** Four samples in two micro-batches; the cut is after ReLU. */
    private static TrainingJob job() {
        ArrayDataset samples = new ArrayDataset("example", Shape.of(3), new float[12], new int[] {0, 1, 0, 1});
        return Ketju.job()
                .model(Shape.of(3), Sequential.of(new Linear(3, 4), Activations.relu(), new Linear(4, 2)))
                .data(new DataSource("custom", samples, samples))
                .optimizer(new SGD(0.1))
                .stageBounds(List.of(0, 2, 3))
                .batchSize(4)
                .microbatches(2)
                .build();
    }
    // end region

    // region first
    @Test
    void theFirstOfTwoStagesTakesOneStep() {
        try (StageFixture stage = new StageFixture(job(), 0, MOST_BYTES)) {
            float[] before = stage.parameter("0.weight");

            // The coordinator grants a mini-batch, and samples arrive, here in the wrong order.
            stage.grantFirstStep();
            stage.deliverInput(1, INPUT, 1, 2, 3, 4, 5, 6);
            stage.deliverInput(0, INPUT, 6, 5, 4, 3, 2, 1);

            // The stage runs 0F0 and 0F1, in the order of its schedule: what it computed goes to its neighbour.
            for (int microbatch = 0; microbatch < 2; microbatch++) {
                StageCommand.DeliverTensor sent = stage.next().expectMessageClass(StageCommand.DeliverTensor.class);
                assertThat(sent.key()).isEqualTo(StageFixture.key(TensorKey.Kind.ACTIVATION, microbatch));
                assertThat(sent.lease().tensor().shape()).isEqualTo(ACTIVATION);
                sent.lease().close(); // the lease has moved: whoever receives it gives the buffer back
            }
            stage.coordinator().expectNoMessage();

            // Gradients come back; after the last one the stage updates its weights, and says that it has finished.
            stage.deliver(TensorKey.Kind.GRADIENT, 0, ACTIVATION, 1, 1, 1, 1, 1, 1, 1, 1);
            stage.deliver(TensorKey.Kind.GRADIENT, 1, ACTIVATION, 1, 1, 1, 1, 1, 1, 1, 1);

            CoordinatorCommand.WindowFinished finished =
                    stage.coordinator().expectMessageClass(CoordinatorCommand.WindowFinished.class);
            assertThat(finished.metrics()).as("only the last stage measures").isEmpty();
            assertThat(stage.parameter("0.weight")).isNotEqualTo(before);
            assertThat(stage.leasesOutstanding()).isZero();
        }
    }
    // end region

    // region last
    @Test
    void theLastOfTwoStagesAnswersWithGradientsAndTheLoss() {
        try (StageFixture stage = new StageFixture(job(), 1, MOST_BYTES)) {
            stage.grantFirstStep();
            for (int microbatch = 0; microbatch < 2; microbatch++) {
                stage.deliverTargets(microbatch, 0, 1);
                stage.deliver(TensorKey.Kind.ACTIVATION, microbatch, ACTIVATION, 0, 1, 2, 3, 4, 5, 6, 7);

                StageCommand.DeliverTensor sent = stage.previous().expectMessageClass(StageCommand.DeliverTensor.class);
                assertThat(sent.key()).isEqualTo(StageFixture.key(TensorKey.Kind.GRADIENT, microbatch));
                sent.lease().close();
            }
            assertThat(stage.coordinator()
                            .expectMessageClass(CoordinatorCommand.WindowFinished.class)
                            .metrics())
                    .hasValueSatisfying(metrics -> assertThat(metrics.lossSum()).isPositive());
        }
    }
    // end region

    @Test
    void whatIsLateFromAnEarlierStartIsGivenBackUnused() {
        try (StageFixture stage = new StageFixture(job(), 0, MOST_BYTES);
                TensorPool late = new TensorPool("late", TensorArena.bytesFor(INPUT), 1)) {
            TensorKey stale = new TensorKey(0, 0, TensorKey.Kind.FED, 0, 0);
            stage.tell(new StageCommand.DeliverTensor(0, stale, late.lease(INPUT)));

            TestProbe<StageCommand.Released> released = stage.probe(StageCommand.Released.class);
            stage.tell(new StageCommand.Release("the example is over", released.ref()));

            assertThat(released.receiveMessage().rank()).isZero();
            assertThat(late.outstanding()).isZero();
            stage.next().expectNoMessage();
        }
    }
}
