package io.ketju.pipeline.stage;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Cut;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Action.Kind;
import java.util.List;
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
 * @param ties parameters shared across cuts
 * @param objectives the same for training windows of each objective, in which less crosses, under the same numbers; none
 *     where all windows are alike
 */
public record StagePorts(
        int stage, int stages, Cut before, Cut after, List<Integer> fed, Ties ties, List<StagePorts> objectives) {
    /** One tensor of an action, apart from window and micro-batch. */
    public record Port(TensorKey.Kind kind, int edge) {}

    /** All windows are alike. */
    public StagePorts(int stage, int stages, Cut before, Cut after, List<Integer> fed, Ties ties) {
        this(stage, stages, before, after, fed, ties, List.of());
    }

    public StagePorts {
        fed = List.copyOf(fed);
        objectives = List.copyOf(objectives);
        if (stage < 0 || stage >= stages) {
            throw new IllegalArgumentException("stage " + stage + " of " + stages + " does not exist");
        }
    }

    public static StagePorts of(StageProgram program, int stages) {
        return new StagePorts(
                program.stage(), stages, program.before(), program.after(), program.fed(), program.ties());
    }

    /** The same for windows of each objective. */
    public StagePorts withObjectives(List<StageProgram> programs) {
        List<StagePorts> ofObjectives =
                programs.stream().map(program -> of(program, stages)).toList();
        return new StagePorts(stage, stages, before, after, fed, ties, ofObjectives);
    }

    /** Those of this window; throws {@link IllegalArgumentException} if it is for an objective that there is not. */
    public StagePorts of(Window window) {
        return variants().get(variant(window));
    }

    /** The position in {@link #variants} of those of a window. */
    int variant(Window window) {
        if (window.objective() > Math.max(0, objectives.size() - 1)) {
            throw new IllegalArgumentException("window " + window.number() + ": expected one of " + objectives.size()
                    + " objectives, found " + window.objective());
        }
        boolean whole = objectives.isEmpty() || window.phase() == Window.Phase.EVALUATE;
        return whole ? 0 : 1 + window.objective();
    }

    /** These, of windows that run the whole model, and those of every objective. */
    List<StagePorts> variants() {
        return Stream.concat(Stream.of(this), objectives.stream()).toList();
    }

    /** Of all stages, in their order. */
    public static List<StagePorts> all(PipelineSpec spec) {
        return IntStream.range(0, spec.stages())
                .mapToObj(stage -> of(spec.program(stage), spec.stages()).withObjectives(spec.objectivePrograms(stage)))
                .toList();
    }

    /** The tensors that an action needs from outside, in the order in which the compute gets them. */
    public List<Port> needs(Kind action) {
        return switch (action) {
            case F -> {
                List<Port> arriving = edges(TensorKey.Kind.ACTIVATION, before.activationEdges());
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

    /**
     * What an action makes for another stage, by its kind for the receiver.
     *
     * @param lastWeights whether the action is the last of its window that makes weight gradients
     */
    public List<Port> makes(Kind action, boolean lastWeights) {
        List<Port> made = switch (action) {
            case F -> edges(TensorKey.Kind.ACTIVATION, after.activationEdges());
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

    /** Whether such tensors ever come to this stage. */
    public boolean takes(TensorKey.Kind kind, int edge) {
        return arriving().contains(new Port(kind, edge));
    }

    /** Whose tensor it is that an action makes: the stage it goes to. */
    public int receiver(TensorKey.Kind kind, int edge) {
        return switch (kind) {
            case ACTIVATION -> stage + 1;
            case GRADIENT -> stage - 1;
            case TIED_WEIGHT -> ties.uses().get(edge).stage();
            case TIED_GRADIENT -> ties.uses().get(edge).owner();
            case FED -> throw new IllegalArgumentException("no stage feeds another");
        };
    }

    /** Who sends a tensor of this kind to this stage; the feeder is not a stage. */
    public int sender(TensorKey.Kind kind, int edge) {
        return switch (kind) {
            case ACTIVATION -> stage - 1;
            case GRADIENT -> stage + 1;
            case TIED_WEIGHT -> ties.uses().get(edge).owner();
            case TIED_GRADIENT -> ties.uses().get(edge).stage();
            case FED -> throw new IllegalArgumentException("the feeder is no stage");
        };
    }

    /** Everything that comes to this stage from elsewhere. */
    public List<Port> arriving() {
        return both(needs(Kind.F), both(needs(Kind.B), needs(Kind.S)));
    }

    /** Everything that this stage makes for others. */
    public List<Port> leaving() {
        return both(makes(Kind.F, false), both(makes(Kind.B, true), makes(Kind.S, false)));
    }

    private static List<Port> both(List<Port> some, List<Port> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private static List<Port> edges(TensorKey.Kind kind, List<Integer> edges) {
        return edges.stream().map(edge -> new Port(kind, edge)).toList();
    }

    /** For error lines: {@code stage 2, window 17, action 2B3}. */
    static String where(long window, Action action) {
        return "stage " + action.stage() + ", window " + window + ", action " + action;
    }
}
