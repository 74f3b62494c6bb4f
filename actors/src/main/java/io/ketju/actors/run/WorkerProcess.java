package io.ketju.actors.run;

import io.ketju.actors.worker.LinkMode;
import io.ketju.actors.worker.WorkerNode;
import io.ketju.actors.worker.WorkerResources;
import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.dataplane.DataPlaneOptions;
import io.ketju.tensor.core.TensorCore;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.cluster.ClusterEvent.MemberRemoved;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * One worker of a cluster: holds stages whenever a coordinator asks. It ends by itself when the node that it joined by
 * has left the cluster and no run needs the worker any more, for nobody could find it there; and when it was itself
 * taken for dead. Whoever wants a worker then starts another, which joins whatever cluster is there now.
 */
public final class WorkerProcess implements AutoCloseable {
    private final WorkerResources resources;
    private final ActorSystem<Void> system;

    private WorkerProcess(WorkerResources resources, ActorSystem<Void> system) {
        this.resources = resources;
        this.system = system;
    }

    /** Listens and joins; throws {@link InvalidClusterException} with one line if it cannot. */
    public static WorkerProcess start(ClusterOptions options, int threads) {
        WorkerResources resources = resources(options, threads);
        ActorSystem<Void> system = null;
        try {
            system = ActorSystems.node(guardian(resources, options), options, "worker");
            ClusterMembership.join(system, options);
            return new WorkerProcess(resources, system);
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
        return hostPort(Cluster.get(system).selfMember().address());
    }

    /** Returns when the worker has ended: closed, or without a cluster. It still has to be closed. */
    public void awaitTermination() {
        system.getWhenTerminated().toCompletableFuture().join();
    }

    @Override
    public void close() {
        ActorSystems.terminate(system);
        resources.close();
    }

    private static WorkerResources resources(ClusterOptions options, int threads) {
        TensorCore core = TensorCore.open(threads);
        try {
            DataPlane plane =
                    DataPlane.open(DataPlaneOptions.defaults().withBind(new InetSocketAddress(options.host(), 0)));
            return new WorkerResources(core, Optional.of(plane), LinkMode.LOCAL_WHERE_POSSIBLE);
        } catch (RuntimeException e) {
            core.close();
            throw e;
        }
    }

    private static Behavior<Void> guardian(WorkerResources resources, ClusterOptions options) {
        Behavior<MemberRemoved> guardian = Behaviors.setup(context -> {
            ActorRef<WorkerNode.Command> worker =
                    context.spawn(WorkerNode.create(resources), "worker", DispatcherSelector.blocking());
            context.getSystem().receptionist().tell(Receptionist.register(WorkerNode.SERVICE, worker));
            Cluster.get(context.getSystem())
                    .subscriptions()
                    .tell(Subscribe.create(context.getSelf(), MemberRemoved.class));
            context.watch(worker);
            return Behaviors.receive(MemberRemoved.class)
                    .onMessage(MemberRemoved.class, removed -> endIfLost(worker, options, removed))
                    .onSignal(Terminated.class, ended -> Behaviors.stopped())
                    .build();
        });
        return guardian.unsafeCast();
    }

    private static Behavior<MemberRemoved> endIfLost(
            ActorRef<WorkerNode.Command> worker, ClusterOptions options, MemberRemoved removed) {
        if (options.seedNodes().contains(hostPort(removed.member().address()))) {
            worker.tell(new WorkerNode.EndWhenFree());
        }
        return Behaviors.same();
    }

    private static String hostPort(Address address) {
        return address.host().get() + ":" + address.port().get();
    }
}
