package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ketju.actors.message.RunTicket;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.run.ActorSystems;
import io.ketju.cluster.link.DataPath;
import io.ketju.cluster.security.CommandGate;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who has a worker send the copies of stages that it keeps. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CommandGateTest {
    private static final RunTicket TICKET = new RunTicket(1, 2, 3);
    private static final WorkerCommand LAST = new WorkerCommand.ReleaseStages(TICKET, "the last that is sent");

    @Test
    void copiesGoToTheHostOfACoordinatorAlone() throws InterruptedException {
        assertThat(letThrough(NodeSystem.COORDINATOR, "127.0.0.1")).isTrue();
        assertThat(letThrough(NodeSystem.COORDINATOR, "127.0.0.2")).isFalse();
        assertThat(letThrough(NodeSystem.WORKER, "127.0.0.1")).isFalse();
    }

    @Test
    void aCoordinatorMayBeKnownALittleLaterThanItsCommand() throws InterruptedException {
        BlockingQueue<WorkerCommand> heard = new LinkedBlockingQueue<>();
        ActorSystem<WorkerCommand> node = start(NodeSystem.COORDINATOR, heard);
        try {
            node.tell(copiesTo("127.0.0.1"));
            node.tell(LAST);
            assertThat(heard.take()).isEqualTo(LAST);
            join(node);
            assertThat(heard.take()).isEqualTo(copiesTo("127.0.0.1"));
        } finally {
            ActorSystems.terminate(node);
        }
    }

    /** Whether a worker hears at once that it is to send copies there, in a cluster of one member of this role on 127.0.0.1. */
    private static boolean letThrough(String role, String folder) throws InterruptedException {
        BlockingQueue<WorkerCommand> heard = new LinkedBlockingQueue<>();
        ActorSystem<WorkerCommand> node = start(role, heard);
        try {
            join(node);
            node.tell(copiesTo(folder));
            node.tell(LAST);
            boolean sent = heard.take() instanceof WorkerCommand.SendCopies;
            if (sent) {
                assertThat(heard.take()).isEqualTo(LAST);
            }
            return sent;
        } finally {
            ActorSystems.terminate(node);
        }
    }

    private static ActorSystem<WorkerCommand> start(String role, BlockingQueue<WorkerCommand> heard) {
        Behavior<WorkerCommand> worker = Behaviors.receiveMessage(command -> {
            heard.add(command);
            return Behaviors.same();
        });
        return NodeSystem.start(
                CommandGate.before(worker, NodeSystem.COORDINATOR, placement -> {}),
                options(),
                role,
                NodeSystem.board(role, 0));
    }

    /** Returns when the node sees itself as a member; what it sees follows the cluster's own news, so it comes a little later. */
    private static void join(ActorSystem<WorkerCommand> node) {
        Cluster cluster = Cluster.get(node.classicSystem());
        cluster.join(cluster.selfAddress());
        await().forever().until(() -> cluster.state().getMembers().iterator().hasNext());
    }

    private static WorkerCommand copiesTo(String host) {
        return new WorkerCommand.SendCopies(TICKET, 2, 5, List.of(0), new InetSocketAddress(host, 1));
    }

    private static ClusterOptions options() {
        return new ClusterOptions(
                "127.0.0.1",
                0,
                List.of(),
                1,
                Duration.ofSeconds(90),
                DataPath.AUTO,
                WorkerLauncher.NONE,
                Optional.empty());
    }
}
