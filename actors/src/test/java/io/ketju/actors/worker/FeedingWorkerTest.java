package io.ketju.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.feed.DataReading;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.JobBatches;
import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.FeederReport;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.ReadableData;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.transport.LocalTransport;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.core.TensorCore;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker that feeds the run whose stages it holds, by its messages alone; the coordinator is a probe. */
class FeedingWorkerTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final RunTicket TICKET = new RunTicket(1, 2, 3);

    private final ActorTestKit kit = ActorTestKit.create("ketju-feeding-test");
    private final WorkerResources resources = new WorkerResources(TensorCore.open(1), new LocalTransport());
    private final TrainingJob job = new JobBuilder()
            .model("mlp(64, 16, 10)")
            .data(DataSource.named("digits"))
            .batchSize(60)
            .microbatches(4)
            .stages(2)
            .build();
    private final ReadableData data = DataReading.of(job).orElseThrow();
    private final TestProbe<CoordinatorCommand> coordinator = kit.createTestProbe();
    private final TestProbe<FeederReport> reports = kit.createTestProbe();
    private final ActorRef<WorkerCommand> worker =
            kit.spawn(WorkerNode.create(resources), "worker", DispatcherSelector.blocking());

    @AfterEach
    void close() {
        kit.shutdownTestKit();
        resources.close();
    }

    /** The second window is never granted to the stages, so its samples are with them when the run ends. */
    @Test
    void feedsItsStagesAndLeavesNoMemory() {
        CoordinatorCommand.WorkerPlaced placed = connect();
        ActorRef<FeederCommand> feeder = placed.feeder().orElseThrow();
        GrantedWindow granted = window(0, 0);
        feeder.tell(new FeederCommand.FeedWindow(granted));
        feeder.tell(new FeederCommand.FeedWindow(window(1, 1)));
        placed.stages().forEach(stage -> stage.actor().tell(new StageCommand.GrantWindow(3, granted.window())));
        for (int stage = 0; stage < 2; stage++) {
            assertThat(coordinator
                            .expectMessageClass(CoordinatorCommand.WindowFinished.class, SOON)
                            .window())
                    .isZero();
        }
        release();
    }

    @Test
    void aBatchThatIsNoneIsBadData() {
        ActorRef<FeederCommand> feeder = connect().feeder().orElseThrow();
        feeder.tell(new FeederCommand.FeedWindow(new GrantedWindow(window(0, 0).window(), -1)));
        FeederReport.Failed failed = reports.expectMessageClass(FeederReport.Failed.class, SOON);
        assertThat(failed.failure()).isInstanceOf(RunFailure.BadData.class);
        assertThat(failed.failure().line()).startsWith("batch feeder: digits/train, batch -1: ");
        release();
    }

    @Test
    void otherDataThanTheRunsAndDataThatIsNotThereAreNotFed() {
        assertThat(place(Optional.of(new ReadableData("digits", data.train(), data.train())))
                        .feeder())
                .isEmpty();
        release();
        assertThat(place(Optional.of(new ReadableData("/no/such/data", data.train(), data.test())))
                        .feeder())
                .isEmpty();
        release();
    }

    @Test
    void aFeederThatIsStoppedFirstIsNotWaitedFor() {
        ActorRef<FeederCommand> feeder = connect().feeder().orElseThrow();
        feeder.tell(new FeederCommand.Stop(reports.getRef()));
        reports.expectMessageClass(FeederReport.Stopped.class, SOON);
        coordinator.expectMessage(SOON, new CoordinatorCommand.FeederEnded(3, 0));
        release();
    }

    @Test
    void aLostCoordinatorEndsTheFeederToo() {
        TestProbe<CoordinatorCommand> first = kit.createTestProbe();
        ActorRef<FeederCommand> feeder =
                place(Optional.of(data), first).feeder().orElseThrow();
        first.stop();
        coordinator.expectTerminated(feeder, SOON);
        coordinator.awaitAssert(SOON, () -> {
            assertThat(resources.idle()).isTrue();
            return "";
        });
    }

    private CoordinatorCommand.WorkerPlaced connect() {
        CoordinatorCommand.WorkerPlaced placed = place(Optional.of(data));
        worker.tell(new WorkerCommand.ConnectStages(TICKET, placed.stages()));
        coordinator.expectMessage(SOON, new CoordinatorCommand.WorkerConnected(3, 0));
        placed.feeder().orElseThrow().tell(new FeederCommand.Connect(placed.stages(), reports.getRef()));
        reports.expectMessageClass(FeederReport.Connected.class, SOON);
        return placed;
    }

    private GrantedWindow window(int number, int batch) {
        JobBatches batches = new JobBatches(job);
        return new GrantedWindow(
                batches.window(number, Window.Phase.TRAIN, 0, number + 1, batches.plan(Window.Phase.TRAIN, batch)),
                batch);
    }

    private CoordinatorCommand.WorkerPlaced place(Optional<ReadableData> feeds) {
        return place(feeds, coordinator);
    }

    private CoordinatorCommand.WorkerPlaced place(Optional<ReadableData> feeds, TestProbe<CoordinatorCommand> asks) {
        worker.tell(new WorkerCommand.PlaceStages(
                TICKET,
                job.pipeline(),
                Assignment.contiguous(job.pipeline().placement(), 1),
                0,
                Optional.empty(),
                asks.getRef(),
                "a-run",
                feeds,
                false));
        return asks.expectMessageClass(CoordinatorCommand.WorkerPlaced.class, SOON);
    }

    private void release() {
        worker.tell(new WorkerCommand.ReleaseStages(TICKET, "enough"));
        coordinator.fishForMessage(
                SOON,
                message -> message instanceof CoordinatorCommand.WorkerReleased
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        assertThat(resources.idle()).isTrue();
    }
}
