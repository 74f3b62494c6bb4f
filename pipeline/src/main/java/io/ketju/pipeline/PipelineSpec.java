package io.ketju.pipeline;

import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.pipeline.partition.Partition;
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
        long seed) {
    public PipelineSpec {
        if (batchSize < 1 || microbatches < 1 || totalSteps < 0) {
            throw new IllegalArgumentException(
                    "expected batch size and micro-batches of at least 1 and no negative steps,"
                            + " found batch size " + batchSize + ", " + microbatches + " micro-batches, " + totalSteps
                            + " steps");
        }
        partition.requireFits(model);
        loss.targetShape(model.outputShape());
        SchedulePlan plan = SchedulePlan.of(schedule, partition.stages(), Math.min(microbatches, batchSize));
        ScheduleValidator.requireLegal(plan, ScheduleValidator.Purpose.TRAIN);
    }

    /** Number of stages. */
    public int stages() {
        return partition.stages();
    }
}
