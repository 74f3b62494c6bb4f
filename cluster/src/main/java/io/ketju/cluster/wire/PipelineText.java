package io.ketju.cluster.wire;

import io.ketju.layers.loss.Losses;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.LearningRateSchedules;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Schedules;
import io.ketju.protocol.control.Pipeline;
import io.ketju.tensor.Shape;
import java.util.Arrays;

/** A pipeline's description as text, to be built again in another JVM. */
final class PipelineText {
    private PipelineText() {}

    static Pipeline write(PipelineSpec spec) {
        return Pipeline.newBuilder()
                .addAllInputShape(Arrays.stream(spec.model().inputShape().toArray())
                        .boxed()
                        .toList())
                .addAllLayers(ModelText.print(spec.model()))
                .setLoss(spec.loss().spec().toString())
                .setOptimizer(spec.optimizer().spec().toString())
                .setLearningRateSchedule(spec.learningRateSchedule().spec().toString())
                .setSchedule(spec.schedule().name())
                .addAllStageBounds(spec.partition().bounds())
                .setBatchSize(spec.batchSize())
                .setMicrobatches(spec.microbatches())
                .setTotalSteps(spec.totalSteps())
                .setSeed(spec.seed())
                .setOptimizerSteps(spec.optimizerSteps())
                .build();
    }

    static PipelineSpec read(Pipeline proto) {
        int[] shape =
                proto.getInputShapeList().stream().mapToInt(Integer::intValue).toArray();
        return new PipelineSpec(
                ModelText.parse(Shape.of(shape), proto.getLayersList()),
                Losses.parse(proto.getLoss()),
                Optimizers.parse(proto.getOptimizer()),
                LearningRateSchedules.parse(proto.getLearningRateSchedule()),
                Schedules.named(proto.getSchedule()),
                new Partition(proto.getStageBoundsList()),
                proto.getBatchSize(),
                proto.getMicrobatches(),
                proto.getTotalSteps(),
                proto.getSeed(),
                proto.getOptimizerSteps());
    }
}
