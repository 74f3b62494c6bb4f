package io.ketju.cluster.node;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.ActorSystems;
import io.ketju.actors.run.RunSite;
import io.ketju.actors.run.Shield;
import io.ketju.cluster.status.NodeStatus;
import io.ketju.cluster.status.StatusBoard;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * A node that is in the cluster to direct a run if whoever directs it is lost. It holds nothing. When the time has come the run's
 * actors live in its own system: to join anew would take as long as the dead are members.
 */
public final class StandbyNode implements AutoCloseable {
    /** One look at what the other nodes hold. */
    private static final Duration ASKED = Duration.ofSeconds(1);

    /** The run's top takes the place of what waited. */
    private record Become(Behavior<Object> guardian) {}

    private final ClusterOptions options;
    private final StatusBoard board;
    private final String role;
    private final ActorSystem<Object> system;

    private StandbyNode(ClusterOptions options, StatusBoard board, String role) {
        this.options = options;
        this.board = board;
        this.role = role;
        this.system = NodeSystem.start(waiting(), options, List.of(NodeSystem.COORDINATOR, role), board);
    }

    /**
     * Joins the cluster.
     *
     * @param options also for the run
     * @param job of the run
     * @param run what the run is called by all who stand by for it
     * @return the node, to be closed by the caller unless a run takes it over
     * @throws InvalidClusterException with one line if it cannot listen
     */
    public static StandbyNode join(ClusterOptions options, TrainingJob job, String run) {
        StatusBoard board = ClusterSite.board();
        board.standingBy(job);
        String role = ClusterMembership.STANDBY_ROLE + HexFormat.of().toHexDigits(run.hashCode());
        StandbyNode node = new StandbyNode(options, board, role);
        try {
            ClusterMembership.join(node.system, options, () -> {}); // whoever it is to follow is in this cluster
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static Behavior<Object> waiting() {
        return Behaviors.receive(Object.class)
                .onMessage(Become.class, Become::guardian)
                .build();
    }

    /** {@return where it is reached: {@code host:port}} */
    public String address() {
        return ClusterMembership.hostPort(Cluster.get(system).selfMember().address());
    }

    /** {@return whether it has ended, for the others took it for dead, or it was cut off from them} */
    public boolean ended() {
        return system.getWhenTerminated().toCompletableFuture().isDone();
    }

    /** Whether the node at {@code host:port} is a member of its cluster, as far as it knows. */
    boolean sees(String node) {
        return ClusterMembership.isMember(system, node);
    }

    /** How many stand by for the same run and came before, apart from the node at {@code except}. */
    int older(String except) {
        return ClusterMembership.older(system, role, except);
    }

    /** The process of the node at {@code host:port} is gone: nobody need wait for it. */
    void remove(String node) {
        if (sees(node)) {
            ClusterMembership.down(system, node);
        }
    }

    /** Whether a worker holds stages of whoever directed from {@code host:port}. */
    boolean holdsStages(String director) {
        return ClusterStatus.ask(ClusterMembership.addresses(system), options.certificates(), ASKED).nodes().stream()
                .flatMap(node -> node.status().stream())
                .flatMap(status -> status.held().stream())
                .map(NodeStatus.Held::director)
                .anyMatch(director::equals);
    }

    /** {@return where it writes down what it does} */
    public StatusBoard board() {
        return board;
    }

    /** {@return the cluster as the site of the run that is taken over; it ends this node with the run} */
    public RunSite site() {
        return ClusterSite.open(options, board, Optional.of(this));
    }

    /** Has this behavior at the top of its system. */
    @SuppressWarnings("unchecked") // what it understood before, nobody sends any more
    <T> ActorSystem<T> become(Behavior<T> guardian) {
        system.tell(new Become(guardian.unsafeCast()));
        return (ActorSystem<T>) system;
    }

    /** Leaves the cluster; waits until its last thread is done. */
    @Override
    public void close() {
        Shield.run("end", () -> ActorSystems.terminate(system));
    }
}
