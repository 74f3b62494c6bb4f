package io.ketju.pipeline.stage;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Cut;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.schedule.Replicas;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where a stage stands in its pipeline, and with that what its actions need and make.
 *
 * @param stage index from 0
 * @param stages number of stages
 * @param before what crosses from the previous stage; gradients go back
 * @param after what crosses to the next stage
 * @param fed positions of what the stage reads of the batch, ascending
 * @param constants those of them that never change, and come once, before the first action
 * @param outputs positions of the model's outputs that go to whoever gave the batch, ascending; in windows that predict
 * @param ties parameters shared across cuts
 * @param sums whether the step waits for sums over the whole model, so that the stage has actions N
 * @param replicas of all stages, which say who has a micro-batch before this stage and behind it
 * @param replica what is exchanged with replicas of the stage
 * @param others the same for windows in which less crosses, under the same numbers: those that predict, then training
 *     windows of each objective, if there are any; none in these themselves
 */
public record StagePorts(
        int stage,
        int stages,
        Cut before,
        Cut after,
        List<Integer> fed,
        List<Integer> constants,
        List<Integer> outputs,
        Ties ties,
        boolean sums,
        Replicas replicas,
        ReplicaPorts replica,
        List<StagePorts> others) {
    /** In the place of a stage: whoever gives the batches and gets the outputs. */
    public static final int FEEDER = -1;

    /**
     * One tensor of an action, apart from window and micro-batch.
     *
     * @param kind what it is to its receiver
     * @param edge which of that kind: see {@link TensorKey}
     */
    public record Port(TensorKey.Kind kind, int edge) {}

    /** Of windows that run everything, without any others. */
    StagePorts(int stage, int stages, Cut before, Cut after, List<Integer> fed, List<Integer> constants, Ties ties) {
        this(
                stage,
                stages,
                before,
                after,
                fed,
                constants,
                List.of(),
                ties,
                false,
                Replicas.alone(stages),
                ReplicaPorts.none(stage),
                List.of());
    }

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no such stage
     */
    public StagePorts {
        fed = List.copyOf(fed);
        constants = List.copyOf(constants);
        outputs = List.copyOf(outputs);
        others = List.copyOf(others);
        if (stage < 0 || stage >= stages) {
            throw new IllegalArgumentException("stage " + stage + " of " + stages + " does not exist");
        }
    }

    /**
     * {@return the ports of a stage where all training windows are alike}
     *
     * @param program what the stage runs
     * @param stages of the pipeline
     */
    public static StagePorts of(StageProgram program, int stages) {
        return whole(program, stages).withPrediction(program.model().inputs().size(), program.outputs());
    }

    private static StagePorts whole(StageProgram program, int stages) {
        return new StagePorts(
                program.stage(),
                stages,
                program.before(),
                program.after(),
                program.fed(),
                program.constants(),
                program.ties());
    }

    /**
     * The same with windows that predict: inputs alone are fed, and outputs go back.
     *
     * @param inputs how many things of a batch are inputs of the model; those behind them are targets
     * @param made positions of the model's outputs that the stage makes, ascending
     */
    StagePorts withPrediction(int inputs, List<Integer> made) {
        List<Integer> read = fed.stream().filter(port -> port < inputs).toList();
        StagePorts predicting = new StagePorts(
                stage, stages, before, after, read, constants, made, ties, false, replicas, replica, List.of());
        return with(sums, List.of(predicting));
    }

    /** The same with training windows of each objective. */
    StagePorts withObjectives(List<StageProgram> programs) {
        Stream<StagePorts> ofObjectives = programs.stream().map(program -> whole(program, stages));
        return with(sums, Stream.concat(others.stream(), ofObjectives).toList());
    }

    /** The same where training windows, of some objectives if there are any, wait for sums. */
    StagePorts withSums(IntPredicate objectives) {
        List<StagePorts> changed = new ArrayList<>(others.subList(0, 1));
        for (int i = 1; i < others.size(); i++) {
            changed.add(others.get(i).with(objectives.test(i - 1), List.of()));
        }
        return with(others.size() == 1 && objectives.test(0), changed);
    }

    private StagePorts with(boolean otherSums, List<StagePorts> variants) {
        return new StagePorts(
                stage, stages, before, after, fed, constants, outputs, ties, otherSums, replicas, replica, variants);
    }

    /** The same of a replica; all but the first have neither outputs nor parameters that stages share, nor sums over the model. */
    private StagePorts in(Replicas all, ReplicaPorts exchanged) {
        boolean learns = exchanged.learns();
        return new StagePorts(
                exchanged.stages().get(exchanged.replica()),
                all.counts().all(),
                before,
                after,
                fed,
                constants,
                learns ? outputs : List.of(),
                learns ? ties : Ties.NONE,
                learns && sums,
                all,
                exchanged,
                others.stream().map(other -> other.in(all, exchanged)).toList());
    }

    /** {@return what the first action of all needs before anything else: what never changes; it comes as of micro-batch 0} */
    public List<Port> needsOnce() {
        return edges(TensorKey.Kind.FED, constants);
    }

    /**
     * {@return the ports of a window}
     *
     * @param window of any phase
     * @throws IllegalArgumentException if it is for an objective that there is not
     */
    public StagePorts of(Window window) {
        int variant = variant(window);
        return variant == 0 ? this : others.get(variant - 1);
    }

    /** {@return the ports of windows that predict} */
    public StagePorts predicting() {
        return others.getFirst();
    }

    /** The position in {@link #variants} of those of a window. */
    int variant(Window window) {
        int objectives = others.size() - 1;
        if (window.objective() > Math.max(0, objectives - 1)) {
            throw new IllegalArgumentException("window " + window.number() + ": expected one of " + objectives
                    + " objectives, found " + window.objective());
        }
        return switch (window.phase()) {
            case TRAIN -> objectives == 0 ? 0 : 2 + window.objective();
            case EVALUATE -> 0;
            case PREDICT -> 1;
        };
    }

    /** These, of windows that run the whole model with its losses, and {@link #others}. */
    List<StagePorts> variants() {
        return Stream.concat(Stream.of(this), others.stream()).toList();
    }

    /**
     * {@return the ports of all stages of all replicas, in their order}
     *
     * @param spec the whole pipeline
     */
    public static List<StagePorts> all(PipelineSpec spec) {
        return IntStream.range(0, spec.allStages())
                .mapToObj(stage -> of(
                        spec,
                        stage,
                        spec.program(spec.counts().inPipeline(stage)),
                        spec.objectivePrograms(spec.counts().inPipeline(stage))))
                .toList();
    }

    /** Of one stage, with what it runs. */
    static StagePorts of(PipelineSpec spec, int stage, StageProgram program, List<StageProgram> ofObjectives) {
        StagePorts ports = of(program, spec.stages())
                .withObjectives(ofObjectives)
                .withSums(objective -> spec.summing(objective).contains(program.stage()));
        if (!spec.counts().several()) {
            return ports;
        }
        if (spec.counts().of(stage) == 1) {
            return ports.in(spec.replicas(), ReplicaPorts.none(stage));
        }
        ExchangedTensors exchanged = ExchangedTensors.of(spec, program);
        int replica = spec.counts().replicaOf(stage);
        List<Integer> stages = spec.counts().replicas(stage);
        int sums = exchanged.sums().size();
        return ports.in(
                spec.replicas(), new ReplicaPorts(replica, stages, sums, exchanged.owners(), spec.sharesState()));
    }

    /**
     * {@return the tensors that an action needs from outside, in the order in which the compute gets them}
     *
     * @param action what is to run
     */
    public List<Port> needs(Kind action) {
        return switch (action) {
            case F -> {
                List<Port> arriving = edges(TensorKey.Kind.ACTIVATION, before.activationEdges());
                List<Port> batch = edges(
                        TensorKey.Kind.FED,
                        fed.stream().filter(port -> !constants.contains(port)).toList());
                yield both(arriving, batch);
            }
            case B, I -> edges(TensorKey.Kind.GRADIENT, after.gradientEdges());
            case R, W -> List.of();
            case G -> replica.sumsNeeded();
            case N -> sums ? tiedGradients() : List.of();
            case S ->
                both(
                        replica.stepNeeded(),
                        both(sums ? List.of() : tiedGradients(), replica.shared() ? List.of() : tiedWeights()));
            case V -> both(replica.valuesNeeded(), replica.shared() ? tiedWeights() : List.of());
        };
    }

    private List<Port> tiedWeights() {
        return edges(TensorKey.Kind.TIED_WEIGHT, ties.weightsTo(stage));
    }

    private List<Port> tiedGradients() {
        return edges(TensorKey.Kind.TIED_GRADIENT, ties.gradientsTo(stage));
    }

    /**
     * {@return what an action makes for another stage or whoever gave the batch, by its kind for the receiver}
     *
     * @param action what has run
     * @param lastWeights whether the action is the last of its window that makes weight gradients, which are whole then unless replicas
     *     have others
     */
    public List<Port> makes(Kind action, boolean lastWeights) {
        List<Port> made = switch (action) {
            case F ->
                both(edges(TensorKey.Kind.ACTIVATION, after.activationEdges()), edges(TensorKey.Kind.OUTPUT, outputs));
            case B, I -> edges(TensorKey.Kind.GRADIENT, before.gradientEdges());
            case N, R, W -> List.of();
            case G -> replica.sumsMade();
            case S -> both(replica.shared() ? List.of() : updatedTies(), replica.stepMade());
            case V -> both(replica.shared() ? updatedTies() : List.of(), replica.valuesMade());
        };
        boolean whole = replica.any() ? action == Kind.G : lastWeights;
        return whole ? both(made, edges(TensorKey.Kind.TIED_GRADIENT, ties.gradientsFrom(stage))) : made;
    }

    private List<Port> updatedTies() {
        return edges(TensorKey.Kind.TIED_WEIGHT, ties.weightsFrom(stage));
    }

    /** Whether an action is the last of a window that makes weight gradients, after so many others that did. */
    static boolean lastWeights(Kind action, int before, Window window) {
        return (action == Kind.B || action == Kind.W) && before + 1 == window.microbatches();
    }

    /**
     * {@return whose tensor it is that an action makes: the stage it goes to, or {@link #FEEDER}}
     *
     * @param trains whether its window does
     * @param key which tensor, by its kind for the receiver
     * @throws IllegalArgumentException of what is fed: no stage makes it
     */
    public int receiver(boolean trains, TensorKey key) {
        List<Integer> all = receivers(key.kind(), key.edge());
        int inPipeline = replicas.counts().inPipeline(stage) + (key.kind() == TensorKey.Kind.ACTIVATION ? 1 : -1);
        return all.size() == 1 ? all.getFirst() : replicas.stage(inPipeline, trains, key.microbatch());
    }

    /**
     * {@return all to whom tensors of a kind go: of several replicas of a neighbour each to the one that has the micro-batch}
     *
     * @param kind what it is to its receiver
     * @param edge which of that kind
     * @throws IllegalArgumentException of what is fed: no stage makes it
     */
    public List<Integer> receivers(TensorKey.Kind kind, int edge) {
        return switch (kind) {
            case ACTIVATION -> replicas.counts().neighbours(stage, 1);
            case GRADIENT -> replicas.counts().neighbours(stage, -1);
            case TIED_WEIGHT -> List.of(ties.uses().get(edge).stage());
            case TIED_GRADIENT -> List.of(ties.uses().get(edge).owner());
            case GROUP_SUM -> List.of(replica.sumsTo());
            case SHARE_GRADIENT -> List.of(replica.shareTo(edge));
            case REPLICA_WEIGHT -> List.of(replica.weightsTo(edge));
            case OUTPUT -> List.of(FEEDER);
            case FED -> throw new IllegalArgumentException("no stage feeds another");
        };
    }

    /**
     * {@return who sends a tensor to this stage: another, or {@link #FEEDER}}
     *
     * @param trains whether its window does
     * @param key which tensor, by its kind for this stage
     * @throws IllegalArgumentException of an output of the model: no stage takes it
     */
    public int sender(boolean trains, TensorKey key) {
        List<Integer> all = senders(key.kind(), key.edge());
        int inPipeline = replicas.counts().inPipeline(stage) + (key.kind() == TensorKey.Kind.ACTIVATION ? -1 : 1);
        return all.size() == 1 ? all.getFirst() : replicas.stage(inPipeline, trains, key.microbatch());
    }

    /**
     * {@return all who send tensors of a kind to this stage}
     *
     * @param kind what it is to this stage
     * @param edge which of that kind
     * @throws IllegalArgumentException of an output of the model: no stage takes it
     */
    public List<Integer> senders(TensorKey.Kind kind, int edge) {
        return switch (kind) {
            case ACTIVATION -> replicas.counts().neighbours(stage, -1);
            case GRADIENT -> replicas.counts().neighbours(stage, 1);
            case TIED_WEIGHT -> List.of(ties.uses().get(edge).owner());
            case TIED_GRADIENT -> List.of(ties.uses().get(edge).stage());
            case GROUP_SUM -> List.of(replica.sumsFrom());
            case SHARE_GRADIENT -> List.of(replica.shareFrom());
            case REPLICA_WEIGHT -> List.of(replica.weightsFrom(edge));
            case FED -> List.of(FEEDER);
            case OUTPUT -> throw new IllegalArgumentException("no stage takes outputs of the model");
        };
    }

    /** {@return everything that comes to this stage from elsewhere} */
    public List<Port> arriving() {
        return Stream.of(Kind.F, Kind.B, Kind.G, Kind.N, Kind.S, Kind.V)
                .map(this::needs)
                .reduce(needsOnce(), StagePorts::both);
    }

    /** {@return everything that this stage makes for other stages} */
    public List<Port> leaving() {
        return Stream.of(Kind.F, Kind.B, Kind.G, Kind.S, Kind.V)
                .map(kind -> makes(kind, kind == Kind.B))
                .reduce(List.of(), StagePorts::both);
    }

    private static List<Port> both(List<Port> some, List<Port> more) {
        if (some.isEmpty() || more.isEmpty()) {
            return some.isEmpty() ? more : some;
        }
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private static List<Port> edges(TensorKey.Kind kind, List<Integer> edges) {
        return edges.isEmpty()
                ? List.of()
                : edges.stream().map(edge -> new Port(kind, edge)).toList();
    }

    /** For error lines: {@code stage 2, window 17, action 2B3}. */
    static String where(long window, Action action) {
        return "stage " + action.stage() + ", window " + window + ", action " + action;
    }
}
