package io.ketju.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.run.TensorValues;
import io.ketju.data.ArrayDataset;
import io.ketju.layers.model.zoo.MLP;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stage by its messages alone: neighbours, coordinator and writer are probes. */
class StageActorTest {
    private static final int INCARNATION = TestedRank.INCARNATION;
    private static final Duration SOON = TestedRank.PATIENCE;
    private static final int CROSSING = 8;

    private TestedRank stage = TestedRank.of(job().build(), 0);

    private static JobBuilder job() {
        float[] inputs = new float[12 * 4];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = i % 5 - 2;
        }
        ArrayDataset samples = new ArrayDataset("samples", Shape.of(4), inputs, new int[12]);
        return Ketju.job()
                .model(Shape.of(4), MLP.of(4, CROSSING, 3))
                .data(new DataSource("custom", samples, samples))
                .optimizer(new SGD(0.1))
                .stageBounds(List.of(0, 3, 4))
                .batchSize(6)
                .microbatches(3)
                .threads(1);
    }

    /** Puts another stage, or that of another job, in the place of the first. */
    private void use(JobBuilder job, int index) {
        stage.close();
        stage = TestedRank.of(job.build(), index);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void sendsTheActivationOfEveryMicrobatch() {
        stage.grantStep(4, 2);
        stage.feeder().feed("input", 1, input());
        stage.next().expectNothing();
        stage.feeder().feed("input", 0, input());
        for (int microbatch = 0; microbatch < 2; microbatch++) {
            assertThat(stage.next()
                            .expect(TensorKey.Kind.ACTIVATION, microbatch)
                            .shape())
                    .isEqualTo(Shape.of(2, CROSSING));
        }
    }

    @Test
    void theLastStageSendsGradientsAndReportsTheLoss() {
        use(job(), 1);
        stage.grantStep(2, 1);
        stage.previous().send(TensorKey.Kind.ACTIVATION, 0, activation());
        stage.feeder().feed("target", 0, targets());
        stage.previous().expect(TensorKey.Kind.GRADIENT, 0);
        // Nothing was told before: whoever waits for no sums makes none.
        CoordinatorCommand.WindowFinished report = report(CoordinatorCommand.WindowFinished.class);
        assertThat(report.metrics().orElseThrow().first().weight()).isEqualTo(2);
        assertThat(report.metrics().orElseThrow().lossSum()).isPositive();
        assertThat(report.window()).isZero();
        assertThat(stage.leasesOutstanding()).isZero();
    }

    @Test
    void aStepThatWaitsForSumsTellsItsOwnAndGoesOnWithTheAnswer() {
        use(job().clipGradNorm(1e-3), 1);
        lastStageTakesOneMicrobatch();
        CoordinatorCommand.SumsMade made = report(CoordinatorCommand.SumsMade.class);
        assertThat(made.stage()).isEqualTo(1);
        assertThat(made.window()).isZero();
        assertThat(made.sums()).hasSize(2).allMatch(sum -> sum > 0);
        stage.tell(new StageCommand.TakeSums(INCARNATION - 1, 0, List.of(1.0)));
        stage.expectNoReport();
        StageCommand.TakeSums take = new StageCommand.TakeSums(INCARNATION, 0, List.of(1.0));
        stage.tell(take);
        assertThat(report(CoordinatorCommand.WindowFinished.class).stage()).isEqualTo(1);
        stage.tell(take);
        stage.expectNoReport();
        assertThat(stage.leasesOutstanding()).isZero();
    }

    @Test
    void aReleaseEndsTheWaitForSums() {
        use(job().clipGradNorm(1), 1);
        lastStageTakesOneMicrobatch();
        report(CoordinatorCommand.SumsMade.class);
        release();
        stage.tell(new StageCommand.TakeSums(INCARNATION, 0, List.of(1.0)));
        stage.expectNoReport();
    }

    private void lastStageTakesOneMicrobatch() {
        stage.grantStep(2, 1);
        stage.previous().send(TensorKey.Kind.ACTIVATION, 0, activation());
        stage.feeder().feed("target", 0, targets());
        stage.previous().expect(TensorKey.Kind.GRADIENT, 0);
    }

    @Test
    void anActivationMayBeAnyNumberAndIsInspectedWhenAsked() {
        stage.grantStep(2, 1);
        stage.feeder().feed("input", 0, broken(4));
        stage.next().expect(TensorKey.Kind.ACTIVATION, 0);
        stage.tell(new StageCommand.InspectMicrobatch(INCARNATION - 1, 0, 0));
        stage.tell(new StageCommand.InspectMicrobatch(INCARNATION, 0, 0));
        assertThat(report(CoordinatorCommand.MicrobatchInspected.class).inspection())
                .isEqualTo(new Inspection(0, 0, 0, Inspection.Outcome.ARRIVED, ""));
        stage.tell(new StageCommand.InspectMicrobatch(INCARNATION, 0, 1));
        assertThat(report(CoordinatorCommand.MicrobatchInspected.class).inspection())
                .isEqualTo(new Inspection(0, 0, 1, Inspection.Outcome.UNKNOWN, ""));
        stage.feeder().feed("input", 0, input());
        discardsOnly();
    }

    @Test
    void aLossThatIsNoNumberIsReportedAndItsMicrobatchKept() {
        use(job(), 1);
        Window window = stage.grantStep(2, 1);
        stage.previous().send(TensorKey.Kind.ACTIVATION, 0, broken(CROSSING));
        stage.feeder().feed("target", 0, targets());
        assertThat(report(CoordinatorCommand.NonFiniteFound.class).found())
                .isEqualTo(new NonFinite(NonFinite.Kind.LOSS, window, 0, 1, "the loss is NaN", ""));
        stage.tell(new StageCommand.InspectMicrobatch(INCARNATION, 0, 0));
        assertThat(report(CoordinatorCommand.MicrobatchInspected.class)
                        .inspection()
                        .outcome())
                .isEqualTo(Inspection.Outcome.ARRIVED);
        stage.previous().send(TensorKey.Kind.ACTIVATION, 0, activation());
        discardsOnly();
    }

    private void discardsOnly() {
        stage.grantStep(2, 1);
        release();
        stage.expectNoReport();
        assertThat(stage.sent()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void duplicatesAndOtherIncarnationsAreDiscarded() {
        stage.tell(new StageCommand.GrantWindow(INCARNATION - 1, stageWindow()));
        TensorKey key = new TensorKey(INCARNATION, 0, TensorKey.Kind.FED, 0, 0);
        stage.feeder().send(key, input());
        stage.feeder().send(key, input());
        stage.feeder().send(new TensorKey(INCARNATION - 1, 0, TensorKey.Kind.FED, 0, 0), input());
        stage.next().expectNothing();
        assertThat(stage.leasesOutstanding()).isEqualTo(1);
        release();
        assertThat(stage.leasesOutstanding()).isZero();
    }

    @Test
    void whatIsImpossibleFailsTheStageAndLosesNoLease() {
        stage.feeder().send(new TensorKey(INCARNATION, 0, TensorKey.Kind.FED, 0, 1), targets());
        assertThat(report(CoordinatorCommand.StageFailed.class).failure().cause())
                .contains("never comes to stage 0");
        release();
        assertThat(stage.leasesOutstanding()).isZero();
    }

    @Test
    void aSendThatThrowsFailsTheStageAndLosesNoLease() {
        stage.grantStep(4, 2);
        stage.next().refuse(stage.key(TensorKey.Kind.ACTIVATION, 1, 0));
        stage.feeder().feed("input", 0, input());
        stage.feeder().feed("input", 1, input());
        stage.next().expect(TensorKey.Kind.ACTIVATION, 0);
        assertThat(report(CoordinatorCommand.StageFailed.class).failure().cause())
                .startsWith("the probe of stage 1 refuses ");
        release();
        stage.next().expectNothing();
    }

    @Test
    void aReleaseDuringAComputeWaitsForItAndDiscardsItsResult() {
        stage.grantStep(4, 2);
        stage.feeder().feed("input", 0, input());
        stage.feeder().feed("input", 1, input());
        release();
        stage.feeder().feed("input", 1, input());
        TestProbe<StageCommand.Released> end = stage.probe(StageCommand.Released.class);
        stage.settle();
        stage.tell(new StageCommand.Stop());
        end.expectTerminated(stage.actor(), SOON);
        stage.actions().forEach(action -> assertThat(action).hasToString("0F" + action.microbatch()));
    }

    @Test
    void aReleaseDuringACheckpointWaitsForTheWriter() {
        TestProbe<StageCommand.Released> released = stage.probe(StageCommand.Released.class);
        stage.tell(new StageCommand.SaveShard(INCARNATION, 7, Path.of("there")));
        CheckpointWriter.StoreShard store = stage.writer().expectMessageClass(CheckpointWriter.StoreShard.class, SOON);
        assertThat(store.step()).isEqualTo(7);
        assertThat(store.tensors()).containsKey("1.weight");
        stage.tell(new StageCommand.Release("enough", released.getRef()));
        stage.settle();
        released.expectNoMessage(Duration.ofMillis(20));
        store.replyTo().tell(new CheckpointWriter.ShardRejected(0, "disk full"));
        assertThat(released.receiveMessage(SOON).rank()).isZero();
        report(CoordinatorCommand.ShardReady.class);
        assertThat(report(CoordinatorCommand.StageFailed.class).failure())
                .isEqualTo(new RunFailure.ShardNotWritten(0, 7, "disk full"));
    }

    /** What the writer holds is of the step before, whatever the stage does meanwhile. */
    @Test
    void aCheckpointIsWrittenFromACopyWhileTheNextStepRuns() {
        use(job().runDirectory(Path.of("kept")).epochs(2), 1);
        stage.tell(new StageCommand.SaveShard(INCARNATION, 7, Path.of("there")));
        assertThat(report(CoordinatorCommand.ShardReady.class).step()).isEqualTo(7);
        CheckpointWriter.StoreShard store = stage.writer().expectMessageClass(CheckpointWriter.StoreShard.class, SOON);
        Map<String, float[]> before = floats(store);
        lastStageTakesOneMicrobatch();
        report(CoordinatorCommand.WindowFinished.class);
        Map<String, float[]> meanwhile = floats(store);
        before.forEach((name, values) -> assertThat(meanwhile.get(name)).containsExactly(values));
        store.replyTo().tell(new CheckpointWriter.ShardStored(1, 7, new Shard("stage-1.safetensors", 8, "00")));
        report(CoordinatorCommand.ShardSaved.class);
        stage.tell(new StageCommand.SaveShard(INCARNATION, 8, Path.of("there")));
        report(CoordinatorCommand.ShardReady.class);
        Map<String, float[]> after = floats(stage.writer().expectMessageClass(CheckpointWriter.StoreShard.class, SOON));
        String weight = before.keySet().iterator().next();
        assertThat(after.get(weight)).as("the step has moved it").isNotEqualTo(before.get(weight));
    }

    private static Map<String, float[]> floats(CheckpointWriter.StoreShard store) {
        Map<String, float[]> values = new LinkedHashMap<>();
        store.tensors().forEach((name, tensor) -> values.put(name, tensor.toFloats()));
        return values;
    }

    @Test
    void aLostNeighbourIsReported() {
        stage.next().lose("connection reset");
        assertThat(report(CoordinatorCommand.NeighbourLost.class))
                .isEqualTo(new CoordinatorCommand.NeighbourLost(INCARNATION, 1, 0, "connection reset"));
    }

    private <T extends CoordinatorCommand> T report(Class<T> kind) {
        return stage.coordinator().expectMessageClass(kind, SOON);
    }

    private void release() {
        TestProbe<StageCommand.Released> released = stage.probe(StageCommand.Released.class);
        stage.tell(new StageCommand.Release("enough", released.getRef()));
        released.receiveMessage(SOON);
    }

    private static Window stageWindow() {
        return new Window(0, Window.Phase.TRAIN, 1, 2, 1, 2);
    }

    private static TensorValues input() {
        return filled(4);
    }

    private static TensorValues activation() {
        return filled(CROSSING);
    }

    private static TensorValues filled(int features) {
        float[] values = new float[2 * features];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 5 - 2;
        }
        return TensorValues.of(values, 2, features);
    }

    private static TensorValues broken(int features) {
        float[] values = filled(features).floats();
        values[3] = Float.NaN;
        return TensorValues.of(values, 2, features);
    }

    private static TensorValues targets() {
        return TensorValues.of(new int[] {0, 1}, 2);
    }
}
