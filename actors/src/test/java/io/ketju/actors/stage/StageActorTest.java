package io.ketju.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.Route;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.layers.model.Value;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stage by its messages alone: neighbours, coordinator and writer are probes. */
class StageActorTest {
    private static final int INCARNATION = 4;
    private static final int INPUT = 0;
    private static final int TARGET = 1;
    private static final Duration SOON = Duration.ofSeconds(20);

    /** What leaves the stage through a link; the lease is the test's. */
    private record Sent(TensorKey key, TensorLease lease) {}

    private final ActorTestKit kit = ActorTestKit.create("ketju-stage-test");
    private final TensorCore core = TensorCore.open(1);
    private PipelineSpec spec = SmallJobs.tiny().stages(2).build().pipeline();
    private final TensorPool pool = new TensorPool("test", 4096, 16);
    private final TestProbe<CoordinatorCommand> coordinator = kit.createTestProbe();
    private final TestProbe<CheckpointWriter.Command> writer = kit.createTestProbe();
    private final TestProbe<Sent> sent = kit.createTestProbe();
    private final TestProbe<StageCommand.Released> released = kit.createTestProbe();
    private StageCompute compute = new StageCompute(spec, 0, core);

    @AfterEach
    void close() {
        kit.shutdownTestKit();
        core.close();
        compute.close();
        pool.close();
    }

    @Test
    void sendsTheActivationOfEveryMicrobatch() {
        ActorRef<StageCommand> stage = spawn(0);
        stage.tell(new StageCommand.GrantWindow(INCARNATION, window(2)));
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(INPUT, 1), input(2)));
        sent.expectNoMessage(Duration.ofMillis(50));
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(INPUT, 0), input(2)));
        for (int microbatch = 0; microbatch < 2; microbatch++) {
            Sent activation = sent.receiveMessage(SOON);
            assertThat(activation.key()).isEqualTo(key(TensorKey.Kind.ACTIVATION, microbatch));
            assertThat(activation.lease().tensor().shape().dimension(0)).isEqualTo(2);
            activation.lease().close();
        }
    }

    @Test
    void theLastStageSendsGradientsAndReportsTheLoss() {
        compute.close();
        compute = new StageCompute(spec, 1, core);
        ActorRef<StageCommand> stage = spawn(1);
        stage.tell(new StageCommand.GrantWindow(INCARNATION, window(1)));
        stage.tell(new StageCommand.DeliverTensor(
                compute.ports().stage(), key(TensorKey.Kind.ACTIVATION, 0), filled(arriving())));
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(TARGET, 0), targets(2)));
        Sent gradient = sent.receiveMessage(SOON);
        assertThat(gradient.key()).isEqualTo(key(TensorKey.Kind.GRADIENT, 0));
        gradient.lease().close();
        // Nothing was told before: whoever waits for no sums makes none.
        CoordinatorCommand.WindowFinished report =
                coordinator.expectMessageClass(CoordinatorCommand.WindowFinished.class, SOON);
        assertThat(report.metrics().orElseThrow().first().weight()).isEqualTo(2);
        assertThat(report.metrics().orElseThrow().lossSum()).isPositive();
        assertThat(report.window()).isZero();
        assertThat(pool.outstanding()).isZero();
        assertThat(compute.leasesOutstanding()).isZero();
    }

    @Test
    void aStepThatWaitsForSumsTellsItsOwnAndGoesOnWithTheAnswer() {
        spec = SmallJobs.tiny().stages(2).clipGradNorm(1e-3).build().pipeline();
        compute.close();
        compute = new StageCompute(spec, 1, core);
        ActorRef<StageCommand> stage = spawn(1);
        stage.tell(new StageCommand.GrantWindow(INCARNATION, window(1)));
        stage.tell(new StageCommand.DeliverTensor(1, key(TensorKey.Kind.ACTIVATION, 0), filled(arriving())));
        stage.tell(new StageCommand.DeliverTensor(1, fed(TARGET, 0), targets(2)));
        sent.receiveMessage(SOON).lease().close();
        CoordinatorCommand.SumsMade made = coordinator.expectMessageClass(CoordinatorCommand.SumsMade.class, SOON);
        int weights = (int) spec.partition().nodes(spec.model(), 1).stream()
                .mapToLong(node -> node.parameters().size())
                .sum();
        assertThat(made.stage()).isEqualTo(1);
        assertThat(made.window()).isZero();
        assertThat(made.sums()).hasSize(weights).allMatch(sum -> sum > 0);
        stage.tell(new StageCommand.TakeSums(INCARNATION - 1, 0, List.of(1.0)));
        coordinator.expectNoMessage(Duration.ofMillis(50));
        StageCommand.TakeSums take = new StageCommand.TakeSums(INCARNATION, 0, List.of(1.0));
        stage.tell(take);
        assertThat(coordinator
                        .expectMessageClass(CoordinatorCommand.WindowFinished.class, SOON)
                        .stage())
                .isEqualTo(1);
        stage.tell(take);
        coordinator.expectNoMessage(Duration.ofMillis(50));
        assertThat(pool.outstanding()).isZero();
        assertThat(compute.leasesOutstanding()).isZero();
    }

    @Test
    void aReleaseEndsTheWaitForSums() {
        spec = SmallJobs.tiny().stages(2).clipGradNorm(1).build().pipeline();
        compute.close();
        compute = new StageCompute(spec, 1, core);
        ActorRef<StageCommand> stage = spawn(1);
        stage.tell(new StageCommand.GrantWindow(INCARNATION, window(1)));
        stage.tell(new StageCommand.DeliverTensor(1, key(TensorKey.Kind.ACTIVATION, 0), filled(arriving())));
        stage.tell(new StageCommand.DeliverTensor(1, fed(TARGET, 0), targets(2)));
        sent.receiveMessage(SOON).lease().close();
        coordinator.expectMessageClass(CoordinatorCommand.SumsMade.class, SOON);
        release(stage);
        stage.tell(new StageCommand.TakeSums(INCARNATION, 0, List.of(1.0)));
        coordinator.expectNoMessage(Duration.ofMillis(50));
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    void anActivationMayBeAnyNumberAndIsInspectedWhenAsked() {
        ActorRef<StageCommand> stage = spawn(0);
        stage.tell(new StageCommand.GrantWindow(INCARNATION, window(1)));
        TensorLease broken = input(2);
        broken.tensor().setFloat(3, Float.NaN);
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(INPUT, 0), broken));
        sent.receiveMessage(SOON).lease().close();
        stage.tell(new StageCommand.InspectMicrobatch(INCARNATION - 1, 0, 0));
        stage.tell(new StageCommand.InspectMicrobatch(INCARNATION, 0, 0));
        assertThat(coordinator
                        .expectMessageClass(CoordinatorCommand.MicrobatchInspected.class, SOON)
                        .inspection())
                .isEqualTo(new Inspection(0, 0, 0, Inspection.Outcome.ARRIVED, ""));
        stage.tell(new StageCommand.InspectMicrobatch(INCARNATION, 0, 1));
        assertThat(coordinator
                        .expectMessageClass(CoordinatorCommand.MicrobatchInspected.class, SOON)
                        .inspection())
                .isEqualTo(new Inspection(0, 0, 1, Inspection.Outcome.UNKNOWN, ""));
        discardsOnly(stage);
    }

    @Test
    void aLossThatIsNoNumberIsReportedAndItsMicrobatchKept() {
        compute.close();
        compute = new StageCompute(spec, 1, core);
        ActorRef<StageCommand> stage = spawn(1);
        stage.tell(new StageCommand.GrantWindow(INCARNATION, window(1)));
        TensorLease broken = filled(arriving());
        broken.tensor().setFloat(3, Float.NaN);
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), key(TensorKey.Kind.ACTIVATION, 0), broken));
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(TARGET, 0), targets(2)));
        assertThat(coordinator
                        .expectMessageClass(CoordinatorCommand.NonFiniteFound.class, SOON)
                        .found())
                .isEqualTo(new NonFinite(NonFinite.Kind.LOSS, window(1), 0, 1, "the loss is NaN", ""));
        stage.tell(new StageCommand.InspectMicrobatch(INCARNATION, 0, 0));
        assertThat(coordinator
                        .expectMessageClass(CoordinatorCommand.MicrobatchInspected.class, SOON)
                        .inspection()
                        .outcome())
                .isEqualTo(Inspection.Outcome.ARRIVED);
        discardsOnly(stage);
    }

    private void discardsOnly(ActorRef<StageCommand> stage) {
        int index = compute.ports().stage();
        stage.tell(new StageCommand.DeliverTensor(
                compute.ports().stage(), index == 0 ? fed(INPUT, 0) : key(TensorKey.Kind.ACTIVATION, 0), input(2)));
        stage.tell(new StageCommand.GrantWindow(INCARNATION, window(1)));
        release(stage);
        coordinator.expectNoMessage(Duration.ofMillis(50));
        sent.expectNoMessage(Duration.ofMillis(1));
        compute.close();
        assertThat(pool.outstanding()).isZero();
        compute = new StageCompute(spec, 0, core);
    }

    @Test
    void duplicatesAndOtherIncarnationsAreDiscarded() {
        ActorRef<StageCommand> stage = spawn(0);
        stage.tell(new StageCommand.GrantWindow(INCARNATION - 1, window(1)));
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(INPUT, 0), input(2)));
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(INPUT, 0), input(2)));
        stage.tell(new StageCommand.DeliverTensor(
                compute.ports().stage(), new TensorKey(INCARNATION - 1, 0, TensorKey.Kind.FED, 0, INPUT), input(2)));
        sent.expectNoMessage(Duration.ofMillis(50));
        release(stage);
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    void whatIsImpossibleFailsTheStageAndLosesNoLease() {
        ActorRef<StageCommand> stage = spawn(0);
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(TARGET, 0), targets(2)));
        CoordinatorCommand.StageFailed failed =
                coordinator.expectMessageClass(CoordinatorCommand.StageFailed.class, SOON);
        assertThat(failed.failure().cause()).contains("never comes to stage 0");
        release(stage);
        assertThat(pool.outstanding()).isZero();
    }

    @Test
    void aReleaseDuringAComputeWaitsForItAndDiscardsItsResult() {
        ActorRef<StageCommand> stage = spawn(0);
        stage.tell(new StageCommand.GrantWindow(INCARNATION, window(2)));
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(INPUT, 0), input(2)));
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(INPUT, 1), input(2)));
        release(stage);
        stage.tell(new StageCommand.DeliverTensor(compute.ports().stage(), fed(INPUT, 1), input(2)));
        stage.tell(new StageCommand.Stop());
        released.expectTerminated(stage, SOON);
        compute.close();
        assertThat(pool.outstanding()).isZero();
        compute = new StageCompute(spec, 0, core);
    }

    @Test
    void aReleaseDuringACheckpointWaitsForTheWriter() {
        ActorRef<StageCommand> stage = spawn(0);
        stage.tell(new StageCommand.SaveShard(INCARNATION, 7, Path.of("there")));
        CheckpointWriter.StoreShard store = writer.expectMessageClass(CheckpointWriter.StoreShard.class, SOON);
        assertThat(store.step()).isEqualTo(7);
        assertThat(store.tensors()).containsKey("1.weight");
        stage.tell(new StageCommand.Release("enough", released.getRef()));
        released.expectNoMessage(Duration.ofMillis(50));
        store.replyTo().tell(new CheckpointWriter.ShardRejected(0, "disk full"));
        assertThat(released.receiveMessage(SOON).rank()).isZero();
        assertThat(coordinator
                        .expectMessageClass(CoordinatorCommand.StageFailed.class, SOON)
                        .failure())
                .isEqualTo(new RunFailure.ShardNotWritten(0, 0, "disk full"));
    }

    @Test
    void aLostNeighbourIsReported() {
        ActorRef<StageCommand> stage = spawn(0);
        stage.tell(new StageCommand.LinkLost(1, "connection reset"));
        assertThat(coordinator.expectMessageClass(CoordinatorCommand.NeighbourLost.class, SOON))
                .isEqualTo(new CoordinatorCommand.NeighbourLost(INCARNATION, 1, 0, "connection reset"));
    }

    private void release(ActorRef<StageCommand> stage) {
        stage.tell(new StageCommand.Release("enough", released.getRef()));
        released.receiveMessage(SOON);
    }

    private ActorRef<StageCommand> spawn(int index) {
        StageMachine machine = new StageMachine(spec.plan(), index, INCARNATION, List.of(compute.ofMachine()));
        ActorRef<StageCommand> stage = kit.spawn(StageActor.create(new StageParts(
                index, INCARNATION, machine, List.of(compute), core, writer.getRef(), coordinator.getRef())));
        stage.tell(new StageCommand.ConnectLinks(Map.of(
                new Route(index, index + 1, TensorKey.Kind.ACTIVATION), new ProbeLink(sent.getRef()),
                new Route(index, index - 1, TensorKey.Kind.GRADIENT), new ProbeLink(sent.getRef()))));
        return stage;
    }

    private static Window window(int microbatches) {
        // The largest micro-batch of the job has 2 samples.
        int samples = 2 * microbatches;
        return new Window(0, Window.Phase.TRAIN, 1, samples, microbatches, samples);
    }

    private static TensorKey key(TensorKey.Kind kind, int microbatch) {
        return new TensorKey(INCARNATION, 0, kind, microbatch, 0);
    }

    private static TensorKey fed(int port, int microbatch) {
        return new TensorKey(INCARNATION, 0, TensorKey.Kind.FED, microbatch, port);
    }

    /** Shape of what comes to the second stage with a micro-batch of two samples. */
    private Shape arriving() {
        Value crossing = spec.program(1).before().edges().getFirst().value();
        return spec.model().types(2).of(crossing).shape();
    }

    private TensorLease input(int samples) {
        return filled(Shape.of(samples, 4));
    }

    private TensorLease filled(Shape shape) {
        TensorLease lease = pool.lease(shape);
        for (int i = 0; i < shape.elements(); i++) {
            lease.tensor().setFloat(i, i % 5 - 2);
        }
        return lease;
    }

    private TensorLease targets(int samples) {
        TensorLease lease = pool.lease(DType.INT32, Shape.of(samples));
        for (int i = 0; i < samples; i++) {
            lease.tensor().setInt(i, i % 3);
        }
        return lease;
    }

    private record ProbeLink(ActorRef<Sent> probe) implements StageLink {
        @Override
        public void send(TensorKey key, TensorLease lease) {
            probe.tell(new Sent(key, lease));
        }

        @Override
        public void close() {}
    }
}
