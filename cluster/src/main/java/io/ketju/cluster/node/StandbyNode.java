package io.ketju.cluster.node;

import io.ketju.actors.job.JobHash;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.StandbyCommand;
import io.ketju.actors.run.ActorSystems;
import io.ketju.actors.run.RunSite;
import io.ketju.actors.run.Shield;
import io.ketju.cluster.link.SocketTransport;
import io.ketju.cluster.status.NodeStatus;
import io.ketju.cluster.status.StatusBoard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;

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
    private final KeptCopy copy;
    /** Where parcels come for the copy, if there is one. */
    private @Nullable SocketTransport transport;

    private StandbyNode(ClusterOptions options, StatusBoard board, String role, Path run) {
        this.options = options;
        this.board = board;
        this.role = role;
        this.copy = new KeptCopy(run);
        this.system = NodeSystem.start(waiting(), options, List.of(NodeSystem.COORDINATOR, role), board);
    }

    /**
     * Joins the cluster.
     *
     * @param options also for the run
     * @param job of the run
     * @param run the folder of the run, or of a copy of it; the run is known by its job and the name of this folder
     * @return the node, to be closed by the caller unless a run takes it over
     * @throws InvalidClusterException with one line if it cannot listen
     */
    public static StandbyNode join(ClusterOptions options, TrainingJob job, Path run) {
        StatusBoard board = ClusterSite.board();
        board.standingBy(job);
        String role = role(job, run);
        StandbyNode node = new StandbyNode(options, board, role, run);
        try {
            ClusterMembership.join(node.system, options, () -> {}); // whoever it is to follow is in this cluster
            node.system.systemActorOf(
                    StandbyKeeper.create(node.copy, node::transport, service(role)),
                    "standby",
                    DispatcherSelector.blocking());
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /** Of all who stand by for a run. */
    static String role(TrainingJob job, Path run) {
        String called = run.toAbsolutePath().normalize().getFileName() + " " + JobHash.numbers(job);
        return ClusterMembership.STANDBY_ROLE + HexFormat.of().toHexDigits(called.hashCode());
    }

    /** By which drivers of a run find those of a role. */
    static ServiceKey<StandbyCommand> service(String role) {
        return ServiceKey.create(StandbyCommand.class, "ketju-" + role);
    }

    private synchronized SocketTransport transport() {
        SocketTransport opened = transport;
        if (opened == null) {
            opened = SocketTransport.open(options.host(), options.dataPath(), options.dataSecurity());
            transport = opened;
        }
        return opened;
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

    /** Whether it is in a cluster itself. */
    boolean isUp() {
        return ClusterMembership.isUp(system);
    }

    /** Whether the node at {@code host:port} is a member of its cluster, as far as it knows. */
    boolean sees(String node) {
        return ClusterMembership.isMember(system, node);
    }

    /** How many stand by for the same run and came before, apart from the node at {@code except}. */
    int older(String except) {
        return ClusterMembership.older(system, role, except);
    }

    /** What is kept here of the run, where its folder is out of reach. */
    KeptCopy copy() {
        return copy;
    }

    /** How many others may take the run over, which somebody directed from {@code except}; {@code copying} are known to have copies. */
    int before(String except, List<String> copying) {
        return ClusterMembership.before(system, role, except, copying);
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
        copy.retire();
        system.tell(new Become(guardian.unsafeCast()));
        return (ActorSystem<T>) system;
    }

    /** Leaves the cluster; waits until its last thread is done. */
    @Override
    public void close() {
        Shield.run("end", () -> ActorSystems.terminate(system));
        copy.close();
        synchronized (this) {
            if (transport != null) {
                transport.close();
                transport = null;
            }
        }
    }
}
