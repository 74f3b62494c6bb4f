package io.ketju.actors.run;

import io.ketju.actors.job.BatchChecks;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.MetricLimits;
import io.ketju.data.AccumulatedBatches;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchSource;
import io.ketju.data.BatchTensors;
import io.ketju.data.Dataset;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.stage.Predictor;
import io.ketju.pipeline.stage.WindowMetrics;
import io.ketju.tensor.MicrobatchSplit;
import java.util.List;

/** Measures a model on test samples, those of a data set in the mini-batches and micro-batches in which a run evaluates. */
record TestSet(int batchSize, int microbatches, int accumulate) {
    /** Of a recipe. */
    static TestSet of(Recipe recipe) {
        return new TestSet(
                recipe.batchSize(), recipe.microbatches(), recipe.rules().accumulate());
    }

    /** Samples of the largest micro-batch. */
    int largest() {
        return MicrobatchSplit.atMost(batchSize, microbatches).largest();
    }

    /** Mean loss and metrics over all samples; throws if the model does not take them: a sentence may be too long. */
    Evaluation evaluate(Predictor predictor, Dataset samples) {
        List<String> names = BatchPorts.of(predictor.model()).names();
        BatchSource source = AccumulatedBatches.of(
                samples.batches(
                        names.getFirst(),
                        names.getLast(),
                        batchSize / accumulate,
                        microbatches / accumulate,
                        BatchOrder.sequential()),
                accumulate);
        BatchChecks.fits(predictor.model(), source, batchSize, microbatches);
        return evaluate(predictor, source);
    }

    /** Mean loss and metrics over one data epoch; throws if they would have to keep too much of it. */
    Evaluation evaluate(Predictor predictor, BatchSource source) {
        MetricLimits.requireEpoch(predictor.model(), batchSize, source);
        WindowMetrics all = WindowMetrics.NONE;
        int samples = 0;
        try (BatchTensors tensors = new BatchTensors(source)) {
            for (int index = 0; index < source.stepsPerEpoch(); index++) {
                BatchPlan batch = source.plan(index);
                all = all.plus(predictor.evaluate(tensors.read(batch)));
                samples += batch.samples();
            }
        }
        return new Evaluation(Measured.of(all, predictor.model()), samples);
    }
}
