package io.ketju.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.worker.WorkerNode;
import io.ketju.actors.worker.WorkerResources;
import io.ketju.cluster.TinyJob;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.tensor.core.TensorCore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker whose stages reach each other over sockets only, by its messages alone; the coordinator is a probe. */
class WorkerOverSocketsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final RunTicket TICKET = new RunTicket(1, 2, 3);

    private final ActorTestKit kit = ActorTestKit.create("ketju-socket-test");
    private final WorkerResources resources =
            new WorkerResources(TensorCore.open(1), SocketTransport.open("127.0.0.1", LinkMode.ALWAYS_SOCKETS));
    private final PipelineSpec spec = TinyJob.builder().stages(3).build().pipeline();
    private final TestProbe<CoordinatorCommand> coordinator = kit.createTestProbe();
    private final ActorRef<WorkerCommand> worker =
            kit.spawn(WorkerNode.create(resources), "worker", DispatcherSelector.blocking());

    @AfterEach
    void close() {
        kit.shutdownTestKit();
        resources.close();
    }

    /** The same edges come again under the same names as soon as the first run has let go of them. */
    @Test
    void oneRunAfterTheOtherIsConnectedAndFreed() {
        for (int run = 0; run < 3; run++) {
            List<StageAddress> stages = place(coordinator);
            assertThat(stages)
                    .allSatisfy(stage -> assertThat(stage.data())
                            .isEqualTo(resources.transport().address()));
            worker.tell(new WorkerCommand.ConnectStages(TICKET, stages));
            coordinator.expectMessage(SOON, new CoordinatorCommand.WorkerConnected(3, 0));
            assertThat(resources.idle()).isFalse();
            release();
        }
    }

    @Test
    void aLostCoordinatorFreesTheWorker() {
        TestProbe<CoordinatorCommand> first = kit.createTestProbe();
        List<StageAddress> stages = place(first);
        worker.tell(new WorkerCommand.ConnectStages(TICKET, stages));
        first.expectMessage(SOON, new CoordinatorCommand.WorkerConnected(3, 0));
        first.stop();
        coordinator.awaitAssert(SOON, () -> {
            assertThat(resources.idle()).isTrue();
            return "";
        });
        place(coordinator);
    }

    @Test
    void aWayThatCannotBeOpenedIsReported() {
        List<StageAddress> nowhere = place(coordinator).stream()
                .map(stage -> new StageAddress(stage.stage(), 0, stage.actor(), Optional.empty()))
                .toList();
        worker.tell(new WorkerCommand.ConnectStages(TICKET, nowhere));
        assertThat(coordinator
                        .expectMessageClass(CoordinatorCommand.WorkerFailed.class, SOON)
                        .refusal()
                        .cause())
                .contains("no data plane at the other end of");
        release();
    }

    private List<StageAddress> place(TestProbe<CoordinatorCommand> asks) {
        worker.tell(new WorkerCommand.PlaceStages(
                TICKET,
                spec,
                Assignment.contiguous(Placement.oneEach(3), 1),
                0,
                Optional.empty(),
                asks.getRef(),
                "a-run"));
        return asks.expectMessageClass(CoordinatorCommand.WorkerPlaced.class, SOON)
                .stages();
    }

    private void release() {
        worker.tell(new WorkerCommand.ReleaseStages(TICKET, "enough"));
        coordinator.expectMessage(SOON, new CoordinatorCommand.WorkerReleased(3, 0));
        assertThat(resources.idle()).isTrue();
    }
}
