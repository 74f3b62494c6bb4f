package io.ketju.pipeline;

import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.pipeline.partition.GradientFlow;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.program.MicrobatchSplit;
import io.ketju.pipeline.program.SlotLayout;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleValidator;

/**
 * Everything that decides the numbers and the order of a training run, apart from the data. The numbers depend on
 * neither {@code schedule} nor {@code partition}. Checked whole: what does not fit throws {@link
 * IllegalArgumentException}.
 *
 * @param batchSize samples per mini-batch; the last of a data epoch may have fewer
 * @param microbatches micro-batches per mini-batch, at least 1; a mini-batch with fewer samples has as many as samples
 * @param totalSteps optimizer steps of the whole job, for the learning-rate schedule
 * @param optimizerSteps steps that the optimizer's state had been through before the job's first one; 0 for fresh
 *     state. Adam's bias correction counts from there: state that is not young must not be treated as if it were, or
 *     the first updates would be ten times too large
 */
public record PipelineSpec(
        Model model,
        Loss loss,
        Optimizer optimizer,
        LearningRateSchedule learningRateSchedule,
        Schedule schedule,
        Partition partition,
        int batchSize,
        int microbatches,
        long totalSteps,
        long seed,
        long optimizerSteps) {
    /** With fresh optimizer state. */
    public PipelineSpec(
            Model model,
            Loss loss,
            Optimizer optimizer,
            LearningRateSchedule learningRateSchedule,
            Schedule schedule,
            Partition partition,
            int batchSize,
            int microbatches,
            long totalSteps,
            long seed) {
        this(
                model,
                loss,
                optimizer,
                learningRateSchedule,
                schedule,
                partition,
                batchSize,
                microbatches,
                totalSteps,
                seed,
                0);
    }

    public PipelineSpec {
        if (batchSize < 1 || microbatches < 1 || totalSteps < 0 || optimizerSteps < 0) {
            throw new IllegalArgumentException(
                    "expected batch size and micro-batches of at least 1 and no negative steps,"
                            + " found batch size " + batchSize + ", " + microbatches + " micro-batches, " + totalSteps
                            + " steps, " + optimizerSteps + " before them");
        }
        partition.requireFits(model);
        model = model.heads().isEmpty() ? model.withHead(loss) : model;
        BatchPorts.of(model).types(model, model.types(1));
        ScheduleValidator.requireLegal(
                plan(schedule, partition, Math.min(microbatches, batchSize)), ScheduleValidator.Purpose.TRAIN);
    }

    private static SchedulePlan plan(Schedule schedule, Partition partition, int microbatches) {
        return schedule.plan(schedule.placement(partition.stages()), microbatches);
    }

    /** The same numbers by another cut. */
    public PipelineSpec withPartition(Partition other) {
        return new PipelineSpec(
                model,
                loss,
                optimizer,
                learningRateSchedule,
                schedule,
                other,
                batchSize,
                microbatches,
                totalSteps,
                seed,
                optimizerSteps);
    }

    /** What one stage does. */
    public StageProgram program(int stage) {
        return StageProgram.of(model, GradientFlow.of(model), partition, stage, largestTypes());
    }

    /** Where the tensors of one of a stage's slots lie. */
    public SlotLayout layout(StageProgram program) {
        return SlotLayout.of(program, largestTypes(), plan().splitsBackward(program.stage()));
    }

    /** Types of all values in the largest micro-batch that can come. */
    public ModelTypes largestTypes() {
        return model.types(MicrobatchSplit.atMost(batchSize, microbatches).largest());
    }

    /** What all ranks do in a window of the most micro-batches that can come; those of fewer are restricted to theirs. */
    public SchedulePlan plan() {
        return plan(schedule, partition, Math.min(microbatches, batchSize));
    }

    /** Which rank runs which stage. */
    public Placement placement() {
        return schedule.placement(stages());
    }

    /** Number of stages. */
    public int stages() {
        return partition.stages();
    }
}
