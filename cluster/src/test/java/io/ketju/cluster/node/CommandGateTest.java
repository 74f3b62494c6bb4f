package io.ketju.cluster.node;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.CountDownLatch;
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

    /** Whether a worker hears that it is to send copies there, in a cluster of one member of this role on 127.0.0.1. */
    private static boolean letThrough(String role, String folder) throws InterruptedException {
        BlockingQueue<WorkerCommand> heard = new LinkedBlockingQueue<>();
        Behavior<WorkerCommand> worker = Behaviors.receiveMessage(command -> {
            heard.add(command);
            return Behaviors.same();
        });
        ActorSystem<WorkerCommand> node = NodeSystem.start(
                CommandGate.before(worker, NodeSystem.COORDINATOR, placement -> {}),
                options(),
                role,
                NodeSystem.board(role, 0));
        try {
            Cluster cluster = Cluster.get(node.classicSystem());
            CountDownLatch up = new CountDownLatch(1);
            cluster.registerOnMemberUp(up::countDown);
            cluster.join(cluster.selfAddress());
            up.await();
            node.tell(new WorkerCommand.SendCopies(TICKET, 2, 5, List.of(0), new InetSocketAddress(folder, 1)));
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
