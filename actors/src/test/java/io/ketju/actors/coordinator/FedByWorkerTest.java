package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeedPlacement;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.FeederReport;
import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.ReadableData;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.pipeline.schedule.Placement;
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

/** A coordinator that asks the first of two workers to feed, by its messages alone: all others are probes. */
class FedByWorkerTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int INCARNATION = 5;
    private static final ReadableData DATA = new ReadableData("digits", "a", "b");

    private final ActorTestKit kit = ActorTestKit.create("ketju-fed-by-worker-test");
    private final TestProbe<WorkerCommand> first = kit.createTestProbe();
    private final TestProbe<WorkerCommand> second = kit.createTestProbe();
    private final TestProbe<StageCommand> stages = kit.createTestProbe();
    private final TestProbe<FeederCommand> here = kit.createTestProbe();
    private final TestProbe<FeederCommand> there = kit.createTestProbe();
    private final TestProbe<CheckpointWriter.Command> writer = kit.createTestProbe();
    private final CompletableFuture<RunOutcome> outcome = new CompletableFuture<>();
    private final ActorRef<CoordinatorCommand> coordinator = spawn();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @Test
    void theWorkersFeederHearsOfWindowsAndSaysWhatIsWrongWithTheData() throws Exception {
        ActorRef<FeederReport> reports = start(Optional.of(there.getRef()));
        assertThat(windowsOf(there)).extracting(GrantedWindow::batch).containsExactly(0L, 1L);
        reports.tell(new FeederReport.Failed(new RunFailure.BadData("digits/train, batch 1: broken")));
        there.expectMessageClass(FeederCommand.Stop.class, SOON).replyTo().tell(new FeederReport.Stopped());
        second.expectMessageClass(WorkerCommand.ReleaseStages.class, SOON);
        released(0, 1);
        assertThat(end().line()).isEqualTo("batch feeder: digits/train, batch 1: broken");
        here.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void aWorkerThatCannotReadTheDataLeavesTheFeedingHere() {
        start(Optional.empty());
        assertThat(windowsOf(here)).extracting(GrantedWindow::batch).startsWith(0L);
        there.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void aFeederThatIsLostWithItsWorkerIsALostWorkerAndKeepsNobody() throws Exception {
        start(Optional.of(there.getRef()));
        coordinator.tell(new CoordinatorCommand.NeighbourLost(INCARNATION, -1, 3, "connection reset"));
        first.stop();
        second.expectMessageClass(WorkerCommand.ReleaseStages.class, SOON);
        released(1);
        RunFailure failure = end();
        assertThat(failure).isInstanceOf(RunFailure.WorkerLost.class);
        assertThat(failure.line()).endsWith(" with stage 0 was lost before the first step");
    }

    @Test
    void aFeederThatEndsByItselfEndsTheRun() throws Exception {
        start(Optional.of(there.getRef()));
        coordinator.tell(new CoordinatorCommand.FeederEnded(INCARNATION - 1, 0));
        coordinator.tell(new CoordinatorCommand.FeederEnded(INCARNATION, 0));
        second.expectMessageClass(WorkerCommand.ReleaseStages.class, SOON);
        released(0, 1);
        assertThat(end().line()).startsWith("the batch feeder ended unexpectedly");
    }

    /** Until the feeder is connected; returns where it reports to. */
    private ActorRef<FeederReport> start(Optional<ActorRef<FeederCommand>> feeder) {
        assertThat(first.expectMessageClass(WorkerCommand.PlaceStages.class, SOON)
                        .feeds())
                .contains(DATA);
        assertThat(second.expectMessageClass(WorkerCommand.PlaceStages.class, SOON)
                        .feeds())
                .isEmpty();
        coordinator.tell(new CoordinatorCommand.WorkerPlaced(INCARNATION, 0, List.of(address(0)), feeder));
        coordinator.tell(new CoordinatorCommand.WorkerPlaced(INCARNATION, 1, List.of(address(1))));
        first.expectMessageClass(WorkerCommand.ConnectStages.class, SOON);
        second.expectMessageClass(WorkerCommand.ConnectStages.class, SOON);
        FeederCommand.Connect connect =
                (feeder.isPresent() ? there : here).expectMessageClass(FeederCommand.Connect.class, SOON);
        connect.replyTo().tell(new FeederReport.Connected());
        coordinator.tell(new CoordinatorCommand.WorkerConnected(INCARNATION, 0));
        coordinator.tell(new CoordinatorCommand.WorkerConnected(INCARNATION, 1));
        return connect.replyTo();
    }

    private static List<GrantedWindow> windowsOf(TestProbe<FeederCommand> feeder) {
        return feeder.expectMessageClass(FeederCommand.FeedWindows.class, SOON).windows();
    }

    private void released(int... workers) {
        for (int worker : workers) {
            coordinator.tell(new CoordinatorCommand.WorkerReleased(INCARNATION, worker));
        }
    }

    /** Sooner than silent workers are given up. */
    private RunFailure end() throws Exception {
        return outcome.get(4, TimeUnit.SECONDS).failure().orElseThrow();
    }

    private StageAddress address(int stage) {
        return new StageAddress(stage, stage, stages.getRef(), Optional.empty());
    }

    private ActorRef<CoordinatorCommand> spawn() {
        TrainingJob job = SmallJobs.tiny().stages(2).build();
        return kit.spawn(Coordinator.create(new CoordinatorParts(
                job,
                new EpochSequence(RunLength.of(job), 0),
                true,
                new RunTicket(1, 2, INCARNATION),
                Assignment.contiguous(Placement.oneEach(2), 2),
                List.of(first.getRef(), second.getRef()),
                here.getRef(),
                Optional.of(new FeedPlacement(0, DATA)),
                writer.getRef(),
                new RunReporter(job, List.of(), () -> 0, 1),
                0,
                Optional.empty(),
                Path.of("checkpoints"),
                Duration.ofMinutes(5),
                Optional.empty(),
                Optional.empty(),
                worker -> {},
                new RunCopies(),
                new ScheduleSwitch(job.schedule()),
                outcome)));
    }
}
