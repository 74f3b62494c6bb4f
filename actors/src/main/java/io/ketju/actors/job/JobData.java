package io.ketju.actors.job;

import io.ketju.data.AccumulatedBatches;
import io.ketju.data.BatchSource;
import io.ketju.layers.model.Model;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What a job that is being built learns from: a data set, batches made in code, or what a session will hand over. */
final class JobData {
    private static final int BATCH_SIZE = 64;
    private static final int MICROBATCHES = 4;

    /** Where mini-batches come from. */
    record Sources(BatchSource train, Optional<BatchSource> test) {}

    private @Nullable DataSource samples;
    private @Nullable BatchSource train;
    private Optional<BatchSource> test = Optional.empty();
    private Optional<OptionalInt> handedSteps = Optional.empty();
    private OptionalInt batchSize = OptionalInt.empty();
    private OptionalInt microbatches = OptionalInt.empty();
    private boolean split;
    private int accumulate = 1;

    void samples(DataSource value) {
        samples = value;
        train = null;
        test = Optional.empty();
    }

    void batches(BatchSource trained, Optional<BatchSource> evaluated) {
        samples = null;
        train = trained;
        test = evaluated;
    }

    void handed(OptionalInt steps) {
        handedSteps = Optional.of(steps);
    }

    void batchSize(int value) {
        batchSize = OptionalInt.of(value);
    }

    void microbatches(int value) {
        microbatches = OptionalInt.of(value);
    }

    /** Every micro-batch of what is not made in code is to be a mini-batch by itself. */
    void split(boolean whether) {
        split = whether;
    }

    /** Whether it is. */
    boolean splits() {
        return split;
    }

    void accumulate(int value) {
        accumulate = value;
    }

    /** Mini-batches that a window is over. */
    int accumulated() {
        return accumulate;
    }

    /** Samples of a full window. */
    int samplesOfWindow() {
        return samplesOfBatch() * accumulate;
    }

    /** Micro-batches of a full window. */
    int partsOfWindow() {
        return partsOfBatch() * accumulate;
    }

    /** The data set; null if there is none. */
    @Nullable
    DataSource samples() {
        return samples;
    }

    /** If a session hands the batches over, the most steps that it may take, where it is said. */
    Optional<OptionalInt> handedSteps() {
        return handedSteps;
    }

    /** Throws {@link InvalidJobException} where there is none, or more than one. */
    void requireOne() {
        if (handedSteps.isPresent()) {
            JobChecks.noData(samples, train);
        } else if (train == null) {
            JobChecks.required(samples, "data", "data(DataSource) or data(BatchSource)");
        }
    }

    /** Samples of a full mini-batch. */
    int samplesOfBatch() {
        return train == null
                ? (split
                        ? Math.ceilDiv(batchSize.orElse(BATCH_SIZE), Math.max(1, parts()))
                        : batchSize.orElse(BATCH_SIZE))
                : BatchChecks.sizeOf(train, "batch", batchSize, train.batchSize());
    }

    /** Micro-batches of a full mini-batch. */
    int partsOfBatch() {
        return train == null
                ? (split ? Math.min(1, parts()) : parts())
                : BatchChecks.sizeOf(train, "microbatches", microbatches, train.microbatches());
    }

    private int parts() {
        return microbatches.orElse(MICROBATCHES);
    }

    /** The source with a model of the data set's samples. */
    ModelSource fitting(ModelSource model) {
        return samples == null ? model : model.fitting(samples.train().inputShape());
    }

    /** What the job is to learn from and be measured by; throws {@link InvalidJobException} if it does not fit the model. */
    Sources sources(Model whole, int epochs, long seed) {
        Sources sources = handedSteps.isPresent() ? handed(whole, handedSteps.get(), epochs) : given(whole, seed);
        BatchChecks.fits(whole, sources.train(), samplesOfWindow(), partsOfWindow());
        sources.test().ifPresent(batches -> BatchChecks.fits(whole, batches, samplesOfWindow(), partsOfWindow()));
        if (handedSteps.isEmpty()) {
            BatchChecks.smallestTrains(whole, sources.train());
        }
        return sources;
    }

    /** Those that a session will hand over: they are learnt from or evaluated, as its caller likes. */
    private Sources handed(Model whole, OptionalInt steps, int epochs) {
        JobChecks.oneEpoch(epochs);
        if (accumulate > 1) {
            throw new InvalidJobException("accumulate: expected none for a job that is trained step by step, found "
                    + accumulate + "; hand over all samples of a step together, as one mini-batch");
        }
        steps.ifPresent(most -> JobChecks.atLeast("steps", most, 1));
        BatchSource handed = new HandedBatches(whole, samplesOfBatch(), partsOfBatch(), steps);
        return new Sources(handed, Optional.of(handed));
    }

    /** Those made in code, or those of a data set: of training shuffled by the job's seed, of test in order. */
    private Sources given(Model whole, long seed) {
        if (train != null) {
            return new Sources(accumulating(train), test.map(this::accumulating));
        }
        DataSource dataset = JobChecks.required(samples, "data", "data(DataSource)");
        JobChecks.dataFits(whole, dataset);
        JobChecks.batchFits(whole, dataset, samplesOfBatch(), partsOfBatch());
        return new Sources(
                accumulating(dataset.trainBatches(whole, samplesOfBatch(), partsOfBatch(), seed)),
                Optional.of(accumulating(dataset.testBatches(whole, samplesOfBatch(), partsOfBatch()))));
    }

    private BatchSource accumulating(BatchSource source) {
        return AccumulatedBatches.of(source, accumulate);
    }
}
