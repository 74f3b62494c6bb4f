package io.ketju.actors.job;

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
import io.ketju.pipeline.StepRules;
import java.util.List;

/** What a {@link JobBuilder} is told of the way the weights learn; {@code B} is that builder. */
abstract class LearningSettings<B> {
    final JobLearning learning = new JobLearning();

    /**
     * What updates the weights; {@code Adam()} unless this is called.
     *
     * @param value with its learning rate
     * @return this
     */
    public B optimizer(Optimizer value) {
        learning.optimizer(value);
        return self();
    }

    /**
     * Has parameters learn in a way of their own; the first group of a name decides.
     *
     * @param names global names, {@code *} being any letters and {@code ?} one: {@code *.bias}
     * @param own what updates them
     * @return this
     * @throws InvalidJobException if the names cannot be such
     */
    public B group(String names, Optimizer own) {
        learning.group(JobChecks.naming("parameter-groups", () -> new ParameterGroup(names, own)));
        return self();
    }

    /**
     * Keeps parameters as they are, such as {@code features.*}.
     *
     * @param names as of {@link #group}
     * @return this
     * @throws InvalidJobException if the names cannot be such
     */
    public B freeze(String names) {
        learning.group(JobChecks.naming("parameter-groups", () -> ParameterGroup.frozen(names)));
        return self();
    }

    /**
     * Adds an objective: a step is a training window for each, in order, over the same mini-batch, that runs what its heads need.
     *
     * @param value which losses train which parameters, at which rates
     * @return this
     */
    public B objective(Objective value) {
        learning.objective(value);
        return self();
    }

    /**
     * The same, with rates that stay as they are.
     *
     * @param named how it is called
     * @param heads names of the losses that are minimised
     * @param parameters global names of what it trains, as of {@link #group}
     * @return this
     */
    public B objective(String named, List<String> heads, List<String> parameters) {
        return objective(new Objective(named, heads, parameters, new ConstantLR()));
    }

    /**
     * How the optimizers' learning rates change; they stay as they are unless this is called.
     *
     * @param value where the job has objectives, theirs count in its place
     * @return this
     */
    public B learningRateSchedule(LearningRateSchedule value) {
        learning.rates(value);
        return self();
    }

    /**
     * Scales the gradients of a step down together where their norm, by objective, is larger than this: {@link ClipGradNorm}.
     *
     * @param maxNorm more than 0
     * @return this
     * @throws InvalidJobException if it is not
     */
    public B clipGradNorm(double maxNorm) {
        ClipGradNorm bound = JobChecks.naming("clip-grad-norm", () -> new ClipGradNorm(maxNorm));
        learning.rules(rules -> rules.with(bound));
        return self();
    }

    /**
     * Brings every element of a step's gradients into a range around 0, after the norm: see {@link ClipGradValue}.
     *
     * @param clipValue the largest magnitude, more than 0
     * @return this
     * @throws InvalidJobException if it is not
     */
    public B clipGradValue(double clipValue) {
        ClipGradValue bound = JobChecks.naming("clip-grad-value", () -> new ClipGradValue(clipValue));
        learning.rules(rules -> rules.with(bound));
        return self();
    }

    /**
     * What becomes of a window with a gradient or a loss that is no finite number; it ends the run unless this is called.
     *
     * @param then end the run, or skip the window
     * @return this
     */
    public B nonFiniteGradients(NonFiniteGradients then) {
        learning.rules(rules -> rules.with(then));
        return self();
    }

    /**
     * Tells the norm of all gradients of a step, before anything bounds it, as the metric {@code grad_norm}.
     *
     * @return this
     */
    public B tellGradNorm() {
        learning.rules(StepRules::tellingGradNorm);
        return self();
    }

    /**
     * Adds what weights cost to what is minimised: see {@link Penalty}.
     *
     * @param all in place of earlier ones
     * @return this
     */
    public B penalties(Penalty... all) {
        learning.rules(rules -> rules.with(List.of(all)));
        return self();
    }

    /**
     * Keeps an average of the weights, also in checkpoints: evaluation, prediction and the weights that come out go by it.
     *
     * @param value how it moves
     * @return this
     */
    public B average(WeightAverage value) {
        learning.average(value);
        return self();
    }

    /**
     * Counts how weights and gradients lie, after the last step of every so many data epochs.
     *
     * @param value 0, the default: never
     * @return this
     */
    public B histogramsEveryEpochs(int value) {
        learning.histograms(value);
        return self();
    }

    /** This builder, whichever part of it was told something. */
    abstract B self();
}
