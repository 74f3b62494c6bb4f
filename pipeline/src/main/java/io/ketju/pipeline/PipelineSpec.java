package io.ketju.pipeline;

import io.ketju.layers.join.Joints;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.program.SlotLayout;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleValidator;
import io.ketju.pipeline.schedule.Stretch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A training run without its data: what decides the numbers, and what decides the order of work alone. Checked whole: what
 * does not fit throws {@link IllegalArgumentException}.
 *
 * @param recipe the numbers
 * @param partition which layers form which stage
 * @param placement which rank runs which stage
 * @param schedule what every rank does when
 * @param recomputing stages that run every forward again before its backward, and hold less memory meanwhile; a schedule may
 *     have others do so of its own
 */
public record PipelineSpec(
        Recipe recipe, Partition partition, Placement placement, Schedule schedule, Set<Integer> recomputing) {
    /** Stages placed as the schedule likes. */
    public PipelineSpec(Recipe recipe, Partition partition, Schedule schedule) {
        this(recipe, partition, schedule.placement(partition.stages()), schedule);
    }

    /** Where no stage recomputes anything that the schedule does not have it recompute. */
    public PipelineSpec(Recipe recipe, Partition partition, Placement placement, Schedule schedule) {
        this(recipe, partition, placement, schedule, Set.of());
    }

    public PipelineSpec {
        recipe.requireGradients();
        recomputing = Collections.unmodifiableSet(new TreeSet<>(recomputing));
        partition.requireFits(recipe.model());
        for (int stage : recomputing) {
            if (stage < 0 || stage >= partition.stages()) {
                throw new IllegalArgumentException(
                        "expected stages from 0 to " + (partition.stages() - 1) + " to recompute, found " + stage);
            }
        }
        if (placement.stages() != partition.stages()) {
            throw new IllegalArgumentException("placement: expected the rank of each of " + partition.stages()
                    + " stages, found " + placement.rankOfStage());
        }
        SearchFit.require(recipe, partition);
        Optional<Overlap> overlap = schedule.overlap(placement);
        if (overlap.isPresent()) {
            OverlapFit.require(schedule.name(), overlap.get(), recipe);
            if (!recomputing.isEmpty()) {
                throw new IllegalArgumentException("expected no stage that recomputes, as updates of " + schedule.name()
                        + " overlap, found " + recomputing + "; schedules with a flush take it");
            }
        }
        // What is legal for the most micro-batches that can come is legal for fewer.
        ScheduleValidator.requireLegal(
                plan(recipe, partition, placement, schedule, recomputing),
                ScheduleValidator.Purpose.TRAIN,
                schedule.mostInFlight(placement, recipe.mostMicrobatches()));
    }

    private static SchedulePlan plan(
            Recipe recipe, Partition partition, Placement placement, Schedule schedule, Set<Integer> recomputing) {
        Set<Integer> summing = new TreeSet<>();
        for (int objective = 0; objective < Math.max(1, recipe.objectives().size()); objective++) {
            summing.addAll(summing(recipe, partition, objective));
        }
        return plan(schedule, placement, recipe.mostMicrobatches())
                .withRecomputation(recomputing)
                .withSums(summing);
    }

    private static Set<Integer> summing(Recipe recipe, Partition partition, int objective) {
        Set<Integer> stages = new TreeSet<>();
        if (recipe.rules().skips() || recipe.search().isPresent()) {
            // A loss or running statistics may stand where nothing learns: all must know what becomes of the window.
            IntStream.range(0, partition.stages()).forEach(stages::add);
        } else if (recipe.sums() > 0) {
            Set<String> trained = recipe.trained(objective);
            IntStream.range(0, partition.stages())
                    .filter(stage -> partition.nodes(recipe.model(), stage).stream()
                            .anyMatch(node -> node.parameters().stream().anyMatch(trained::contains)))
                    .forEach(stages::add);
        }
        return stages;
    }

    private static SchedulePlan plan(Schedule schedule, Placement placement, int microbatches) {
        SchedulePlan plan = schedule.plan(placement, microbatches);
        if (!plan.placement().equals(placement) || plan.microbatches() != microbatches) {
            throw new IllegalArgumentException(schedule.name() + ": expected a plan of " + microbatches
                    + " micro-batches for stages on ranks " + placement.rankOfStage() + ", found one of "
                    + plan.microbatches() + " for " + plan.placement().rankOfStage());
        }
        return plan;
    }

    /** The same numbers on one stage. */
    public PipelineSpec onOneStage() {
        return new PipelineSpec(recipe, Partition.single(model()), new OneForwardOneBackward());
    }

    /** The same numbers where these stages recompute. */
    public PipelineSpec withRecomputing(Set<Integer> stages) {
        return new PipelineSpec(recipe, partition, placement, schedule, stages);
    }

    /** What one stage does. */
    public StageProgram program(int stage) {
        return program(stage, Joints.chosen());
    }

    /** What one stage does, with layers joined or not. */
    public StageProgram program(int stage, Joints joints) {
        return program(stage, new GradientFlow(model(), recipe.optimizers()::learns), joints);
    }

    /** What one stage does in training windows of each objective; none where all windows run the whole model. */
    public List<StageProgram> objectivePrograms(int stage) {
        return objectivePrograms(stage, Joints.chosen());
    }

    /** The same with layers joined or not. */
    public List<StageProgram> objectivePrograms(int stage, Joints joints) {
        List<StageProgram> programs = new ArrayList<>();
        for (int i = 0; i < recipe.objectives().size(); i++) {
            List<String> heads = recipe.objectives().get(i).heads();
            programs.add(program(stage, GradientFlow.of(model(), recipe.trained(i)::contains, heads), joints));
        }
        return programs;
    }

    private StageProgram program(int stage, GradientFlow flow, Joints joints) {
        return StageProgram.of(model(), flow, partition, stage, largestTypes(), joints);
    }

    /** Where the tensors of one of a stage's slots lie. */
    public SlotLayout layout(StageProgram program) {
        return SlotLayout.of(program, largestTypes(), plan().splitsBackward(program.stage()));
    }

    /**
     * What all ranks do in a window of the most micro-batches that can come; a window of fewer runs this restricted to
     * them. Computed at each call.
     */
    public SchedulePlan plan() {
        return plan(recipe, partition, placement, schedule, recomputing);
    }

    /**
     * What all ranks do, as a picture shows it: {@link #plan}, or, where training windows overlap, so many of them from one drain
     * to the next, with micro-batches counted through.
     */
    public SchedulePlan picture(int windows) {
        return overlap()
                .map(overlap -> Stretch.of(overlap, Collections.nCopies(windows, recipe.mostMicrobatches()))
                        .flat())
                .orElseGet(this::plan);
    }

    /** How training windows overlap, if they do. */
    public Optional<Overlap> overlap() {
        return schedule.overlap(placement);
    }

    /** The schedule as text that reads back to one with the same plan. */
    public String scheduleText() {
        return Schedules.text(schedule, plan(schedule, placement, recipe.mostMicrobatches()));
    }

    /**
     * The stages whose step waits for sums over the whole model, in training windows of an objective: those that have a
     * parameter which the window updates, their own or a copy; all where a window may be skipped, or decides by its loss what
     * comes next; none where nothing asks for sums.
     */
    public Set<Integer> summing(int objective) {
        return summing(recipe, partition, objective);
    }

    /** Types of all values in the largest micro-batch that can come. */
    public ModelTypes largestTypes() {
        return recipe.largestTypes();
    }

    /** Number of stages. */
    public int stages() {
        return partition.stages();
    }

    /** The recipe's model. */
    public Model model() {
        return recipe.model();
    }

    /** The recipe's samples per mini-batch. */
    public int batchSize() {
        return recipe.batchSize();
    }

    /** The recipe's micro-batches per mini-batch. */
    public int microbatches() {
        return recipe.microbatches();
    }
}
