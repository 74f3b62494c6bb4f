package io.ketju.actors.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.SmallJobs;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.transport.LocalTransport;
import io.ketju.layers.Layer;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Sequential;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker by its messages alone; the coordinator is a probe. */
class WorkerNodeTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final RunTicket TICKET = new RunTicket(1, 2, 3);

    private final ActorTestKit kit = ActorTestKit.create("ketju-worker-test");
    private final WorkerResources resources = new WorkerResources(TensorCore.open(1), new LocalTransport());
    private final PipelineSpec spec = SmallJobs.tiny().stages(3).build().pipeline();
    private final TestProbe<CoordinatorCommand> coordinator = kit.createTestProbe();
    private final ActorRef<WorkerCommand> worker =
            kit.spawn(WorkerNode.create(resources), "worker", DispatcherSelector.blocking());

    @AfterEach
    void close() {
        kit.shutdownTestKit();
        resources.close();
    }

    @Test
    void placesConnectsAndReleases() {
        List<StageAddress> stages = place(TICKET);
        assertThat(stages).extracting(StageAddress::stage).containsExactly(0, 1, 2);
        worker.tell(new WorkerCommand.ConnectStages(TICKET, stages));
        assertThat(coordinator.expectMessageClass(CoordinatorCommand.WorkerConnected.class, SOON))
                .isEqualTo(new CoordinatorCommand.WorkerConnected(3, 0));
        assertThat(resources.idle()).isFalse();
        TestProbe<StageCommand> watcher = kit.createTestProbe();
        worker.tell(new WorkerCommand.ReleaseStages(TICKET, "enough"));
        coordinator.expectMessage(SOON, new CoordinatorCommand.WorkerReleased(3, 0));
        stages.forEach(stage -> watcher.expectTerminated(stage.actor(), SOON));
        assertThat(resources.idle()).isTrue();
    }

    @Test
    void oneRunAfterTheOtherAlsoUnderTheSameNumbers() {
        for (int run = 0; run < 3; run++) {
            place(TICKET);
            worker.tell(new WorkerCommand.ReleaseStages(TICKET, "enough"));
            coordinator.expectMessage(SOON, new CoordinatorCommand.WorkerReleased(3, 0));
        }
    }

    @Test
    void aBusyWorkerRefusesAndKeepsItsRun() {
        place(TICKET);
        TestProbe<CoordinatorCommand> other = kit.createTestProbe();
        RunTicket second = new RunTicket(9, 2, 3);
        worker.tell(new WorkerCommand.PlaceStages(
                second,
                spec,
                Assignment.contiguous(Placement.oneEach(3), 1),
                0,
                Optional.empty(),
                other.getRef(),
                "a-run"));
        assertThat(other.expectMessageClass(CoordinatorCommand.WorkerFailed.class, SOON)
                        .refusal()
                        .cause())
                .isEqualTo("busy with another run");
        worker.tell(new WorkerCommand.ReleaseStages(second, "failed"));
        worker.tell(new WorkerCommand.ReleaseStages(TICKET, "enough"));
        coordinator.expectMessage(SOON, new CoordinatorCommand.WorkerReleased(3, 0));
        other.expectNoMessage(Duration.ofMillis(50));
    }

    @Test
    void aPlacementThatFailsLeavesNothing() {
        worker.tell(new WorkerCommand.PlaceStages(
                TICKET,
                spec,
                Assignment.contiguous(Placement.oneEach(3), 1),
                0,
                Optional.of(Path.of("no-such-checkpoint")),
                coordinator.getRef(),
                "a-run"));
        assertThat(coordinator
                        .expectMessageClass(CoordinatorCommand.WorkerFailed.class, SOON)
                        .refusal()
                        .cause())
                .contains("no-such-checkpoint")
                .contains("cannot be read");
        assertThat(resources.idle()).isTrue();
        place(TICKET);
    }

    @Test
    void aWorkerRefusesMoreThanItsMachineHolds() {
        Layer[] wide = Collections.nCopies(500, new Linear(46_000, 46_000)).toArray(Layer[]::new);
        PipelineSpec tall = SmallJobs.tiny()
                .model(Shape.of(4), Sequential.of(new Linear(4, 46_000)).then(wide))
                .stages(2)
                .build()
                .pipeline();
        worker.tell(new WorkerCommand.PlaceStages(
                TICKET,
                tall,
                Assignment.contiguous(Placement.oneEach(2), 2),
                1,
                Optional.empty(),
                coordinator.getRef(),
                "a-run"));
        assertThat(coordinator
                        .expectMessageClass(CoordinatorCommand.WorkerFailed.class, SOON)
                        .refusal()
                        .cause())
                .startsWith("memory: expected at most the ")
                .contains("planned for 1 stage; ");
        assertThat(resources.idle()).isTrue();
        place(TICKET);
    }

    @Test
    void aLostCoordinatorFreesTheWorker() {
        TestProbe<CoordinatorCommand> first = kit.createTestProbe();
        worker.tell(new WorkerCommand.PlaceStages(
                TICKET,
                spec,
                Assignment.contiguous(Placement.oneEach(3), 1),
                0,
                Optional.empty(),
                first.getRef(),
                "a-run"));
        List<StageAddress> stages = first.expectMessageClass(CoordinatorCommand.WorkerPlaced.class, SOON)
                .stages();
        first.stop();
        stages.forEach(stage -> coordinator.expectTerminated(stage.actor(), SOON));
        coordinator.awaitAssert(SOON, () -> {
            assertThat(resources.idle()).isTrue();
            return "";
        });
        place(new RunTicket(9, 9, 9));
    }

    @Test
    void aFreeWorkerEndsWhenAsked() {
        worker.tell(new WorkerCommand.EndWhenFree());
        coordinator.expectTerminated(worker, SOON);
    }

    @Test
    void aBusyWorkerEndsOnceItsRunHasLetGo() {
        place(TICKET);
        worker.tell(new WorkerCommand.EndWhenFree());
        worker.tell(new WorkerCommand.ReleaseStages(TICKET, "enough"));
        coordinator.expectMessage(SOON, new CoordinatorCommand.WorkerReleased(3, 0));
        coordinator.expectTerminated(worker, SOON);
        assertThat(resources.idle()).isTrue();
    }

    @Test
    void aWorkerThatHasToGoTellsItsCoordinator() {
        place(TICKET);
        worker.tell(new WorkerCommand.HandOver());
        coordinator.expectMessage(SOON, new CoordinatorCommand.WorkerLeaving(3, 0));
        worker.tell(new WorkerCommand.ReleaseStages(TICKET, "enough"));
        coordinator.expectMessage(SOON, new CoordinatorCommand.WorkerReleased(3, 0));
        coordinator.expectTerminated(worker, SOON);
    }

    private List<StageAddress> place(RunTicket ticket) {
        worker.tell(new WorkerCommand.PlaceStages(
                ticket,
                spec,
                Assignment.contiguous(Placement.oneEach(3), 1),
                0,
                Optional.empty(),
                coordinator.getRef(),
                "a-run"));
        return coordinator
                .expectMessageClass(CoordinatorCommand.WorkerPlaced.class, SOON)
                .stages();
    }
}
