package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.feed.BatchFeeder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.stage.StageActor;
import io.ketju.actors.worker.Assignment;
import io.ketju.actors.worker.RunTicket;
import io.ketju.actors.worker.StageAddress;
import io.ketju.actors.worker.WorkerNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A coordinator by its messages alone: two workers, their stages, the feeder and the writer are probes. */
class CoordinatorTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int INCARNATION = 5;

    private final ActorTestKit kit = ActorTestKit.create("ketju-coordinator-test");
    private final TestProbe<WorkerNode.Command> first = kit.createTestProbe();
    private final TestProbe<WorkerNode.Command> second = kit.createTestProbe();
    private final TestProbe<StageActor.Command> stages = kit.createTestProbe();
    private final TestProbe<BatchFeeder.Command> feeder = kit.createTestProbe();
    private final TestProbe<CheckpointWriter.Command> writer = kit.createTestProbe();
    private final CompletableFuture<Coordinator.RunOutcome> outcome = new CompletableFuture<>();
    private final ActorRef<Coordinator.Command> coordinator = spawn(Duration.ofMinutes(5));

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @Test
    void aLostWorkerEndsTheRunWithOneLineThatNamesStagesAndStep() throws Exception {
        start();
        second.stop();
        feeder.expectMessageClass(BatchFeeder.Stop.class, SOON).replyTo().tell(new BatchFeeder.Stopped());
        first.expectMessageClass(WorkerNode.ReleaseStages.class, SOON);
        coordinator.tell(new Coordinator.WorkerReleased(INCARNATION, 0));
        assertThat(end().failure().orElseThrow())
                .startsWith("worker ")
                .endsWith(" with stage 2 was lost before the first step");
    }

    @Test
    void aRefusalEndsTheRunAtOnce() throws Exception {
        first.expectMessageClass(WorkerNode.PlaceStages.class, SOON);
        coordinator.tell(new Coordinator.WorkerPlaced(INCARNATION, 0, List.of(address(0, 0), address(1, 0))));
        coordinator.tell(new Coordinator.WorkerFailed(INCARNATION, 1, "busy with another run"));
        feeder.expectMessageClass(BatchFeeder.Stop.class, SOON).replyTo().tell(new BatchFeeder.Stopped());
        coordinator.tell(new Coordinator.WorkerReleased(INCARNATION, 0));
        // Well below the time after which silent workers are given up: nobody waits for the one that refused.
        assertThat(outcome.get(4, TimeUnit.SECONDS).failure().orElseThrow())
                .startsWith("worker 1")
                .endsWith(": busy with another run");
    }

    @Test
    void reportsOfAnotherIncarnationAreDropped() {
        start();
        coordinator.tell(new Coordinator.StageFailed(INCARNATION - 1, 0, 1, "old"));
        coordinator.tell(new Coordinator.WorkerFailed(INCARNATION + 1, 0, "future"));
        feeder.expectNoMessage(Duration.ofMillis(50));
        assertThat(outcome).isNotDone();
    }

    @Test
    void aFailedStageIsOneLine() throws Exception {
        start();
        coordinator.tell(new Coordinator.StageFailed(INCARNATION, 1, 3, "1F0: broken"));
        release();
        assertThat(end().failure()).contains("stage 1, step 3: 1F0: broken");
    }

    @Test
    void aStageThatLosesItsFeederIsOneLine() throws Exception {
        start();
        coordinator.tell(new Coordinator.NeighbourLost(INCARNATION, -1, 3, "connection reset"));
        release();
        assertThat(end().failure()).contains("the batch feeder was lost in step 3: connection reset");
    }

    @Test
    void aFeederThatFailsOrDiesEndsTheRun() throws Exception {
        start();
        feeder.stop();
        first.expectMessageClass(WorkerNode.ReleaseStages.class, SOON);
        coordinator.tell(new Coordinator.WorkerReleased(INCARNATION, 0));
        coordinator.tell(new Coordinator.WorkerReleased(INCARNATION, 1));
        assertThat(end().failure().orElseThrow()).startsWith("the batch feeder ended unexpectedly");
    }

    @Test
    void aRunThatStandsStillIsEndedAndSaysWhere() throws Exception {
        TestProbe<BatchFeeder.Command> own = kit.createTestProbe();
        CompletableFuture<Coordinator.RunOutcome> still = new CompletableFuture<>();
        ActorRef<Coordinator.Command> second = spawn(Duration.ofMillis(300), own.getRef(), still);
        own.expectMessageClass(BatchFeeder.Stop.class, SOON).replyTo().tell(new BatchFeeder.Stopped());
        second.tell(new Coordinator.WorkerReleased(INCARNATION, 0));
        second.tell(new Coordinator.WorkerReleased(INCARNATION, 1));
        assertThat(still.get(20, TimeUnit.SECONDS).failure().orElseThrow())
                .isEqualTo("no progress for 0 s: workers {0, 1} to place their stages");
    }

    private Coordinator.RunOutcome end() throws Exception {
        return outcome.get(20, TimeUnit.SECONDS);
    }

    private void release() {
        feeder.expectMessageClass(BatchFeeder.Stop.class, SOON).replyTo().tell(new BatchFeeder.Stopped());
        coordinator.tell(new Coordinator.WorkerReleased(INCARNATION, 0));
        coordinator.tell(new Coordinator.WorkerReleased(INCARNATION, 1));
    }

    /** Until two windows are granted. */
    private void start() {
        first.expectMessageClass(WorkerNode.PlaceStages.class, SOON);
        second.expectMessageClass(WorkerNode.PlaceStages.class, SOON);
        coordinator.tell(new Coordinator.WorkerPlaced(INCARNATION, 1, List.of(address(2, 1))));
        coordinator.tell(new Coordinator.WorkerPlaced(INCARNATION, 0, List.of(address(0, 0), address(1, 0))));
        assertThat(first.expectMessageClass(WorkerNode.ConnectStages.class, SOON)
                        .stages())
                .extracting(StageAddress::stage)
                .containsExactly(0, 1, 2);
        second.expectMessageClass(WorkerNode.ConnectStages.class, SOON);
        feeder.expectMessageClass(BatchFeeder.Connect.class, SOON).replyTo().tell(new BatchFeeder.Connected());
        coordinator.tell(new Coordinator.WorkerConnected(INCARNATION, 0));
        coordinator.tell(new Coordinator.WorkerConnected(INCARNATION, 1));
        for (int window = 0; window < 2; window++) {
            feeder.expectMessageClass(BatchFeeder.FeedWindow.class, SOON);
            for (int stage = 0; stage < 3; stage++) {
                assertThat(stages.expectMessageClass(StageActor.GrantWindow.class, SOON)
                                .window()
                                .number())
                        .isEqualTo(window);
            }
        }
    }

    private StageAddress address(int stage, int worker) {
        return new StageAddress(stage, worker, stages.getRef(), Optional.empty());
    }

    private ActorRef<Coordinator.Command> spawn(Duration progressTimeout) {
        return spawn(progressTimeout, feeder.getRef(), outcome);
    }

    private ActorRef<Coordinator.Command> spawn(
            Duration progressTimeout,
            ActorRef<BatchFeeder.Command> ownFeeder,
            CompletableFuture<Coordinator.RunOutcome> end) {
        TrainingJob job = SmallJobs.tiny().stages(3).build();
        RunReporter reporter = new RunReporter(job, List.of(), () -> 0, 1);
        return kit.spawn(Coordinator.create(new Coordinator.Parts(
                job,
                new RunTicket(1, 2, INCARNATION),
                Assignment.contiguous(3, 2),
                List.of(first.getRef(), second.getRef()),
                ownFeeder,
                writer.getRef(),
                reporter,
                0,
                Optional.empty(),
                Path.of("checkpoints"),
                progressTimeout,
                new CompletableFuture<>(),
                end)));
    }
}
