package io.ketju.cluster.node;

import io.ketju.actors.checkpoint.RunCopy;
import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.run.ActorSystems;
import io.ketju.actors.run.RunSite;
import io.ketju.actors.run.WorkerNews;
import io.ketju.actors.transport.StageTransport;
import io.ketju.cluster.link.SocketTransport;
import io.ketju.cluster.status.StatusBoard;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;

/** The workers of a cluster, which this JVM joins as the one that directs a run. */
public final class ClusterSite implements RunSite {
    /** Those who stand by are to know how the run has ended before nobody is there any more who could tell. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(3);

    private final ClusterOptions options;
    private final LaunchedWorkers launched;
    private final SocketTransport transport;
    private final StatusBoard board;
    /** Workers that the run is to have. */
    private final AtomicInteger wanted;

    /** The node that this JVM is in the cluster already, if it is. */
    private final Optional<StandbyNode> node;

    private final FollowerBoard followers = new FollowerBoard();
    private volatile String address = "";
    private @Nullable ActorSystem<?> running;
    private @Nullable ActorRef<GatheringCommand> gathering;

    private ClusterSite(
            ClusterOptions options, SocketTransport transport, StatusBoard board, Optional<StandbyNode> node) {
        this.node = node;
        this.options = options;
        this.launched = new LaunchedWorkers(options.launched());
        this.transport = transport;
        this.board = board;
        this.wanted = new AtomicInteger(options.workers());
    }

    /** {@return a board on which such a site writes down what its run does} */
    public static StatusBoard board() {
        return NodeSystem.board(NodeSystem.COORDINATOR, 0);
    }

    /**
     * Listens for the data of a run, with a board of its own, which says of no run.
     *
     * @param options how this JVM takes part in the cluster
     * @return the site, which the run closes
     */
    public static ClusterSite open(ClusterOptions options) {
        return open(options, board());
    }

    /**
     * Listens for the data of a run; the cluster is joined by {@link #start}.
     *
     * @param options how this JVM takes part in the cluster
     * @param board which a listener of the run writes
     * @return the site, which the run closes
     */
    public static ClusterSite open(ClusterOptions options, StatusBoard board) {
        return open(options, board, Optional.empty());
    }

    /** The same from a node that has stood by. */
    static ClusterSite open(ClusterOptions options, StatusBoard board, Optional<StandbyNode> node) {
        return new ClusterSite(
                options, SocketTransport.open(options.host(), options.dataPath(), options.dataSecurity()), board, node);
    }

    @Override
    public StageTransport transport() {
        return transport;
    }

    /** Throws {@link InvalidClusterException} with one line if its port is taken. */
    @Override
    public <T> ActorSystem<T> start(Behavior<T> guardian) {
        ActorSystem<T> system = node.isPresent() ? node.get().become(guardian) : joined(guardian);
        address = ClusterMembership.hostPort(Cluster.get(system).selfMember().address());
        running = system;
        return system;
    }

    private <T> ActorSystem<T> joined(Behavior<T> guardian) {
        ActorSystem<T> system = NodeSystem.start(guardian, options, NodeSystem.COORDINATOR, board);
        try {
            ClusterMembership.join(system, options, () -> {}); // a run goes on where it is; the next one finds all
            return system;
        } catch (RuntimeException e) {
            ActorSystems.terminate(system);
            throw e;
        }
    }

    @Override
    public Optional<String> address() {
        return Optional.of(address).filter(known -> !known.isEmpty());
    }

    @Override
    public void standBy(KeptRun run) {
        Path folder = run.directory().path();
        FollowerSearch.Parts parts =
                new FollowerSearch.Parts(run, transport, RunCopy.holder(run.directory()), followers);
        Objects.requireNonNull(running, "the system does not run")
                .systemActorOf(
                        FollowerSearch.create(parts, StandbyNode.service(StandbyNode.role(run.job(), folder))),
                        "followers",
                        Props.empty());
    }

    /**
     * Leaves the cluster, unless it ends with this process: then there is nobody to take leave of. A lost worker whose process
     * is gone is taken out of the cluster first: while others wait for it, nobody can leave, and a node that ends without leaving
     * counts as another one lost, with which those that are left may be too few to go on.
     */
    @Override
    public void end(ActorSystem<?> system, Optional<String> lost) {
        followers.awaitEndHeard(END_PATIENCE);
        lost.filter(address -> !ClusterMembership.answers(address))
                .ifPresent(address -> ClusterMembership.down(system, address));
        if (launched.areAll(ClusterMembership.others(system))) {
            ClusterMembership.end(system);
        }
        ActorSystems.terminate(system);
    }

    @Override
    public List<ActorRef<WorkerCommand>> findWorkers(ActorContext<?> context, ActorRef<WorkerNews> news) {
        gathering = context.spawn(WorkerGathering.create(options, wanted::get, launched, news), "gathering");
        return List.of();
    }

    @Override
    public boolean recovers() {
        return true;
    }

    @Override
    public void findWorkersAgain(Optional<String> lost) {
        Objects.requireNonNull(gathering, "workers were not found before").tell(new GatheringCommand.FindAgain(lost));
    }

    /** From now on as many are looked for after a loss, too. */
    @Override
    public void offerWorkers(
            ActorContext<?> context, List<ActorRef<WorkerCommand>> have, int count, ActorRef<WorkerNews> news) {
        if (count <= have.size()) {
            wanted.set(count);
            news.tell(new WorkerNews.Offered(have.subList(0, count)));
        } else {
            context.spawnAnonymous(WorkerGrowth.create(
                    new WorkerGrowth.Wanted(have, count, news), options.joinTimeout(), launched::start, wanted::set));
        }
    }

    @Override
    public void replaceLeaving(ActorRef<WorkerCommand> worker) {
        Objects.requireNonNull(gathering, "workers were not found before").tell(new GatheringCommand.Replace(worker));
    }

    @Override
    public String name(ActorRef<WorkerCommand> worker) {
        return launched.name(Coordinator.addressOf(worker)).orElseGet(() -> RunSite.super.name(worker));
    }

    @Override
    public String describe(RunFailure.WorkerLost lost) {
        return launched.line(lost);
    }

    @Override
    public void close() {
        transport.close();
        followers.close();
    }
}
