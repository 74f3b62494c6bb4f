package io.ketju.tests.simulation;

import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.run.RunSite;
import io.ketju.actors.run.WorkerNews;
import io.ketju.actors.transport.StageTransport;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/** A driver's view of the workers: it finds them after a while, and hears of those that are lost. */
final class DriverSite implements RunSite {
    private static final long LONGEST_SEARCH = 2_000_000_000L;

    private final World world;
    private final ActorSystem<?> system;
    private final Node node;
    private final StageTransport transport;
    private final Supplier<List<ActorRef<WorkerCommand>>> workers;
    private @Nullable ActorRef<WorkerNews> news;

    /** @param workers that are there when it asks */
    DriverSite(
            World world,
            ActorSystem<?> system,
            Node node,
            StageTransport transport,
            Supplier<List<ActorRef<WorkerCommand>>> workers) {
        this.world = world;
        this.system = system;
        this.node = node;
        this.transport = transport;
        this.workers = workers;
    }

    @Override
    public StageTransport transport() {
        return transport;
    }

    @Override
    public <T> ActorSystem<T> start(Behavior<T> guardian) {
        return new DriverSystem<>(system, system.systemActorOf(guardian, node.name(), Props.empty()));
    }

    @Override
    public void end(ActorSystem<?> ended, Optional<String> lost) {}

    @Override
    public List<ActorRef<WorkerCommand>> findWorkers(ActorContext<?> context, ActorRef<WorkerNews> hears) {
        news = hears;
        world.after(world.delay(LONGEST_SEARCH), node, () -> hears.tell(new WorkerNews.Found(workers.get())));
        return List.of();
    }

    /** A worker has left the cluster, as membership sees it. */
    void lost(ActorRef<WorkerCommand> worker) {
        ActorRef<WorkerNews> hears = news;
        if (hears != null) {
            world.after(0, node, () -> hears.tell(new WorkerNews.Lost(worker)));
        }
    }

    @Override
    public String describe(RunFailure.WorkerLost lost) {
        return lost.line();
    }

    @Override
    public void close() {}
}
