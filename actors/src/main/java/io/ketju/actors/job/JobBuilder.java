package io.ketju.actors.job;

import io.ketju.data.BatchSource;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.zoo.Models;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.tensor.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Builds a {@link TrainingJob}; all but model and data has a default. {@link #build} checks it all: {@link InvalidJobException}. */
public final class JobBuilder extends KeepingSettings<JobBuilder> {
    private String name = "run";
    private @Nullable ModelSource model;
    private final JobData data = new JobData();
    private Optional<Loss> loss = Optional.empty();
    private Optional<List<String>> metrics = Optional.empty();
    private int epochs = 1;
    private long seed = 1;
    private int threads = Runtime.getRuntime().availableProcessors();

    /** Of a job of which nothing is said yet: {@link io.ketju.actors.Ketju#job}. */
    public JobBuilder() {}

    /**
     * What the run is called, on the terminal and in files; {@code run} unless this is called.
     *
     * @param value any text
     * @return this
     */
    public JobBuilder name(String value) {
        name = value;
        return this;
    }

    /**
     * The model, with its name.
     *
     * @param value with or without losses; without, {@link #loss} is that of its first output
     * @return this
     */
    public JobBuilder model(ModelSource value) {
        model = value;
        return this;
    }

    /**
     * A graph made in code, by {@link io.ketju.layers.model.ModelBuilder}.
     *
     * @param value with or without losses
     * @return this
     * @throws InvalidJobException if it has more layers than {@link JobLimits#LAYERS}
     */
    public JobBuilder model(Model value) {
        return model(new ModelSource("custom", value));
    }

    /**
     * Layers made in code.
     *
     * @param inputShape shape of one sample, without the batch dimension
     * @param layers one after the other
     * @return this
     * @throws InvalidJobException naming the layer where the shapes do not fit
     */
    public JobBuilder model(Shape inputShape, Sequential layers) {
        return model(new ModelSource("custom", inputShape, layers));
    }

    /**
     * A model of the zoo: {@code lenet5}, {@code mlp(784, 128, 10)}.
     *
     * @param name with its arguments
     * @return this
     * @throws InvalidJobException for an unknown one
     */
    public JobBuilder model(String name) {
        return model(new ModelSource(name, JobChecks.naming("model", () -> Models.named(name))));
    }

    /**
     * The samples, in place of batches made in code.
     *
     * @param value training and test
     * @return this
     */
    public JobBuilder data(DataSource value) {
        data.samples(value);
        return this;
    }

    /**
     * Batches made in code, matched with inputs and targets by name. The sources say how large batches are, how many
     * micro-batches they have and in which order they come, in place of this. Where a model takes constants, both give the same.
     *
     * @param train what is learnt from
     * @param test what is evaluated after each data epoch
     * @return this
     */
    public JobBuilder data(BatchSource train, BatchSource test) {
        data.batches(train, Optional.of(test));
        return this;
    }

    /**
     * The same without anything that is evaluated.
     *
     * @param train what is learnt from
     * @return this
     */
    public JobBuilder data(BatchSource train) {
        data.batches(train, Optional.empty());
        return this;
    }

    /**
     * No data: a session hands over mini-batches, each of at most {@link #batchSize} samples; no learning rate may depend on their
     * number.
     *
     * @return this
     */
    public JobBuilder stepByStep() {
        data.handed(OptionalInt.empty());
        return this;
    }

    /**
     * The same, for learning rates that depend on the number of steps.
     *
     * @param steps optimizer steps at most, at least 1
     * @return this
     */
    public JobBuilder stepByStep(int steps) {
        data.handed(OptionalInt.of(steps));
        return this;
    }

    /**
     * What is minimised; the cross entropy unless this is called.
     *
     * @param value not beside a model that brings heads with other losses of their own
     * @return this
     */
    public JobBuilder loss(Loss value) {
        loss = Optional.of(value);
        return this;
    }

    /**
     * What is measured beside the loss. Without a choice it is the first metric that the loss has: {@link Loss#metrics}, or what a model
     * that brings its own head names there. One that brings several names them there alone.
     *
     * @param names in the order in which they are told; empty: nothing but the loss
     * @return this
     */
    public JobBuilder metrics(List<String> names) {
        metrics = Optional.of(List.copyOf(names));
        return this;
    }

    /**
     * Samples of a mini-batch; 64 unless this is called.
     *
     * @param value at least 1
     * @return this
     */
    public JobBuilder batchSize(int value) {
        data.batchSize(value);
        return this;
    }

    /**
     * Parts that a mini-batch is cut into; 4 unless this is called.
     *
     * @param value 1 to {@link JobLimits#MICROBATCHES}, no more than samples
     * @return this
     */
    public JobBuilder microbatches(int value) {
        data.microbatches(value);
        return this;
    }

    /**
     * Mini-batches that a step is over, 1 unless this is called; the last step of a data epoch is over what is left.
     *
     * @param value at least 1
     * @return this
     */
    public JobBuilder accumulate(int value) {
        data.accumulate(value);
        return this;
    }

    /**
     * Passes over the training data; 1 unless this is called.
     *
     * @param value at least 1
     * @return this
     */
    public JobBuilder epochs(int value) {
        epochs = value;
        return this;
    }

    /**
     * Decides initial values, the order of samples and all else that is random; 1 unless this is called.
     *
     * @param value any: the same gives the same bits
     * @return this
     */
    public JobBuilder seed(long value) {
        seed = value;
        return this;
    }

    /**
     * Compute threads per JVM; all processors by default. They change the speed, never the result.
     *
     * @param value 1 to {@link JobLimits#THREADS}
     * @return this
     */
    public JobBuilder threads(int value) {
        threads = value;
        return this;
    }

    /**
     * Checks everything; nothing is started, and no memory is taken for stages.
     *
     * @return a job that can start
     * @throws InvalidJobException in one line, with the first thing that is wrong
     */
    public TrainingJob build() {
        data.split(order.updatesEveryMicrobatch());
        JobChecks.numbers(data, order.checkedStages(), epochs, threads);
        keeping.check();
        data.requireOne();
        ModelSource source = data.fitting(JobChecks.required(model, "model", "model(Shape, Sequential)"));
        Model checked = JobChecks.measured(source.model(), loss, metrics);
        loss.ifPresent(chosen -> JobChecks.lossOf(checked, chosen));
        Model whole = checked.heads().isEmpty() ? checked.withHead(loss.orElseGet(CrossEntropyLoss::new)) : checked;
        JobData.Sources batches = data.sources(whole, epochs, seed);
        long totalSteps = Math.multiplyExact((long) epochs, batches.train().stepsPerEpoch());
        PipelineSpec pipeline = pipeline(checked, whole.heads().getFirst().loss(), totalSteps);
        keeping.requireFit(pipeline, data.handedSteps().isPresent());
        data.handedSteps().ifPresent(steps -> JobChecks.stepsKnown(steps, pipeline.recipe()));
        WatchChecks.of(pipeline.recipe(), data, batches).require(bestEpoch);
        JobChecks.plans(pipeline);
        MetricLimits.require(pipeline.model(), data, batches);
        TranslationChecks.require(pipeline.model(), data.samples());
        JobChecks.initialState(initialState, keeping.resume(), pipeline);
        VocabularyChecks.require(initialState, data.samples());
        return new TrainingJob(
                name,
                source,
                pipeline.model(),
                Optional.ofNullable(data.samples()),
                batches.train(),
                batches.test(),
                epochs,
                pipeline,
                threads,
                keeping.runDirectory(),
                keeping.checkpoints(),
                keeping.traced(),
                keeping.maxRestarts(),
                keeping.rebalance(),
                bestEpoch,
                initialState,
                keeping.resume());
    }

    private PipelineSpec pipeline(Model checked, Loss minimised, long totalSteps) {
        Recipe plain = learning.plain(checked, minimised, data, totalSteps, seed)
                .withOptimizerSteps(
                        initialState.map(InitialState::optimizerSteps).orElse(0L));
        return order.pipeline(checked, JobChecks.optimizers(learning.recipe(plain, totalSteps / epochs)));
    }

    @Override
    JobBuilder self() {
        return this;
    }
}
