package io.ketju.actors.run;

import io.ketju.actors.job.Measured;
import io.ketju.data.Batch;
import io.ketju.data.BatchOrder;
import io.ketju.data.Batches;
import io.ketju.data.Dataset;
import io.ketju.pipeline.program.MicrobatchSplit;
import io.ketju.pipeline.stage.Predictor;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;

/** Measures a model on the samples of a data set, in the mini-batches and micro-batches in which a run evaluates. */
record TestSet(int batchSize, int microbatches) {
    /** Samples of the largest micro-batch. */
    int largest() {
        return MicrobatchSplit.atMost(batchSize, microbatches).largest();
    }

    /** Mean loss and metrics over all samples. */
    Evaluation evaluate(Predictor predictor, Dataset samples) {
        Batches batches = new Batches(samples.size(), batchSize, BatchOrder.sequential());
        WindowMetrics all = WindowMetrics.NONE;
        try (TensorArena arena = new TensorArena(2 * batchBytes(samples))) {
            for (int step = 0; step < batches.stepsPerEpoch(); step++) {
                arena.reset();
                Batch batch = batches.batch(step);
                Tensor inputs =
                        arena.allocate(samples.inputType(), samples.inputShape().batched(batch.size()));
                Tensor targets = arena.allocate(
                        samples.targetType(), samples.targetShape().batched(batch.size()));
                batch.copyInputs(samples, 0, inputs);
                batch.copyTargets(samples, 0, targets);
                all = all.plus(predictor.evaluate(List.of(inputs, targets), microbatches));
            }
        }
        return new Evaluation(new Measured(all.values(predictor.model().heads())), samples.size());
    }

    private long batchBytes(Dataset samples) {
        return Math.max(
                TensorArena.bytesFor(samples.inputShape().batched(batchSize)),
                TensorArena.bytesFor(samples.targetShape().batched(batchSize)));
    }
}
