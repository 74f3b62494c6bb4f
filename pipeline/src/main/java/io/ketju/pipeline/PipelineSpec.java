package io.ketju.pipeline;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.program.SlotLayout;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleValidator;

/**
 * A training run without its data: what decides the numbers, and what decides the order of work alone. Checked whole: what
 * does not fit throws {@link IllegalArgumentException}.
 *
 * @param recipe the numbers
 * @param partition which layers form which stage
 * @param schedule what every stage does when
 */
public record PipelineSpec(Recipe recipe, Partition partition, Schedule schedule) {
    public PipelineSpec {
        partition.requireFits(recipe.model());
        SchedulePlan plan = SchedulePlan.of(schedule, partition.stages(), recipe.mostMicrobatches());
        ScheduleValidator.requireLegal(plan, ScheduleValidator.Purpose.TRAIN);
    }

    /** The same numbers by another cut. */
    public PipelineSpec withPartition(Partition other) {
        return new PipelineSpec(recipe, other, schedule);
    }

    /** What one stage does. */
    public StageProgram program(int stage) {
        GradientFlow flow = new GradientFlow(model(), recipe.optimizers()::learns);
        return StageProgram.of(model(), flow, partition, stage, largestTypes());
    }

    /** Where the tensors of one of a stage's slots lie. */
    public SlotLayout layout(StageProgram program) {
        boolean splits = schedule.actions(program.stage(), stages(), recipe.mostMicrobatches()).stream()
                .anyMatch(action -> action.kind() == Action.Kind.W);
        return SlotLayout.of(program, largestTypes(), splits);
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
