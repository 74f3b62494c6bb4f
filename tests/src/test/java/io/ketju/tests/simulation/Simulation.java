package io.ketju.tests.simulation;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.run.ActorSystems;
import io.ketju.actors.run.PekkoLibrary;
import io.ketju.actors.run.Runs;
import io.ketju.actors.run.Training;
import io.ketju.actors.worker.WorkerNode;
import io.ketju.actors.worker.WorkerResources;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tests.simulation.disk.ForgetfulDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** One seed, from the first start of a run to its end. */
final class Simulation implements AutoCloseable {
    private static final AtomicLong WORLDS = new AtomicLong();
    private static final Config SETTINGS =
            ActorSystems.settings(Simulation.class.getClassLoader(), "simulation.conf", PekkoLibrary.LOCAL);
    private static final long SECOND = 1_000_000_000L;
    /** Within this time after the last fault a run ends. */
    private static final long LONGEST_RUN = 240 * SECOND;

    private static final long MOST_STEPS = 300_000;
    /** After this time at the latest a driver that failed or died is started again. */
    private static final long LONGEST_ABSENCE = 5 * SECOND;

    /** What a worker takes to let go of a run that has ended. */
    private static final long LONGEST_RELEASE = 60 * SECOND;

    private final long seed;
    private final String expected;
    private final TensorCore core;
    private final World world;
    private final ActorSystem<?> system;
    private final SplittableRandom choices;
    private final Scenario scenario;
    private final Wires wires;
    private final Membership members;
    private final ForgetfulDisk disk;
    private final Ledger ledger;
    private final Faults faults;
    private final Map<Node, WorkerResources> resources = new LinkedHashMap<>();
    private final List<NodeTransport> transports = new ArrayList<>();
    private final List<Path> mounts = new ArrayList<>();
    private final AskedCopies copies = new AskedCopies();
    private @Nullable Driver driver;
    private int nodesMade;
    private int starts;
    private int restarts;
    private int moves;
    private boolean done;

    /**
     * @param expected hash of the state that the run is to end with
     * @param core of one thread, the caller's
     */
    Simulation(long seed, Set<Bug> bugs, String expected, TensorCore core) throws InterruptedException {
        this.seed = seed;
        this.expected = expected;
        this.core = core;
        String id = "world-" + WORLDS.incrementAndGet();
        this.world = new World(id, seed, bugs);
        this.system = ActorSystem.create(
                Behaviors.empty(),
                "simulation",
                ConfigFactory.parseMap(Map.of("ketju.simulation.world", id)).withFallback(SETTINGS));
        world.begin();
        this.choices = new SplittableRandom(~seed);
        this.scenario = Scenario.of(choices);
        this.wires = new Wires(world);
        this.members = new Membership(world, wires);
        DiskFaults watch = new DiskFaults(world);
        this.disk = new ForgetfulDisk(watch, choices.split());
        disk.makeFolder("runs");
        this.ledger = new Ledger(disk);
        watch.begin(disk, ledger);
        this.faults = new Faults(world, choices.split(), members, this::powerCut);
        world.listen(this::heard);
        world.meanwhile(this::turn);
    }

    /** Runs until the run has ended, or something has happened that must not. */
    Outcome run() {
        start();
        while (!done && turn()) {
            // until it has ended
        }
        if (ledger.violation().isEmpty()) {
            release();
        }
        return new Outcome(
                seed,
                world.trace(),
                world.steps(),
                world.now(),
                new Outcome.Starts(starts, restarts, copies.used(), moves),
                faults.happened(),
                ledger.violation());
    }

    /** One step, and what follows it; false: something has happened that must not. */
    private boolean turn() {
        if (!done) {
            faults.strike(world.steps());
        }
        step();
        members.endLeft();
        if (!done) {
            check();
        }
        return ledger.violation().isEmpty();
    }

    private void step() {
        try {
            if (!world.step()) {
                ledger.violated("nothing is left to do, and the run has not ended");
            }
        } catch (RuntimeException e) { // of what no actor stands behind: the network, a connection
            ledger.violated(String.valueOf(e));
        }
    }

    private void check() {
        Driver at = driver;
        if (at != null && at.node.alive() && hasEnded(at)) {
            end(at);
        } else if (at != null && members.driver() != at.node) {
            // It is dead, or as good as dead to all others: somebody starts the run again.
            startAgain();
        }
        if (world.now() - faults.last() > LONGEST_RUN || world.steps() > MOST_STEPS) {
            ledger.violated("the run does not end: " + world.now() / SECOND + " s, " + world.steps() + " steps");
        }
        if (world.strangers() > 0) {
            ledger.violated(world.strangers() + " tasks of other threads");
        }
    }

    /** The top of a run's actors takes note of its end when the last coordinator has said how it has ended; that then ends, too. */
    private boolean hasEnded(Driver of) {
        return of.complete || (of.training != null && of.training.isDone() && members.hasEnded(of.node));
    }

    private void start() {
        replenish();
        Node node = node("driver");
        Path mount = disk.mount(node.name());
        mounts.add(mount);
        DriverSite site = new DriverSite(world, system, node, transport(node), members, this::replenish);
        Driver starting = new Driver(node);
        driver = starting;
        members.drives(node, site);
        starts++;
        world.as(node, () -> starting.training = begin(node, site, mount));
    }

    private @Nullable Training begin(Node node, DriverSite site, Path mount) {
        try {
            TrainingJob job = scenario.job(mount.resolve("runs").resolve("run"));
            Training training = world.lend(() -> Runs.directed(job, () -> site, List.of(event -> told(node, event))));
            if (training.getClass().getSimpleName().equals("CompletedTraining")) {
                Objects.requireNonNull(driver).complete = true;
            }
            return training;
        } catch (NodeDied died) {
            return null;
        } catch (InvalidJobException e) {
            ledger.violated("a start was refused: " + e.getMessage());
            return null;
        }
    }

    private void end(Driver ended) {
        Training training = Objects.requireNonNull(ended.training);
        try {
            world.as(ended.node, () -> {
                TrainingResult result = world.lend(training::await);
                done = true;
                if (!result.stateSha256().equals(expected)) {
                    ledger.violated("the run ended with other bits");
                }
            });
        } catch (TrainingFailedException e) {
            if (!faults.any()) {
                ledger.violated("the run failed without a fault: " + e.getMessage());
            }
            world.note(String.valueOf(e.getMessage()).replaceAll("pekko://\\S+", ""));
        } catch (NodeDied died) {
            return;
        }
        world.as(
                ended.node,
                () -> world.lend(() -> {
                    training.close();
                    return true;
                }));
        members.driverEnded();
        ended.node.kill();
        startAgain();
    }

    /** By whoever looks after the run, after a while. */
    private void startAgain() {
        driver = null;
        if (!done) {
            world.after(world.delay(LONGEST_ABSENCE), world.nowhere, this::start);
        }
    }

    /** Workers that live have nothing left of the run. */
    private void release() {
        long begun = world.now();
        while (world.now() - begun < LONGEST_RELEASE && !idle() && world.step()) {
            // until they are free
        }
        if (!idle()) {
            ledger.violated("a worker does not let go of the run");
        }
    }

    private boolean idle() {
        return members.workers().stream()
                .allMatch(node -> node.paused()
                        || Objects.requireNonNull(resources.get(node)).idle());
    }

    private void replenish() {
        while (members.workerActors().size() < scenario.workers()) {
            addWorker();
        }
    }

    private void addWorker() {
        Node node = node("worker");
        NodeTransport transport = transport(node);
        WorkerResources own = new WorkerResources(
                new InlineCore(world, core),
                transport,
                Optional.empty(),
                action -> ledger.applied(transport.incarnation(), action));
        resources.put(node, own);
        world.as(node, () -> {
            ActorRef<WorkerCommand> worker = system.systemActorOf(WorkerNode.create(own), node.name(), Props.empty());
            members.joined(node, worker);
        });
    }

    private NodeTransport transport(Node node) {
        NodeTransport made = new NodeTransport(world, wires, node, scenario.sharesFolder());
        transports.add(made);
        return made;
    }

    private Node node(String role) {
        Node node = new Node(role + "-" + ++nodesMade);
        world.add(node);
        return node;
    }

    private void powerCut() {
        members.workers().forEach(members::kill);
        Driver at = driver;
        if (at != null) {
            members.kill(at.node);
        }
        disk.losePower();
    }

    private void heard(Node node, Object message) {
        Driver at = driver;
        if (message instanceof WorkerCommand.SendCopies question) {
            copies.asks(at == null ? null : at.node, node, question);
        }
        if (message instanceof WorkerCommand.PlaceStages place) {
            members.watches(
                    node,
                    place.coordinator(),
                    world.nodeOf(Adapter.toClassic(place.coordinator()).path()));
        }
        if (message instanceof WorkerCommand.PlaceStages place
                && at != null
                && world.nodeOf(Adapter.toClassic(place.coordinator()).path()) == at.node
                && place.ticket().incarnation() >= at.latest) {
            at.latest = place.ticket().incarnation();
            members.coordinates(at.node, place.coordinator());
        }
    }

    private void told(Node node, TrainingEvent event) {
        world.note(event.getClass().getSimpleName());
        switch (event) {
            case TrainingEvent.Started started -> ledger.begins(started.firstStep() - 1);
            case TrainingEvent.Restarted restarted -> {
                restarts++;
                ledger.begins(restarted.firstStep() - 1);
                copies.begins(ledger.incarnation(), node, restarted.firstStep() - 1, scenario.stages())
                        .ifPresent(ledger::violated);
            }
            case TrainingEvent.Repartitioned moved -> {
                moves++;
                ledger.begins(moved.firstStep() - 1);
            }
            case TrainingEvent.CheckpointCommitted committed -> ledger.announced(committed.step());
            default -> world.note(node.name());
        }
    }

    @Override
    public void close() {
        Driver at = driver;
        if (at != null) {
            at.node.kill();
        }
        resources.keySet().forEach(Node::kill);
        resources.values().forEach(WorkerResources::close);
        transports.forEach(NodeTransport::close);
        mounts.forEach(ForgetfulDisk::unmount);
        world.close();
    }

    /** A driver that was started. */
    private static final class Driver {
        private final Node node;
        private @Nullable Training training;
        private boolean complete;
        /** The number of its last start. */
        private int latest;

        Driver(Node node) {
            this.node = node;
        }
    }
}
