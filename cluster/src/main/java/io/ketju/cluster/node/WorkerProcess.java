package io.ketju.cluster.node;

import io.ketju.actors.checkpoint.RootFolders;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.run.ActorSystems;
import io.ketju.actors.run.Shield;
import io.ketju.actors.worker.WorkerEvent;
import io.ketju.actors.worker.WorkerNode;
import io.ketju.actors.worker.WorkerResources;
import io.ketju.cluster.link.SocketTransport;
import io.ketju.cluster.security.CommandGate;
import io.ketju.cluster.status.StatusBoard;
import io.ketju.tensor.core.TensorCore;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.cluster.ClusterEvent.ClusterDomainEvent;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * One worker of a cluster: holds stages whenever a coordinator asks. It ends by itself when no node of those that it could join by
 * is in the cluster any more, nobody who stands by either, and no run needs the worker, for nobody could find it there; and when it was itself
 * taken for dead. Whoever wants a worker then starts another, which joins whatever cluster is there now.
 */
public final class WorkerProcess implements AutoCloseable {
    /** How coordinators find the workers of a cluster. */
    static final ServiceKey<WorkerCommand> SERVICE = ServiceKey.create(WorkerCommand.class, "ketju-worker");

    private final WorkerResources resources;
    private final ActorSystem<Void> system;

    private WorkerProcess(WorkerResources resources, ActorSystem<Void> system) {
        this.resources = resources;
        this.system = system;
    }

    /**
     * Listens and joins; throws {@link InvalidClusterException} with one line if it cannot.
     *
     * @param listener told what the worker does, by one thread at a time
     */
    public static WorkerProcess start(ClusterOptions options, int threads, Consumer<WorkerEvent> listener) {
        return start(options, new Place(threads, Optional.empty(), RootFolders.anywhere()), listener);
    }

    /**
     * What a worker has of the machine it is on.
     *
     * @param threads that compute
     * @param traces the folder of the run that is traced, on this machine; empty: nothing is traced
     * @param roots where it reads and writes for those who command it
     */
    public record Place(int threads, Optional<Path> traces, RootFolders roots) {}

    /** The same for a worker that does not have the whole machine. */
    public static WorkerProcess start(ClusterOptions options, Place place, Consumer<WorkerEvent> listener) {
        WorkerResources resources = resources(options, place);
        StatusBoard board = NodeSystem.board(NodeSystem.WORKER, place.threads());
        Consumer<WorkerEvent> listeners = event -> {
            board.on(event);
            listener.accept(event);
        };
        AtomicReference<Runnable> leaving = new AtomicReference<>(() -> {});
        ActorSystem<Void> system = null;
        try {
            system = NodeSystem.start(
                    guardian(resources, options, listeners, board, leaving), options, NodeSystem.WORKER, board);
            WorkerProcess worker = new WorkerProcess(resources, system);
            listeners.accept(new WorkerEvent.Listening(worker.address()));
            ClusterMembership.join(
                    system, options, () -> Objects.requireNonNull(leaving.get()).run());
            return worker;
        } catch (RuntimeException e) {
            if (system != null) {
                ActorSystems.terminate(system);
            }
            resources.close();
            throw e;
        }
    }

    /** Where this worker is reached: {@code host:port}. */
    public String address() {
        return ClusterMembership.hostPort(Cluster.get(system).selfMember().address());
    }

    /** Returns when the worker has ended: closed, or without a cluster. It still has to be closed. */
    public void awaitTermination() {
        system.getWhenTerminated().toCompletableFuture().join();
    }

    /** Whether it holds no memory of any run. */
    boolean isIdle() {
        return resources.idle();
    }

    @Override
    public void close() {
        Shield.run("end", () -> {
            ActorSystems.terminate(system);
            resources.close();
        });
    }

    private static WorkerResources resources(ClusterOptions options, Place place) {
        TensorCore core = TensorCore.open(place.threads());
        try {
            SocketTransport transport =
                    SocketTransport.open(options.host(), options.dataPath(), options.dataSecurity());
            return new WorkerResources(core, transport, place.traces(), place.roots());
        } catch (RuntimeException e) {
            core.close();
            throw e;
        }
    }

    private static Behavior<Void> guardian(
            WorkerResources resources,
            ClusterOptions options,
            Consumer<WorkerEvent> listener,
            StatusBoard board,
            AtomicReference<Runnable> leaving) {
        Behavior<ClusterDomainEvent> guardian = Behaviors.setup(context -> {
            ActorRef<WorkerCommand> worker = context.spawn(
                    CommandGate.before(WorkerNode.create(resources, listener), NodeSystem.COORDINATOR, board::asked),
                    "worker",
                    DispatcherSelector.blocking());
            leaving.set(() -> worker.tell(new WorkerCommand.EndWhenFree()));
            context.getSystem().receptionist().tell(Receptionist.register(SERVICE, worker));
            ActorRef<ClusterDomainEvent> self = context.getSelf();
            var subscriptions = Cluster.get(context.getSystem()).subscriptions();
            subscriptions.tell(Subscribe.create(self.narrow(), MemberRemoved.class));
            subscriptions.tell(Subscribe.create(self.narrow(), SelfUp.class));
            context.watch(worker);
            return Behaviors.receive(ClusterDomainEvent.class)
                    .onMessage(MemberRemoved.class, removed -> {
                        endIfLost(context.getSystem(), worker, options, removed);
                        return Behaviors.same();
                    })
                    .onMessage(SelfUp.class, up -> {
                        listener.accept(new WorkerEvent.Joined());
                        return Behaviors.same();
                    })
                    .onSignal(Terminated.class, ended -> Behaviors.stopped())
                    .build();
        });
        return guardian.unsafeCast();
    }

    private static void endIfLost(
            ActorSystem<?> system, ActorRef<WorkerCommand> worker, ClusterOptions options, MemberRemoved removed) {
        String gone = ClusterMembership.hostPort(removed.member().address());
        boolean others = ClusterMembership.addresses(system).stream()
                .anyMatch(member -> !member.equals(gone) && options.seedNodes().contains(member));
        boolean needed = ClusterMembership.standbyOtherThan(system, gone);
        boolean mattered = options.seedNodes().contains(gone) || ClusterMembership.standsBy(removed.member());
        if (mattered && !others && !needed) {
            worker.tell(new WorkerCommand.EndWhenFree());
        }
    }
}
