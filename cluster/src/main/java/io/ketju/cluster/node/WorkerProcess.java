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
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
 * One worker of a cluster: holds stages whenever a coordinator asks. It ends by itself when no node of those that it could join
 * by is in the cluster any more, nor any that directs a run or stands by to, and no run needs the worker, for nobody could find
 * it there; and when it was itself taken for dead. Whoever wants a worker then starts another, which joins whatever cluster is
 * there now.
 */
public final class WorkerProcess implements AutoCloseable {
    /** How coordinators find the workers of a cluster. */
    static final ServiceKey<WorkerCommand> SERVICE = ServiceKey.create(WorkerCommand.class, "ketju-worker");

    private final WorkerResources resources;
    private final ActorSystem<Void> system;
    private final Runnable handOver;

    private WorkerProcess(WorkerResources resources, ActorSystem<Void> system, Runnable handOver) {
        this.resources = resources;
        this.system = system;
        this.handOver = handOver;
    }

    /**
     * Has a worker listen and join a cluster, with the whole machine.
     *
     * @param options how it takes part in the cluster
     * @param threads that compute, at least 1
     * @param listener told what the worker does, by one thread at a time
     * @return the worker, to be closed by the caller
     * @throws InvalidClusterException with one line if it cannot listen or join
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

    /**
     * Has a worker listen and join a cluster, with a part of the machine.
     *
     * @param options how it takes part in the cluster
     * @param place what it has of the machine
     * @param listener told what the worker does, by one thread at a time
     * @return the worker, to be closed by the caller
     * @throws InvalidClusterException with one line if it cannot listen or join
     */
    public static WorkerProcess start(ClusterOptions options, Place place, Consumer<WorkerEvent> listener) {
        WorkerResources resources = resources(options, place);
        StatusBoard board = NodeSystem.board(NodeSystem.WORKER, place.threads());
        Consumer<WorkerEvent> listeners = event -> {
            board.on(event);
            listener.accept(event);
        };
        CompletableFuture<Consumer<WorkerCommand>> node = new CompletableFuture<>();
        ActorSystem<Void> system = null;
        try {
            system = NodeSystem.start(
                    guardian(resources, options, listeners, board, node), options, NodeSystem.WORKER, board);
            WorkerProcess worker = new WorkerProcess(resources, system, () -> {
                board.leaving();
                tell(node, new WorkerCommand.HandOver());
            });
            listeners.accept(new WorkerEvent.Listening(worker.address()));
            ClusterMembership.join(system, options, () -> tell(node, new WorkerCommand.EndWhenFree()));
            return worker;
        } catch (RuntimeException e) {
            if (system != null) {
                ActorSystems.terminate(system);
            }
            resources.close();
            throw e;
        }
    }

    /** As soon as its actor is there. */
    private static void tell(CompletionStage<Consumer<WorkerCommand>> node, WorkerCommand wish) {
        node.thenAccept(worker -> worker.accept(wish));
    }

    /** {@return where this worker is reached: {@code host:port}} */
    public String address() {
        return ClusterMembership.hostPort(Cluster.get(system).selfMember().address());
    }

    /** Returns when the worker has ended: closed, or without a cluster. It still has to be closed. */
    public void awaitTermination() {
        system.getWhenTerminated().toCompletableFuture().join();
    }

    /**
     * Has this worker end, as its machine is about to go: no run finds it any more, the one whose stages it holds takes them
     * elsewhere at its next step boundary, and then it ends; at once if it holds none. Returns at once.
     *
     * @param within as long as that may take: then it ends all the same, and the run recovers as from a loss
     * @return completed with whether that was in time; it still has to be closed
     */
    public CompletionStage<Boolean> leave(Duration within) {
        handOver.run();
        return system.getWhenTerminated()
                .toCompletableFuture()
                .thenApply(ended -> true)
                .completeOnTimeout(false, within.toNanos(), TimeUnit.NANOSECONDS);
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
            CompletableFuture<Consumer<WorkerCommand>> node) {
        Behavior<ClusterDomainEvent> guardian = Behaviors.setup(context -> {
            ActorRef<WorkerCommand> worker = context.spawn(
                    CommandGate.before(WorkerNode.create(resources, listener), NodeSystem.COORDINATOR, board::asked),
                    "worker",
                    DispatcherSelector.blocking());
            ActorRef<Receptionist.Command> receptionist = context.getSystem().receptionist();
            receptionist.tell(Receptionist.register(SERVICE, worker));
            AtomicBoolean takesLeave = new AtomicBoolean();
            node.complete(wish -> {
                if (wish instanceof WorkerCommand.HandOver) {
                    takesLeave.set(true);
                    receptionist.tell(Receptionist.deregister(SERVICE, worker));
                }
                worker.tell(wish);
            });
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
                    .onSignal(Terminated.class, ended -> end(context.getSystem(), takesLeave.get()))
                    .build();
        });
        return guardian.unsafeCast();
    }

    /**
     * A node that goes takes leave of the others: one that is silent is waited for, and those that are left may be too few then to go
     * on. Where nobody meets any more there is none to take leave of.
     */
    private static Behavior<ClusterDomainEvent> end(ActorSystem<?> system, boolean takesLeave) {
        if (takesLeave) {
            system.terminate();
            return Behaviors.same();
        }
        return Behaviors.stopped();
    }

    /** A run that is between two starts needs its workers, though they hold nothing: whoever directs it is still there. */
    private static void endIfLost(
            ActorSystem<?> system, ActorRef<WorkerCommand> worker, ClusterOptions options, MemberRemoved removed) {
        String gone = ClusterMembership.hostPort(removed.member().address());
        boolean found = ClusterMembership.addresses(system).stream()
                .anyMatch(member -> !member.equals(gone) && options.seedNodes().contains(member));
        boolean directed = ClusterMembership.has(system, NodeSystem.COORDINATOR, gone);
        if (!options.seedNodes().isEmpty() && !found && !directed) {
            worker.tell(new WorkerCommand.EndWhenFree());
        }
    }
}
