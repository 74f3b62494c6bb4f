package io.ketju.pipeline;

import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedule;

/**
 * Everything that decides the numbers and the order of a training run, apart from the data. The numbers depend on
 * neither {@code schedule} nor {@code partition}.
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
    /** Number of stages. */
    public int stages() {
        return partition.stages();
    }
}
