package io.ketju.actors.job;

import io.ketju.actors.weights.WeightMapping;
import io.ketju.data.BatchSource;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ClipGradValue;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.layers.optimizer.WeightAverage;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Recompute;
import io.ketju.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Builds a {@link TrainingJob}; all but model and data has a default. {@link #build} checks it all: {@link InvalidJobException}. */
public final class JobBuilder {
    private String name = "run";
    private @Nullable ModelSource model;
    private final JobData data = new JobData();
    private Optional<Loss> loss = Optional.empty();
    private Optional<List<String>> metrics = Optional.empty();
    private final JobLearning learning = new JobLearning();
    private final JobOrder order = new JobOrder();
    private int epochs = 1;
    private long seed = 1;
    private int threads = Runtime.getRuntime().availableProcessors();
    private Optional<BestEpochRule> bestEpoch = Optional.empty();
    private Optional<InitialState> initialState = Optional.empty();
    private final JobKeeping keeping = new JobKeeping();

    public JobBuilder name(String value) {
        name = value;
        return this;
    }

    public JobBuilder model(ModelSource value) {
        model = value;
        return this;
    }

    /** A graph made in code, by {@link io.ketju.layers.model.ModelBuilder}. */
    public JobBuilder model(Model value) {
        return model(new ModelSource("custom", value));
    }

    /** Layers made in code. {@code inputShape} is the shape of one sample, without the batch dimension. */
    public JobBuilder model(Shape inputShape, Sequential layers) {
        return model(new ModelSource("custom", inputShape, layers));
    }

    /** A model of the zoo: {@code lenet5}, {@code mlp(784, 128, 10)}. Throws {@link InvalidJobException} for an unknown one. */
    public JobBuilder model(String name) {
        return model(new ModelSource(name, JobChecks.naming("model", () -> Models.named(name))));
    }

    public JobBuilder data(DataSource value) {
        data.samples(value);
        return this;
    }

    /**
     * Batches made in code, matched with inputs and targets by name. The sources say how large batches are, how many
     * micro-batches they have and in which order they come, in place of this. Where a model takes constants, both give the same.
     */
    public JobBuilder data(BatchSource train, BatchSource test) {
        data.batches(train, Optional.of(test));
        return this;
    }

    /** The same without anything that is evaluated. */
    public JobBuilder data(BatchSource train) {
        data.batches(train, Optional.empty());
        return this;
    }

    /** No data: a session hands over mini-batches, each of at most {@link #batchSize} samples; no learning rate may depend on their number. */
    public JobBuilder stepByStep() {
        data.handed(OptionalInt.empty());
        return this;
    }

    /** The same with this many optimizer steps at most, for learning rates that depend on their number. */
    public JobBuilder stepByStep(int steps) {
        data.handed(OptionalInt.of(steps));
        return this;
    }

    /** What is minimised; the cross entropy unless this is called. A model may bring heads with losses of their own. */
    public JobBuilder loss(Loss value) {
        loss = Optional.of(value);
        return this;
    }

    /**
     * What is measured beside the loss, by name, in the order in which it is told; none for an empty list. Without a choice
     * it is the first metric that the loss has: {@link Loss#metrics}. A model that brings its own heads names them there.
     */
    public JobBuilder metrics(List<String> names) {
        metrics = Optional.of(List.copyOf(names));
        return this;
    }

    public JobBuilder optimizer(Optimizer value) {
        learning.optimizer(value);
        return this;
    }

    /** Has parameters of such names, {@code *} being any letters, learn in a way of their own; the first group of a name decides. */
    public JobBuilder group(String names, Optimizer own) {
        learning.group(JobChecks.naming("parameter-groups", () -> new ParameterGroup(names, own)));
        return this;
    }

    /** Keeps parameters as they are, such as {@code features.*}: see {@link #group} for the names. */
    public JobBuilder freeze(String names) {
        learning.group(JobChecks.naming("parameter-groups", () -> ParameterGroup.frozen(names)));
        return this;
    }

    /** Adds an objective: a step is a training window for each, in order, over the same mini-batch, that runs what its heads need. */
    public JobBuilder objective(Objective value) {
        learning.objective(value);
        return this;
    }

    /** The same, with rates that stay as they are. */
    public JobBuilder objective(String named, List<String> heads, List<String> parameters) {
        return objective(new Objective(named, heads, parameters, new ConstantLR()));
    }

    public JobBuilder learningRateSchedule(LearningRateSchedule value) {
        learning.rates(value);
        return this;
    }

    /** Scales the gradients of a step down together where their norm, by objective, is larger than this: {@link ClipGradNorm}. */
    public JobBuilder clipGradNorm(double maxNorm) {
        ClipGradNorm bound = JobChecks.naming("clip-grad-norm", () -> new ClipGradNorm(maxNorm));
        learning.rules(rules -> rules.with(bound));
        return this;
    }

    /** Brings every element of a step's gradients into a range around 0, after the norm: see {@link ClipGradValue}. */
    public JobBuilder clipGradValue(double clipValue) {
        ClipGradValue bound = JobChecks.naming("clip-grad-value", () -> new ClipGradValue(clipValue));
        learning.rules(rules -> rules.with(bound));
        return this;
    }

    /** Whether a window with a gradient or a loss that is no finite number ends the run, as it does by default, or is skipped. */
    public JobBuilder nonFiniteGradients(NonFiniteGradients then) {
        learning.rules(rules -> rules.with(then));
        return this;
    }

    /** Tells the norm of all gradients of a step, before anything bounds it, as the metric {@code grad_norm}. */
    public JobBuilder tellGradNorm() {
        learning.rules(StepRules::tellingGradNorm);
        return this;
    }

    /** Adds what weights cost to what is minimised, in place of earlier penalties: see {@link Penalty}. */
    public JobBuilder penalties(Penalty... all) {
        learning.rules(rules -> rules.with(List.of(all)));
        return this;
    }

    /** Keeps an average of the weights, also in checkpoints: evaluation, prediction and the weights that come out go by it. */
    public JobBuilder average(WeightAverage value) {
        learning.average(value);
        return this;
    }

    /**
     * What every rank does when; 1F1B unless this is called. Of a {@link io.ketju.pipeline.schedule.ScheduleSet} the run begins
     * with the first: {@link io.ketju.actors.run.Training#schedule} has the next step take another, with the same bits.
     */
    public JobBuilder schedule(Schedule value) {
        order.schedule(value);
        return this;
    }

    /** Which rank runs which stage; unless this is called, that is up to the schedule: mostly a rank for each stage. */
    public JobBuilder placement(Placement value) {
        order.placement(value);
        return this;
    }

    /** Cuts the model into this many stages of balanced cost. */
    public JobBuilder stages(int value) {
        order.stages(value);
        return this;
    }

    /** Cuts the model by hand: the index of the first layer of every stage, then the number of layers. */
    public JobBuilder stageBounds(List<Integer> value) {
        order.bounds(value);
        return this;
    }

    /** Which stages run every forward again before its backward, so as to hold less meanwhile; none unless this is called. */
    public JobBuilder recompute(Recompute value) {
        order.recompute(value);
        return this;
    }

    /** As what activations and gradients travel between stages; rounded, the cut decides the numbers, too. */
    public JobBuilder wire(Wire value) {
        order.wire(value);
        return this;
    }

    /** Samples per optimizer step; 64 unless this is called. */
    public JobBuilder batchSize(int value) {
        data.batchSize(value);
        return this;
    }

    /** Parts that a mini-batch is cut into: 1 to as many as it has samples; 4 unless this is called. */
    public JobBuilder microbatches(int value) {
        data.microbatches(value);
        return this;
    }

    /** Mini-batches that a step is over, 1 unless this is called; the last step of a data epoch is over what is left. */
    public JobBuilder accumulate(int value) {
        data.accumulate(value);
        return this;
    }

    /** Pipelines that share the micro-batches of a step, each by whole gradient groups, whose number this divides; 1 by default. */
    public JobBuilder replicas(int value) {
        order.replicas(value);
        return this;
    }

    /** Whether each replica of a stage keeps optimizer state of its share of the parameters alone; not unless this is called. */
    public JobBuilder shardOptimizer(boolean value) {
        order.sharesState(value);
        return this;
    }

    /** Groups of micro-batches that add up their weight gradients before these are added up; 1 unless this is called. */
    public JobBuilder gradientGroups(int value) {
        learning.gradientGroups(value);
        return this;
    }

    public JobBuilder epochs(int value) {
        epochs = value;
        return this;
    }

    public JobBuilder seed(long value) {
        seed = value;
        return this;
    }

    /** Compute threads per JVM; all processors by default. They change the speed, never the result. */
    public JobBuilder threads(int value) {
        threads = value;
        return this;
    }

    /** Keeps checkpoints, the weights and the job in this folder, which must be absent or empty. */
    public JobBuilder runDirectory(Path value) {
        keeping.runDirectory(value);
        return this;
    }

    public JobBuilder checkpointEveryEpochs(int value) {
        return checkpoints(keeping.checkpoints().everyEpochs(value));
    }

    /** How often checkpoints are taken, and how many are kept: after every data epoch, two, unless this is called. */
    public JobBuilder checkpoints(JobCheckpoints value) {
        keeping.checkpoints(value);
        return this;
    }

    /** Keeps the checkpoint of the best epoch, and may end the run or give that epoch's weights: see {@link BestEpochRule}. */
    public JobBuilder bestEpoch(BestEpochRule value) {
        bestEpoch = Optional.of(value);
        return this;
    }

    /** Counts how weights and gradients lie, after the last step of every so many data epochs; 0, the default: never. */
    public JobBuilder histogramsEveryEpochs(int value) {
        learning.histograms(value);
        return this;
    }

    /** Keeps in the run's folder when everything of the run happened, for {@code ketju trace}. */
    public JobBuilder traced() {
        keeping.trace();
        return this;
    }

    /** How often within an hour a run over several processes goes on by itself after it lost a worker; 0: never. */
    public JobBuilder maxRestarts(int value) {
        keeping.maxRestarts(value);
        return this;
    }

    /** Has the run cut its model anew by itself, by what its stages take; the cut stays as it is unless this is called. */
    public JobBuilder rebalance(Rebalance value) {
        keeping.rebalance(value);
        return this;
    }

    /**
     * Starts from the weights of a safetensors file, written by Ketju, PyTorch or others: names and shapes must be
     * those of the model, no more and no fewer. F64, F32, F16, BF16, I64 and I32 are read. The optimizer's state begins at zero.
     */
    public JobBuilder initialWeights(Path file) {
        return initialWeights(file, WeightMapping.STRICT);
    }

    /** The same with other names, or some tensors: {@code WeightMapping.PARTIAL.renaming("module.=")}; {@link TrainingJob#notes} tells. */
    public JobBuilder initialWeights(Path file, WeightMapping mapping) {
        return initialState(InitialState.weights(file, mapping));
    }

    /** Starts from weights and optimizer state, as of {@code Ketju.state(run)}: steps count from 1, the optimizer's count goes on. */
    public JobBuilder initialState(InitialState value) {
        initialState = Optional.of(value);
        return this;
    }

    /** Continues the run in this folder from its newest valid checkpoint. */
    public JobBuilder resume(Path value) {
        keeping.resume(value);
        return this;
    }

    /** Checks everything; throws {@link InvalidJobException}. */
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
        JobChecks.initialState(initialState, keeping.resume(), pipeline);
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
}
