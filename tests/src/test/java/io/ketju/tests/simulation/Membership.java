package io.ketju.tests.simulation;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.WorkerCommand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.InternalActorRef;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.dispatch.sysmsg.DeathWatchNotification;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes there are, and what the others hear when one of them is gone: connections of tensors break at once if its process
 * ended, and after ten seconds of silence otherwise; the cluster takes longer.
 */
final class Membership {
    private static final long SECOND = 1_000_000_000L;
    /** Silence after which a connection for tensors is given up. */
    private static final long DATA_TIMEOUT = 10 * SECOND;
    /** Silence after which the cluster gives up a node, at least and at most. */
    private static final long LEAST_UNREACHABLE = 15 * SECOND;

    private static final long MOST_UNREACHABLE = 25 * SECOND;
    /** A node that the others have given up ends itself within this time. */
    private static final long LONGEST_AFTERLIFE = 5 * SECOND;

    private final World world;
    private final Wires wires;
    private final Map<Node, ActorRef<WorkerCommand>> workers = new LinkedHashMap<>();
    private final Set<Node> given = new HashSet<>();
    /** Workers that take no more stages. */
    private final Set<Node> leaving = new HashSet<>();

    private final Map<Node, ActorRef<CoordinatorCommand>> coordinators = new LinkedHashMap<>();
    private @Nullable Node driver;
    private @Nullable DriverSite site;

    Membership(World world, Wires wires) {
        this.world = world;
        this.wires = wires;
    }

    void joined(Node node, ActorRef<WorkerCommand> worker) {
        workers.put(node, worker);
    }

    void drives(Node node, DriverSite of) {
        driver = node;
        site = of;
    }

    void coordinates(Node node, ActorRef<CoordinatorCommand> coordinator) {
        coordinators.put(node, coordinator);
    }

    /** Whether the coordinator of this node has ended, if a worker ever heard of one. */
    boolean hasEnded(Node node) {
        ActorRef<CoordinatorCommand> coordinator = coordinators.get(node);
        return coordinator == null || isTerminated(coordinator);
    }

    /** The driver that is there, as far as the others know; null: none. */
    @Nullable
    Node driver() {
        return driver;
    }

    void driverEnded() {
        driver = null;
        site = null;
    }

    /** Nodes of workers that live and have not been given up. */
    List<Node> workers() {
        return workers.keySet().stream()
                .filter(node -> node.alive() && !given.contains(node))
                .toList();
    }

    /** Those of them that take stages. */
    List<ActorRef<WorkerCommand>> workerActors() {
        List<ActorRef<WorkerCommand>> found = new ArrayList<>();
        workers().stream().filter(node -> !leaving.contains(node)).forEach(node -> found.add(workers.get(node)));
        return found;
    }

    /** A worker is told that its process is to end: it has its stages taken elsewhere first, but no longer than this. */
    void leave(Node node, long nanos) {
        ActorRef<WorkerCommand> worker = workers.get(node);
        if (worker != null && leaving.add(node)) {
            world.as(node, () -> worker.tell(new WorkerCommand.HandOver()));
            world.after(nanos, world.nowhere, () -> kill(node));
        }
    }

    /** Those that have nothing more to do end. */
    void endLeft() {
        leaving.stream()
                .filter(node -> node.alive() && isTerminated(Objects.requireNonNull(workers.get(node))))
                .toList()
                .forEach(this::kill);
    }

    private static boolean isTerminated(ActorRef<?> actor) {
        return ((InternalActorRef) Adapter.toClassic(actor)).isTerminated();
    }

    /** All that are not this one, and live. */
    private List<Node> others(Node node) {
        List<Node> all = new ArrayList<>(workers.keySet());
        if (driver != null) {
            all.add(driver);
        }
        all.removeIf(other -> other == node || !other.alive());
        return all;
    }

    /** A process ends, whatever it was at. */
    void kill(Node node) {
        if (!node.alive()) {
            return;
        }
        node.kill();
        if (world.delay(2) == 0) {
            world.network().dropFrom(node);
        }
        others(node).forEach(other -> wires.broken(node, other, "connection reset"));
        world.after(1 + world.delay(MOST_UNREACHABLE), world.nowhere, () -> giveUp(node));
    }

    /** A process stands still for this long. */
    void pause(Node node, long nanos) {
        boolean[] over = {false};
        node.pause();
        world.after(nanos, world.nowhere, () -> {
            over[0] = true;
            world.resume(node);
        });
        silent(node, over);
    }

    /** A node is cut off for this long: what it sends, what is sent to it, or both. */
    void cutOff(Node node, boolean sends, boolean hears, long nanos) {
        boolean[] over = {false};
        node.cutOff();
        List<Node> others = others(node);
        for (Node other : others) {
            if (sends) {
                world.network().cut(node, other);
            }
            if (hears) {
                world.network().cut(other, node);
            }
        }
        world.after(nanos, world.nowhere, () -> {
            over[0] = true;
            others.forEach(other -> {
                world.network().heal(node, other);
                world.network().heal(other, node);
            });
        });
        silent(node, over);
    }

    private void silent(Node node, boolean... over) {
        world.after(DATA_TIMEOUT, world.nowhere, () -> {
            if (!over[0]) {
                others(node).forEach(other -> wires.broken(node, other, "no sign of life for 10 seconds"));
            }
        });
        long unreachable = LEAST_UNREACHABLE + world.delay(MOST_UNREACHABLE - LEAST_UNREACHABLE);
        world.after(unreachable, world.nowhere, () -> {
            if (!over[0] && node.alive()) {
                giveUp(node);
                endsItself(node);
            }
        });
    }

    /** It may still do something before it notices; one that stands still notices when it goes on. */
    private void endsItself(Node node) {
        if (node.paused()) {
            world.after(LONGEST_AFTERLIFE, world.nowhere, () -> endsItself(node));
        } else {
            world.after(world.delay(LONGEST_AFTERLIFE), world.nowhere, () -> kill(node));
        }
    }

    /** The cluster counts a node out; whoever asked to hear of it does. */
    private void giveUp(Node node) {
        if (!given.add(node)) {
            return;
        }
        ActorRef<CoordinatorCommand> coordinator = coordinators.get(node);
        if (coordinator != null && !world.has(Bug.COORDINATOR_LOSS_UNHEARD)) {
            workers().forEach(worker -> tellOfEnd(Objects.requireNonNull(workers.get(worker)), coordinator));
        }
        DriverSite hears = site;
        ActorRef<WorkerCommand> worker = workers.get(node);
        if (hears != null && worker != null && !world.has(Bug.LOSS_UNHEARD)) {
            hears.lost(worker);
        }
        if (node == driver) {
            driverEnded();
        }
    }

    /** A worker has taken a command of a coordinator whose node is given up, which real ones refuse: it hears after a while that nobody is there. */
    void watches(Node node, ActorRef<CoordinatorCommand> coordinator, Node of) {
        ActorRef<WorkerCommand> worker = workers.get(node);
        if (worker != null && given.contains(of) && !world.has(Bug.COORDINATOR_LOSS_UNHEARD)) {
            world.after(DATA_TIMEOUT, world.nowhere, () -> tellOfEnd(worker, coordinator));
        }
    }

    private static void tellOfEnd(ActorRef<WorkerCommand> worker, ActorRef<CoordinatorCommand> coordinator) {
        ((InternalActorRef) Adapter.toClassic(worker))
                .sendSystemMessage(new DeathWatchNotification(Adapter.toClassic(coordinator), true, true));
    }
}
