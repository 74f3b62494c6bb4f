package io.ketju.tests.simulation;

import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.run.RunSite;
import io.ketju.actors.run.WorkerNews;
import io.ketju.actors.transport.StageTransport;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * A driver's view of the workers: it finds them after a while, and hears of those that are lost or leave. Where a run goes on by
 * itself, others come in their place, sooner or later.
 */
final class DriverSite implements RunSite {
    private static final long LONGEST_SEARCH = 2_000_000_000L;
    /** Times are short about as often as they are long: a whole run may take a second. */
    private static final int HALVINGS = 10;
    /** A new worker comes up within this time after it was found missing. */
    private static final long LONGEST_BOOT = 20_000_000_000L;

    private final World world;
    private final ActorSystem<?> system;
    private final Node node;
    private final StageTransport transport;
    private final Membership members;
    /** Has as many workers come up as there are to be. */
    private final Runnable replenish;

    private @Nullable ActorRef<WorkerNews> news;
    private int searches;

    /** @param replenish has as many workers come up as there are to be */
    DriverSite(
            World world,
            ActorSystem<?> system,
            Node node,
            StageTransport transport,
            Membership members,
            Runnable replenish) {
        this.world = world;
        this.system = system;
        this.node = node;
        this.transport = transport;
        this.members = members;
        this.replenish = replenish;
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
        world.after(within(LONGEST_SEARCH), node, () -> {
            replenish.run(); // it waits for all
            tell(new WorkerNews.Found(members.workerActors()));
        });
        return List.of();
    }

    /** Whether runs do is said by their jobs. */
    @Override
    public boolean recovers() {
        return true;
    }

    /** As many as before, if they come up in time; else those that are left, and the others join a run that goes on. */
    @Override
    public void findWorkersAgain(Optional<String> lost) {
        int search = ++searches;
        boolean inTime = world.delay(2) == 0;
        world.after(within(LONGEST_SEARCH), node, () -> {
            if (inTime || members.workerActors().isEmpty()) {
                replenish.run();
            } else {
                world.after(within(LONGEST_BOOT), node, () -> fill(search));
            }
            tell(new WorkerNews.Found(members.workerActors()));
        });
    }

    private void fill(int search) {
        replenish.run();
        if (search == searches) {
            tell(new WorkerNews.Joined(members.workerActors()));
        }
    }

    @Override
    public void replaceLeaving(ActorRef<WorkerCommand> worker) {
        boolean inTime = world.delay(2) == 0;
        world.after(within(LONGEST_SEARCH), node, () -> {
            if (inTime) {
                replenish.run();
            }
            tell(new WorkerNews.Instead(members.workerActors()));
        });
    }

    /** A worker has left the cluster, as membership sees it. */
    void lost(ActorRef<WorkerCommand> worker) {
        world.after(0, node, () -> tell(new WorkerNews.Lost(worker)));
    }

    private long within(long longest) {
        return world.delay(longest >> world.delay(HALVINGS));
    }

    private void tell(WorkerNews heard) {
        ActorRef<WorkerNews> hears = news;
        if (hears != null) {
            hears.tell(heard);
        }
    }

    @Override
    public String describe(RunFailure.WorkerLost lost) {
        return lost.line();
    }

    @Override
    public void close() {}
}
