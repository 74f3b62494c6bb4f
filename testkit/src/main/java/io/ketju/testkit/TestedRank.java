package io.ketju.testkit;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.Route;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.stage.LocalLink;
import io.ketju.actors.stage.StageActor;
import io.ketju.actors.stage.StageParts;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * One rank of a job by its messages alone: the actor that runs in production, with the stages that the job places on it, and
 * probes in the place of its neighbours, its feeder, its coordinator and its checkpoint writer. Weights begin as the job's seed
 * makes them. Where the job has one stage on each rank, ranks are stages. One thread at a time.
 */
public final class TestedRank implements AutoCloseable {
    /** The start of the run that the rank belongs to; messages of any other are dropped. */
    public static final int INCARNATION = 1;

    /** How long anything is waited for that should come. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TrainingJob job;
    private final int rank;
    private final ActorTestKit kit;
    private final Optional<ManualTime> time;
    private final TestProbe<CoordinatorCommand> coordinator;
    private final TestProbe<CheckpointWriter.Command> writer;
    private final TensorCore core = TensorCore.open(1);
    private final List<StageCompute> computes = new ArrayList<>();
    private final List<TensorPool> outside = new ArrayList<>();
    private final Map<Integer, StageProbe> probes = new TreeMap<>();
    private final List<RankMessage.Sent> sent = Collections.synchronizedList(new ArrayList<>());
    private final RankWatch watch = new RankWatch();
    private final ActorRef<StageCommand> actor;
    private long granted;

    private TestedRank(TrainingJob job, int rank, ActorTestKit kit, Optional<ManualTime> time) {
        this.job = job;
        this.rank = rank;
        this.kit = kit;
        this.time = time;
        coordinator = kit.createTestProbe(CoordinatorCommand.class);
        writer = kit.createTestProbe(CheckpointWriter.Command.class);
        PipelineSpec spec = job.pipeline();
        for (int stage : spec.placement().stagesOf(rank)) {
            computes.add(new StageCompute(spec, stage, core));
        }
        if (job.writesBehind()) {
            computes.forEach(StageCompute::keepCopies);
        }
        StageMachine machine = StageMachine.of(
                spec,
                rank,
                INCARNATION,
                computes.stream().map(StageCompute::ofMachine).toList());
        StageParts parts = new StageParts(rank, INCARNATION, machine, computes, core, writer.ref(), coordinator.ref());
        actor = kit.spawn(StageActor.create(parts, watch));
        actor.tell(new StageCommand.ConnectLinks(links()));
    }

    /**
     * {@return a rank in the time of the clock}
     *
     * @param job whose seed makes its weights
     * @param rank from 0
     */
    public static TestedRank of(TrainingJob job, int rank) {
        return new TestedRank(job, rank, ActorTestKit.create(), Optional.empty());
    }

    /**
     * {@return a rank in a time that goes on with {@link #pass} alone: nothing that it puts off happens by itself}
     *
     * @param job whose seed makes its weights
     * @param rank from 0
     */
    public static TestedRank withVirtualTime(TrainingJob job, int rank) {
        ActorTestKit kit = ActorTestKit.create(ManualTime.config());
        return new TestedRank(job, rank, kit, Optional.of(ManualTime.get(kit.system())));
    }

    private Map<Route, StageLink> links() {
        Map<Route, StageLink> links = new HashMap<>();
        List<Integer> own = job.pipeline().placement().stagesOf(rank);
        for (StageCompute compute : computes) {
            StagePorts ports = compute.ports();
            for (StagePorts.Port port : ports.leaving()) {
                for (int to : ports.receivers(port.kind(), port.edge())) {
                    StageLink link = own.contains(to)
                            ? new LocalLink(actor, to)
                            : neighbour(to).link(ports.stage());
                    links.put(new Route(ports.stage(), to, port.kind()), link);
                }
            }
            if (!ports.predicting().outputs().isEmpty()) {
                Route route = new Route(ports.stage(), StagePorts.FEEDER, TensorKey.Kind.OUTPUT);
                links.put(route, feeder().link(ports.stage()));
            }
        }
        return links;
    }

    /** {@return the job that it is a rank of} */
    public TrainingJob job() {
        return job;
    }

    /**
     * {@return what is in the place of a stage of another rank}
     *
     * @param stage from 0
     */
    public StageProbe neighbour(int stage) {
        return probes.computeIfAbsent(stage, index -> new StageProbe(this, index));
    }

    /** {@return what is in the place of the stage before the rank's first} */
    public StageProbe previous() {
        return neighbour(computes.getFirst().ports().stage() - 1);
    }

    /** {@return what is in the place of the stage after the rank's last} */
    public StageProbe next() {
        return neighbour(computes.getLast().ports().stage() + 1);
    }

    /** {@return what is in the place of whoever gives the batches and takes the model's outputs} */
    public StageProbe feeder() {
        return neighbour(StagePorts.FEEDER);
    }

    /** {@return what is in the place of the coordinator} */
    public TestProbe<CoordinatorCommand> coordinator() {
        return coordinator;
    }

    /** {@return what is in the place of the writer of checkpoints} */
    public TestProbe<CheckpointWriter.Command> writer() {
        return writer;
    }

    /**
     * {@return a probe of Pekko's for whatever else is asked}
     *
     * @param <T> what it takes
     * @param messages their class
     */
    public <T> TestProbe<T> probe(Class<T> messages) {
        return kit.createTestProbe(messages);
    }

    /** {@return the actor itself} */
    public ActorRef<StageCommand> actor() {
        return actor;
    }

    /**
     * Tells the rank something, whatever it is.
     *
     * @param message also one that it is to refuse
     */
    public void tell(StageCommand message) {
        actor.tell(message);
    }

    /**
     * Grants a window; they are numbered from 0 without gaps.
     *
     * @param window the next
     */
    public void grant(Window window) {
        granted = Math.max(granted, window.number() + 1);
        tell(new StageCommand.GrantWindow(INCARNATION, window));
    }

    /**
     * Grants the next training window, of a whole mini-batch all of whose samples count 1.
     *
     * @return that window
     */
    public Window grantStep() {
        return grantStep(job.batchSize(), job.microbatches());
    }

    /**
     * Grants the next training window, all of whose samples count 1.
     *
     * @param samples of the whole window
     * @param microbatches that they are spread over
     * @return that window
     */
    public Window grantStep(int samples, int microbatches) {
        List<Double> denominators = Collections.nCopies(job.model().heads().size(), (double) samples);
        Window window = new Window(granted, Window.Phase.TRAIN, granted + 1, samples, microbatches, denominators);
        grant(window);
        return window;
    }

    /** {@return the number of the window that was granted last, -1 before any} */
    public long window() {
        return granted - 1;
    }

    /**
     * {@return the key of a tensor of the window that was granted last}
     *
     * @param kind of the tensor
     * @param microbatch from 0
     * @param edge its place in the bundle that crosses, or among what the batch gives
     */
    public TensorKey key(TensorKey.Kind kind, int microbatch, int edge) {
        return new TensorKey(INCARNATION, window(), kind, microbatch, edge);
    }

    /** Waits until the rank has taken all that it was told and has nothing more to do. */
    public void settle() {
        watch.awaitIdle(() -> tell(new StageCommand.TakeSums(INCARNATION, RankWatch.MARK, List.of())), PATIENCE);
    }

    /**
     * Has time pass once the rank has nothing more to do, and waits until it has no more again.
     *
     * @param duration of virtual time
     * @throws IllegalStateException unless time is virtual
     */
    public void pass(Duration duration) {
        ManualTime virtual = time.orElseThrow(
                () -> new IllegalStateException("this rank is in the time of the clock; see withVirtualTime"));
        settle();
        virtual.timePasses(duration);
        settle();
    }

    /**
     * Waits until the rank has nothing more to do.
     *
     * @throws AssertionError if the coordinator was told something that its probe has not received
     */
    public void expectNoReport() {
        settle();
        CoordinatorCommand end = new CoordinatorCommand.Stop("nothing was to come before this");
        coordinator.ref().tell(end);
        CoordinatorCommand next = coordinator.receiveMessage(PATIENCE);
        if (!next.equals(end)) {
            throw new AssertionError("the coordinator's probe: expected nothing, found " + next);
        }
    }

    /** {@return what the rank ran, in its order} */
    public List<Action> actions() {
        return watch.actions();
    }

    /** {@return what it sent to probes, in its order} */
    public List<RankMessage.Sent> sent() {
        synchronized (sent) {
            return List.copyOf(sent);
        }
    }

    void sent(RankMessage.Sent message) {
        sent.add(message);
    }

    /** {@return parameters and optimizer state of the rank's stages, live, by their global names} */
    public SequencedMap<String, Tensor> tensors() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        computes.forEach(compute -> all.putAll(compute.tensors()));
        return all;
    }

    /**
     * {@return values of one of {@link #tensors}, copied}
     *
     * @param name its global name
     * @throws IllegalArgumentException with the names that there are, if it is none
     */
    public float[] parameter(String name) {
        Tensor tensor = tensors().get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no '" + name + "' on rank " + rank + "; there are "
                    + tensors().keySet());
        }
        return tensor.toFloats();
    }

    /** {@return the number of tensors that nobody has given back: 0 when a window is over} */
    public int leasesOutstanding() {
        return computes.stream().mapToInt(StageCompute::leasesOutstanding).sum()
                + outside.stream().mapToInt(TensorPool::outstanding).sum();
    }

    /** To all of the rank's stages that take this from there; where none does, to the first, which will not like it. */
    void deliver(int from, TensorKey key, TensorValues values) {
        StagePorts.Port port = new StagePorts.Port(key.kind(), key.edge());
        List<Integer> takers = computes.stream()
                .map(StageCompute::ports)
                .filter(ports -> ports.arriving().contains(port)
                        && ports.senders(key.kind(), key.edge()).contains(from))
                .map(StagePorts::stage)
                .toList();
        for (int stage : takers.isEmpty() ? List.of(computes.getFirst().ports().stage()) : takers) {
            deliverTo(stage, key, values);
        }
    }

    /** To one of the rank's stages. */
    void deliverTo(int stage, TensorKey key, TensorValues values) {
        TensorPool pool = new TensorPool("from outside", values.type().bytes(), 1);
        outside.add(pool);
        TensorLease lease = pool.lease(values.type().dtype(), values.shape());
        Values.copy(values, lease.tensor());
        tell(new StageCommand.DeliverTensor(stage, key, lease));
    }

    /** First the actors, then the memory that they use. */
    @Override
    public void close() {
        kit.shutdownTestKit();
        core.close();
        computes.forEach(StageCompute::close);
        outside.forEach(TensorPool::close);
    }
}
