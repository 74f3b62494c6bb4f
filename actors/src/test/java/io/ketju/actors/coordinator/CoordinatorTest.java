package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.FeederReport;
import io.ketju.actors.message.Refusal;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.stage.WindowMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A coordinator by its messages alone: two workers, their stages, the feeder and the writer are probes. */
class CoordinatorTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int INCARNATION = 5;
    private static final WindowMetrics MEASURED = new WindowMetrics(1, 4, Map.of("accuracy", List.of(2.0, 4.0)));

    private final ActorTestKit kit = ActorTestKit.create("ketju-coordinator-test");
    private final TestProbe<WorkerCommand> first = kit.createTestProbe();
    private final TestProbe<WorkerCommand> second = kit.createTestProbe();
    private final List<TestProbe<StageCommand>> stages = List.of(
            kit.createTestProbe(StageCommand.class),
            kit.createTestProbe(StageCommand.class),
            kit.createTestProbe(StageCommand.class));
    private final TestProbe<FeederCommand> feeder = kit.createTestProbe();
    private final TestProbe<CheckpointWriter.Command> writer = kit.createTestProbe();

    private final BlockingQueue<ActorRef<WorkerCommand>> leaving = new LinkedBlockingQueue<>();
    private final CompletableFuture<RunOutcome> outcome = new CompletableFuture<>();
    private final ActorRef<CoordinatorCommand> coordinator = spawn(Duration.ofMinutes(5));

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @Test
    void aLostWorkerEndsTheRunWithOneLineThatNamesStagesAndStep() throws Exception {
        start();
        second.stop();
        feeder.expectMessageClass(FeederCommand.Stop.class, SOON).replyTo().tell(new FeederReport.Stopped());
        first.expectMessageClass(WorkerCommand.ReleaseStages.class, SOON);
        coordinator.tell(new CoordinatorCommand.WorkerReleased(INCARNATION, 0));
        RunFailure failure = end().failure().orElseThrow();
        assertThat(failure).isInstanceOf(RunFailure.WorkerLost.class);
        assertThat(failure.resumable()).isTrue();
        assertThat(failure.line()).startsWith("worker ").endsWith(" with stage 2 was lost before the first step");
    }

    @Test
    void aRefusalEndsTheRunAtOnce() throws Exception {
        first.expectMessageClass(WorkerCommand.PlaceStages.class, SOON);
        coordinator.tell(new CoordinatorCommand.WorkerPlaced(INCARNATION, 0, List.of(address(0, 0), address(1, 0))));
        coordinator.tell(new CoordinatorCommand.WorkerFailed(
                INCARNATION, 1, new Refusal(Refusal.Reason.BUSY, "busy with another run")));
        feeder.expectMessageClass(FeederCommand.Stop.class, SOON).replyTo().tell(new FeederReport.Stopped());
        coordinator.tell(new CoordinatorCommand.WorkerReleased(INCARNATION, 0));
        // Well below the time after which silent workers are given up: nobody waits for the one that refused.
        assertThat(outcome.get(4, TimeUnit.SECONDS).failure().orElseThrow().line())
                .startsWith("worker 1")
                .endsWith(": busy with another run");
    }

    @Test
    void reportsOfAnotherIncarnationAreDropped() {
        start();
        coordinator.tell(new CoordinatorCommand.StageFailed(INCARNATION - 1, new RunFailure.StageFailed(0, 1, "old")));
        coordinator.tell(new CoordinatorCommand.WorkerFailed(
                INCARNATION + 1, 0, new Refusal(Refusal.Reason.UNPLACED, "future")));
        feeder.expectNoMessage(Duration.ofMillis(50));
        assertThat(outcome).isNotDone();
    }

    /** It decides nothing here: the run goes on until it is asked to pause. */
    @Test
    void aWorkerThatIsAboutToGoIsPassedOnIfItIsOneOfThisStart() throws InterruptedException {
        start();
        coordinator.tell(new CoordinatorCommand.WorkerLeaving(INCARNATION - 1, 0));
        coordinator.tell(new CoordinatorCommand.WorkerLeaving(INCARNATION, 2));
        coordinator.tell(new CoordinatorCommand.WorkerLeaving(INCARNATION, -1));
        coordinator.tell(new CoordinatorCommand.WorkerLeaving(INCARNATION, 1));
        assertThat(leaving.poll(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(second.getRef());
        feeder.expectNoMessage(Duration.ofMillis(50));
        assertThat(leaving).isEmpty();
    }

    @Test
    void aFailedStageIsOneLine() throws Exception {
        start();
        coordinator.tell(
                new CoordinatorCommand.StageFailed(INCARNATION, new RunFailure.StageFailed(1, 3, "1F0: broken")));
        release();
        assertThat(end().failure().orElseThrow().line()).isEqualTo("stage 1, step 3: 1F0: broken");
    }

    @Test
    void aStageThatLosesItsFeederIsOneLine() throws Exception {
        start();
        coordinator.tell(new CoordinatorCommand.NeighbourLost(INCARNATION, -1, 3, "connection reset"));
        release();
        assertThat(end().failure().orElseThrow().line())
                .isEqualTo("the batch feeder was lost in step 3: connection reset");
    }

    @Test
    void aFeederThatFailsOrDiesEndsTheRun() throws Exception {
        start();
        feeder.stop();
        first.expectMessageClass(WorkerCommand.ReleaseStages.class, SOON);
        coordinator.tell(new CoordinatorCommand.WorkerReleased(INCARNATION, 0));
        coordinator.tell(new CoordinatorCommand.WorkerReleased(INCARNATION, 1));
        assertThat(end().failure().orElseThrow().line()).startsWith("the batch feeder ended unexpectedly");
    }

    @Test
    void aRunThatStandsStillIsEndedAndSaysWhere() throws Exception {
        TestProbe<FeederCommand> own = kit.createTestProbe();
        CompletableFuture<RunOutcome> still = new CompletableFuture<>();
        ActorRef<CoordinatorCommand> second = spawn(Duration.ofMillis(300), own.getRef(), still);
        own.expectMessageClass(FeederCommand.Stop.class, SOON).replyTo().tell(new FeederReport.Stopped());
        second.tell(new CoordinatorCommand.WorkerReleased(INCARNATION, 0));
        second.tell(new CoordinatorCommand.WorkerReleased(INCARNATION, 1));
        assertThat(still.get(20, TimeUnit.SECONDS).failure().orElseThrow().line())
                .isEqualTo("no progress for 0 s: workers {0, 1} to place their stages");
    }

    /** As behind an effect that has taken longer than several of their intervals. */
    @Test
    void watchdogsThatComeAtOnceAfterAnEventEndNothing() {
        start();
        for (int i = 0; i < 3; i++) {
            coordinator.tell(Coordinator.Timer.WATCHDOG);
        }
        feeder.expectNoMessage(Duration.ofMillis(50));
        assertThat(outcome).isNotDone();
    }

    private RunOutcome end() throws Exception {
        return outcome.get(20, TimeUnit.SECONDS);
    }

    private void release() {
        feeder.expectMessageClass(FeederCommand.Stop.class, SOON).replyTo().tell(new FeederReport.Stopped());
        coordinator.tell(new CoordinatorCommand.WorkerReleased(INCARNATION, 0));
        coordinator.tell(new CoordinatorCommand.WorkerReleased(INCARNATION, 1));
    }

    /** Until two windows are granted. */
    private void start() {
        first.expectMessageClass(WorkerCommand.PlaceStages.class, SOON);
        second.expectMessageClass(WorkerCommand.PlaceStages.class, SOON);
        coordinator.tell(new CoordinatorCommand.WorkerPlaced(INCARNATION, 1, List.of(address(2, 1))));
        coordinator.tell(new CoordinatorCommand.WorkerPlaced(INCARNATION, 0, List.of(address(0, 0), address(1, 0))));
        assertThat(first.expectMessageClass(WorkerCommand.ConnectStages.class, SOON)
                        .stages())
                .extracting(StageAddress::stage)
                .containsExactly(0, 1, 2);
        second.expectMessageClass(WorkerCommand.ConnectStages.class, SOON);
        feeder.expectMessageClass(FeederCommand.Connect.class, SOON).replyTo().tell(new FeederReport.Connected());
        coordinator.tell(new CoordinatorCommand.WorkerConnected(INCARNATION, 0));
        coordinator.tell(new CoordinatorCommand.WorkerConnected(INCARNATION, 1));
        requireGranted(0, 1);
    }

    /** That the feeder and every stage hear of these windows, in one message. */
    private void requireGranted(long... numbers) {
        assertThat(feeder.expectMessageClass(FeederCommand.FeedWindows.class, SOON)
                        .windows())
                .extracting(granted -> granted.window().number())
                .containsExactly(Arrays.stream(numbers).boxed().toArray(Long[]::new));
        for (TestProbe<StageCommand> stage : stages) {
            assertThat(stage.expectMessageClass(StageCommand.GrantWindows.class, SOON)
                            .windows())
                    .extracting(grant -> grant.window().number())
                    .containsExactly(Arrays.stream(numbers).boxed().toArray(Long[]::new));
        }
    }

    private static CoordinatorCommand.WindowsFinished finished(int stage, int windows) {
        return new CoordinatorCommand.WindowsFinished(
                INCARNATION,
                IntStream.range(0, windows)
                        .mapToObj(window -> new CoordinatorCommand.WindowFinished(
                                INCARNATION, stage, window, stage == 2 ? Optional.of(MEASURED) : Optional.empty(), 1))
                        .toList());
    }

    @Test
    void whatIsToldOfTogetherIsAnsweredTogether() {
        start();
        coordinator.tell(finished(0, 2));
        coordinator.tell(finished(1, 2));
        feeder.expectNoMessage(Duration.ofMillis(50));
        coordinator.tell(finished(2, 2));
        // These were short: all that is left of the run is granted at once.
        requireGranted(IntStream.range(2, 12).asLongStream().toArray());
    }

    private StageAddress address(int stage, int worker) {
        return new StageAddress(stage, worker, stages.get(stage).getRef(), Optional.empty());
    }

    private ActorRef<CoordinatorCommand> spawn(Duration progressTimeout) {
        return spawn(progressTimeout, feeder.getRef(), outcome);
    }

    private ActorRef<CoordinatorCommand> spawn(
            Duration progressTimeout, ActorRef<FeederCommand> ownFeeder, CompletableFuture<RunOutcome> end) {
        TrainingJob job = SmallJobs.tiny().stages(3).build();
        RunReporter reporter = new RunReporter(job, List.of(), () -> 0, 1);
        return kit.spawn(Coordinator.create(new CoordinatorParts(
                job,
                new EpochSequence(RunLength.of(job), 0),
                true,
                new RunTicket(1, 2, INCARNATION),
                Assignment.contiguous(Placement.oneEach(3), 2),
                List.of(first.getRef(), second.getRef()),
                ownFeeder,
                Optional.empty(),
                writer.getRef(),
                reporter,
                0,
                Optional.empty(),
                Path.of("checkpoints"),
                progressTimeout,
                Optional.empty(),
                Optional.empty(),
                leaving::add,
                new RunCopies(),
                new ScheduleSwitch(job.schedule()),
                end)));
    }
}
