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
import io.ketju.pipeline.schedule.ForwardOnly;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.schedule.Replicas;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.Stretch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A training run without its data: what decides the numbers, and what decides the order of work alone. Checked whole: what
 * does not fit throws {@link IllegalArgumentException}.
 *
 * @param recipe the numbers
 * @param partition which layers form which stage
 * @param placement which rank runs which stage, of all replicas of the pipeline
 * @param schedule what every rank does when
 * @param recomputing stages that run every forward again before its backward, and hold less memory; a schedule may have others do so
 * @param wire as what activations and gradients travel between stages
 * @param sharesState whether replicas of a stage have the optimizer's state of some of its parameters each
 */
public record PipelineSpec(
        Recipe recipe,
        Partition partition,
        Placement placement,
        Schedule schedule,
        Set<Integer> recomputing,
        Wire wire,
        boolean sharesState) {
    /**
     * Where all bits travel, and the first replica has all state.
     * @param recipe the numbers
     * @param partition which layers form which stage
     * @param placement which rank runs which stage, of all replicas
     * @param schedule what every rank does when
     * @param recomputing stages that run every forward again before its backward
     */
    public PipelineSpec(
            Recipe recipe, Partition partition, Placement placement, Schedule schedule, Set<Integer> recomputing) {
        this(recipe, partition, placement, schedule, recomputing, Wire.FLOAT32, false);
    }

    /**
     * Stages placed as the schedule likes.
     * @param recipe the numbers
     * @param partition which layers form which stage
     * @param schedule what every rank does when
     */
    public PipelineSpec(Recipe recipe, Partition partition, Schedule schedule) {
        this(recipe, partition, schedule.placement(partition.stages()), schedule);
    }

    /**
     * Where no stage recomputes anything that the schedule does not have it recompute.
     * @param recipe the numbers
     * @param partition which layers form which stage
     * @param placement which rank runs which stage, of all replicas
     * @param schedule what every rank does when
     */
    public PipelineSpec(Recipe recipe, Partition partition, Placement placement, Schedule schedule) {
        this(recipe, partition, placement, schedule, Set.of());
    }

    /** Checks the whole. */
    public PipelineSpec {
        recomputing = Collections.unmodifiableSet(new TreeSet<>(recomputing));
        PipelineFit.require(recipe, partition, placement, schedule, recomputing, sharesState);
    }

    private PipelineShare share(int replica) {
        return new PipelineShare(recipe, partition, placement.ofOne(), recomputing, replicas(), replica, sharesState);
    }

    /** {@return how replicas share the micro-batches of a step; one of each stage, where there are no others} */
    public Replicas replicas() {
        return new Replicas(counts(), recipe.gradientGroups());
    }

    /** {@return how many replicas each stage has} */
    public ReplicaCounts counts() {
        return placement.counts();
    }

    /**
     * {@return the same numbers by other pipelines, in the place of those that there are}
     * @param count of pipelines in all
     */
    public PipelineSpec withReplicas(int count) {
        return withReplicas(ReplicaCounts.alike(count, stages()));
    }

    /**
     * {@return the same numbers by so many replicas of each stage in all}
     * @param counts in the place of those that there are
     */
    public PipelineSpec withReplicas(ReplicaCounts counts) {
        Placement all = placement.ofOne().replicated(counts);
        return new PipelineSpec(recipe, partition, all, schedule, recomputing, wire, sharesState && counts.several());
    }

    /**
     * {@return the same where replicas of a stage share the optimizer's state, or do not}
     * @param shared false: the first has all of it
     */
    public PipelineSpec withSharedState(boolean shared) {
        return new PipelineSpec(recipe, partition, placement, schedule, recomputing, wire, shared);
    }

    /**
     * {@return which replica of a stage updates what}
     * @param stage of any replica
     */
    public StateShares shares(int stage) {
        int inPipeline = counts().inPipeline(stage);
        return sharesState
                ? StateShares.of(
                        recipe, partition.nodes(model(), inPipeline), ownedElsewhere(inPipeline), counts().of(stage))
                : StateShares.NONE;
    }

    private Set<String> ownedElsewhere(int inPipeline) {
        return program(inPipeline).ties().mirroredBy(inPipeline);
    }

    /**
     * {@return names of the parameters of a stage whose values it keeps, and another replica updates}
     * @param stage of any replica
     */
    public Set<String> updatedElsewhere(int stage) {
        return counts().replicaOf(stage) > 0
                ? Set.of()
                : shares(stage).replicaOf().entrySet().stream()
                        .filter(share -> share.getValue() > 0)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * {@return whether a stage runs a micro-batch: in training that of its replica's share, else every one, of the first replica}
     * @param stage of any replica
     * @param trains whether the window trains
     * @param microbatch index within the window
     */
    public boolean runs(int stage, boolean trains, int microbatch) {
        return replicas().stage(counts().inPipeline(stage), trains, microbatch) == stage;
    }

    /** {@return the same as replicas run it that get their weights from the first: without what belongs to updates} */
    public PipelineSpec following() {
        Recipe without = recipe.with(recipe.rules().following());
        return new PipelineSpec(without, partition, placement, schedule, recomputing, wire, sharesState);
    }

    /**
     * {@return names of the parameters of a stage that other stages own and update}
     * @param stage of any replica
     */
    public Set<String> mirrored(int stage) {
        int inPipeline = counts().inPipeline(stage);
        int replica = counts().replicaOf(stage);
        Set<String> share = shares(stage).names(replica);
        return replica == 0
                ? ownedElsewhere(inPipeline)
                : partition.nodes(model(), inPipeline).stream()
                        .flatMap(node -> node.parameters().stream())
                        .filter(name -> !share.contains(name))
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** {@return the same numbers on one stage} */
    public PipelineSpec onOneStage() {
        return new PipelineSpec(recipe, Partition.single(model()), new OneForwardOneBackward());
    }

    /**
     * {@return the same numbers where other stages recompute}
     * @param stages that do, from 0
     */
    public PipelineSpec withRecomputing(Set<Integer> stages) {
        return new PipelineSpec(recipe, partition, placement, schedule, stages, wire, sharesState);
    }

    /**
     * {@return the same where activations and gradients travel in another way}
     * @param other in the place of this one
     */
    public PipelineSpec withWire(Wire other) {
        return new PipelineSpec(recipe, partition, placement, schedule, recomputing, other, sharesState);
    }

    /**
     * {@return what one stage does}
     * @param stage of one pipeline
     */
    public StageProgram program(int stage) {
        return program(stage, Joints.chosen());
    }

    /**
     * {@return the same with layers joined or not}
     * @param stage of one pipeline
     * @param joints those that a stage makes use of
     */
    public StageProgram program(int stage, Joints joints) {
        return program(stage, new GradientFlow(model(), recipe.optimizers()::learns), joints);
    }

    /**
     * {@return what one stage does in training windows of each objective; none where all windows run the whole model}
     * @param stage of one pipeline
     */
    public List<StageProgram> objectivePrograms(int stage) {
        return objectivePrograms(stage, Joints.chosen());
    }

    /**
     * {@return the same with layers joined or not}
     * @param stage of one pipeline
     * @param joints those that a stage makes use of
     */
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

    /**
     * {@return where the tensors of one of a stage's slots lie}
     * @param program of the stage
     */
    public SlotLayout layout(StageProgram program) {
        boolean splits = counts().replicas(program.stage()).stream()
                .anyMatch(stage -> plansOf(stage).stream().anyMatch(plan -> plan.splitsBackward(placeInPlans(stage))));
        return SlotLayout.of(program, largestTypes(), splits);
    }

    /** {@return what all ranks do in a window of most micro-batches; one of fewer runs this restricted to them; computed at each call} */
    public SchedulePlan plan() {
        return plan(schedule);
    }

    /** {@return the plan of each of the schedule's alternatives, in their order; the first is {@link #plan}} */
    public List<SchedulePlan> plans() {
        return schedule.alternatives().stream().map(this::plan).toList();
    }

    private SchedulePlan plan(Schedule one) {
        if (!counts().alike()) {
            return new DealtPlan(recipe, partition, recomputing, replicas(), sharesState).plan(one);
        }
        List<SchedulePlan> ofEach = IntStream.range(0, counts().most())
                .mapToObj(replica -> share(replica).plan(one))
                .toList();
        return replicas().together(placement, ofEach);
    }

    /**
     * {@return what the ranks do that a stage works with, for each of the alternatives: those of its replica of the pipeline, whose stages
     * and micro-batches are counted from 0, or all, where stages have different numbers of replicas}
     * @param stage of any replica
     */
    public List<SchedulePlan> plansOf(int stage) {
        return counts().alike()
                ? schedule.alternatives().stream()
                        .map(share(counts().replicaOf(stage))::plan)
                        .toList()
                : plans();
    }

    /**
     * {@return what a stage is in {@link #plansOf}}
     * @param stage of any replica
     */
    public int placeInPlans(int stage) {
        return counts().alike() ? counts().inPipeline(stage) : stage;
    }

    /**
     * {@return the number that the first of a stage's micro-batches has in {@link #plansOf}}
     * @param stage of any replica
     */
    public int firstInPlans(int stage) {
        return counts().alike() ? 0 : replicas().first(stage);
    }

    /** {@return what all ranks do in a window that learns nothing: the first replica's forwards} */
    public SchedulePlan evaluationPlan() {
        SchedulePlan ofOne = new ForwardOnly().plan(placement.ofOne(), recipe.mostMicrobatches());
        return replicas().first(placement, ofOne);
    }

    /** {@return the alternatives as text that reads back to schedules with the same plans} */
    public List<String> scheduleTexts() {
        return schedule.alternatives().stream()
                .map(one -> Schedules.text(one, PipelineShare.plan(one, placement.ofOne(), recipe.mostMicrobatches())))
                .toList();
    }

    /**
     * {@return what all ranks do, as a picture shows it: {@link #plan}, or windows that overlap, micro-batches counted through}
     * @param windows from one drain to the next, where they overlap
     */
    public SchedulePlan picture(int windows) {
        return overlap()
                .map(overlap -> Stretch.of(
                                overlap, Collections.nCopies(windows, recipe.mostMicrobatches()), recomputing)
                        .flat())
                .orElseGet(this::plan);
    }

    /** {@return how training windows overlap, if they do} */
    public Optional<Overlap> overlap() {
        return schedule.overlap(placement.ofOne());
    }

    /** {@return the schedule as text that reads back to one with the same plan} */
    public String scheduleText() {
        return Schedules.text(schedule, PipelineShare.plan(schedule, placement.ofOne(), recipe.mostMicrobatches()));
    }

    /**
     * {@return the stages whose step waits for sums over the whole model: those that have a parameter which the window updates, their own
     * or a copy; all where a window may be skipped, or decides by its loss what comes next; none where nothing asks for sums}
     * @param objective of the window, from 0
     */
    public Set<Integer> summing(int objective) {
        return PipelineShare.summing(recipe, partition, objective);
    }

    /** {@return types of all values in the largest micro-batch that can come} */
    public ModelTypes largestTypes() {
        return recipe.largestTypes();
    }

    /** {@return the number of stages of one pipeline} */
    public int stages() {
        return partition.stages();
    }

    /** {@return the number of stages of all replicas together} */
    public int allStages() {
        return placement.stages();
    }

    /** {@return how many stages have something of what is kept: the first replica's, or all where replicas share the state} */
    public int keptStages() {
        return sharesState ? allStages() : stages();
    }

    /**
     * {@return whether a stage has something of what is kept}
     * @param stage of any replica
     */
    public boolean keeps(int stage) {
        return stage < keptStages();
    }

    /** {@return the recipe's model} */
    public Model model() {
        return recipe.model();
    }

    /** {@return the recipe's samples per mini-batch} */
    public int batchSize() {
        return recipe.batchSize();
    }

    /** {@return the recipe's micro-batches per mini-batch} */
    public int microbatches() {
        return recipe.microbatches();
    }
}
