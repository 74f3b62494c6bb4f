package io.ketju.actors.run;

import io.ketju.data.Batch;
import io.ketju.data.BatchOrder;
import io.ketju.data.Batches;
import io.ketju.data.Dataset;
import io.ketju.layers.loss.Loss;
import io.ketju.pipeline.program.MicrobatchSplit;
import io.ketju.pipeline.stage.Predictor;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import java.util.OptionalDouble;

/** Measures a model on the samples of a data set, in the mini-batches and micro-batches in which a run evaluates. */
record TestSet(Loss loss, int batchSize, int microbatches) {
    /** Samples of the largest micro-batch. */
    int largest() {
        return MicrobatchSplit.atMost(batchSize, microbatches).largest();
    }

    /** Mean loss and accuracy over all samples. */
    Evaluation evaluate(Predictor predictor, Dataset samples) {
        Batches batches = new Batches(samples.size(), batchSize, BatchOrder.sequential());
        double lossSum = 0;
        long correct = 0;
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
                WindowMetrics metrics = predictor.evaluate(List.of(inputs, targets), microbatches);
                lossSum += metrics.lossSum();
                correct += metrics.correct();
            }
        }
        OptionalDouble accuracy =
                loss.countsCorrect() ? OptionalDouble.of((double) correct / samples.size()) : OptionalDouble.empty();
        return new Evaluation(lossSum / samples.size(), accuracy, samples.size());
    }

    private long batchBytes(Dataset samples) {
        return Math.max(
                TensorArena.bytesFor(samples.inputShape().batched(batchSize)),
                TensorArena.bytesFor(samples.targetShape().batched(batchSize)));
    }
}
