package io.ketju.pipeline.stage;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Cut;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import io.ketju.pipeline.stage.Window.Phase;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a stage stands in its pipeline, and with that what its actions need and make.
 *
 * @param stage index from 0
 * @param stages number of stages
 * @param before what crosses from the previous stage; gradients go back
 * @param after what crosses to the next stage
 * @param fed positions of what the stage reads of the batch, ascending
 * @param inputs how many things of a batch are inputs of the model; those behind them are targets
 * @param outputs positions of the model's outputs that the stage makes, ascending
 * @param ties parameters shared across cuts
 */
public record StagePorts(
        int stage, int stages, Cut before, Cut after, List<Integer> fed, int inputs, List<Integer> outputs, Ties ties) {
    /** In the place of a stage: whoever gives the batches and gets the outputs. */
    public static final int FEEDER = -1;

    /** One tensor of an action, apart from window and micro-batch. */
    public record Port(TensorKey.Kind kind, int edge) {}

    public StagePorts {
        fed = List.copyOf(fed);
        outputs = List.copyOf(outputs);
        if (stage < 0 || stage >= stages) {
            throw new IllegalArgumentException("stage " + stage + " of " + stages + " does not exist");
        }
    }

    public static StagePorts of(StageProgram program, int stages) {
        return new StagePorts(
                program.stage(),
                stages,
                program.before(),
                program.after(),
                program.fed(),
                program.model().inputs().size(),
                program.outputs(),
                program.ties());
    }

    /** Of all stages, in their order. */
    public static List<StagePorts> all(PipelineSpec spec) {
        return IntStream.range(0, spec.stages())
                .mapToObj(stage -> of(spec.program(stage), spec.stages()))
                .toList();
    }

    /**
     * The tensors that an action needs from outside, in the order in which the compute gets them; targets only where
     * losses are made.
     */
    public List<Port> needs(Phase phase, Kind action) {
        List<Port> all = needs(action);
        return phase == Phase.PREDICT
                ? all.stream().filter(port -> !isTarget(port)).toList()
                : all;
    }

    private boolean isTarget(Port port) {
        return port.kind() == TensorKey.Kind.FED && port.edge() >= inputs;
    }

    /** The same of windows with losses. */
    public List<Port> needs(Kind action) {
        return switch (action) {
            case F -> {
                List<Port> arriving = edges(TensorKey.Kind.ACTIVATION, all(before));
                List<Port> batch = edges(TensorKey.Kind.FED, fed);
                yield both(arriving, batch);
            }
            case B, I -> edges(TensorKey.Kind.GRADIENT, after.gradientEdges());
            case W -> List.of();
            case S ->
                both(
                        edges(TensorKey.Kind.TIED_GRADIENT, ties.gradientsTo(stage)),
                        edges(TensorKey.Kind.TIED_WEIGHT, ties.weightsTo(stage)));
        };
    }

    /** The outputs of the model that a forward makes when it predicts, besides what goes to the next stage. */
    public List<Port> predicted() {
        return edges(TensorKey.Kind.OUTPUT, outputs);
    }

    /** What an action makes when it predicts: see {@link #makes(Kind, boolean)}. */
    List<Port> predicts(Kind action) {
        return both(makes(action, false), predicted());
    }

    /**
     * What an action makes for another stage, by its kind for the receiver.
     *
     * @param lastWeights whether the action is the last of its window that makes weight gradients
     */
    public List<Port> makes(Kind action, boolean lastWeights) {
        List<Port> made = switch (action) {
            case F -> edges(TensorKey.Kind.ACTIVATION, all(after));
            case B, I -> edges(TensorKey.Kind.GRADIENT, before.gradientEdges());
            case W -> List.of();
            case S -> edges(TensorKey.Kind.TIED_WEIGHT, ties.weightsFrom(stage));
        };
        return lastWeights ? both(made, edges(TensorKey.Kind.TIED_GRADIENT, ties.gradientsFrom(stage))) : made;
    }

    /** Whether an action is the last of a window that makes weight gradients, after so many others that did. */
    static boolean lastWeights(Kind action, int before, Window window) {
        return (action == Kind.B || action == Kind.W) && before + 1 == window.microbatches();
    }

    /** Why a tensor that this stage takes cannot belong to a window of this phase; null if it can. */
    @Nullable
    String foreign(TensorKey key, Phase phase) {
        return switch (key.kind()) {
            case ACTIVATION, OUTPUT -> null;
            case FED ->
                phase == Phase.PREDICT && isTarget(new Port(key.kind(), key.edge()))
                        ? "but the window only predicts"
                        : null;
            case GRADIENT, TIED_WEIGHT, TIED_GRADIENT ->
                switch (phase) {
                    case TRAIN -> null;
                    case EVALUATE -> "but the window only evaluates";
                    case PREDICT -> "but the window only predicts";
                };
        };
    }

    /** Whether such tensors ever come to this stage. */
    public boolean takes(TensorKey.Kind kind, int edge) {
        return arriving().contains(new Port(kind, edge));
    }

    /** Whose tensor it is that an action makes: the stage it goes to, or {@link #FEEDER}. */
    public int receiver(TensorKey.Kind kind, int edge) {
        return switch (kind) {
            case ACTIVATION -> stage + 1;
            case GRADIENT -> stage - 1;
            case TIED_WEIGHT -> ties.uses().get(edge).stage();
            case TIED_GRADIENT -> ties.uses().get(edge).owner();
            case OUTPUT -> FEEDER;
            case FED -> throw new IllegalArgumentException("no stage feeds another");
        };
    }

    /** Who sends a tensor of this kind to this stage: another, or {@link #FEEDER}. */
    public int sender(TensorKey.Kind kind, int edge) {
        return switch (kind) {
            case ACTIVATION -> stage - 1;
            case GRADIENT -> stage + 1;
            case TIED_WEIGHT -> ties.uses().get(edge).owner();
            case TIED_GRADIENT -> ties.uses().get(edge).stage();
            case FED -> FEEDER;
            case OUTPUT -> throw new IllegalArgumentException("no stage takes outputs of the model");
        };
    }

    /** Everything that comes to this stage from elsewhere. */
    public List<Port> arriving() {
        return both(needs(Kind.F), both(needs(Kind.B), needs(Kind.S)));
    }

    /** Everything that this stage makes for other stages. */
    public List<Port> leaving() {
        return both(makes(Kind.F, false), both(makes(Kind.B, true), makes(Kind.S, false)));
    }

    private static List<Port> both(List<Port> some, List<Port> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private static List<Integer> all(Cut cut) {
        return IntStream.range(0, cut.edges().size()).boxed().toList();
    }

    private static List<Port> edges(TensorKey.Kind kind, List<Integer> edges) {
        return edges.stream().map(edge -> new Port(kind, edge)).toList();
    }

    /** For error lines: {@code stage 2, window 17, action 2B3}. */
    static String where(long window, Action action) {
        return "stage " + action.stage() + ", window " + window + ", action " + action;
    }
}
