package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Exponential moving average of the weights, begun with those of the first step (<a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.swa_utils.get_ema_multi_avg_fn.html">
 * torch.optim.swa_utils.get_ema_multi_avg_fn</a>).
 *
 * @param decay what stays of the average in a step, from 0 to 1
 * @param useBuffers whether buffers are averaged too
 */
public record EMA(double decay, boolean useBuffers) implements WeightAverage {
    public static final Entry<WeightAverage> ENTRY = Description.of(
                    "EMA", "Exponential moving average, moved after every step")
            .optional("decay", 0.999, "what stays of the average in a step")
            .named("use_buffers", false, "whether buffers are averaged too")
            .formula("average = decay · average + (1 - decay) · w, after the first step w")
            .source("torch.optim.swa_utils.AveragedModel, get_ema_multi_avg_fn")
            .readBy(arguments -> new EMA(arguments.number("decay"), arguments.flag("use_buffers")));

    /**
     * Checks the decay.
     *
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public EMA {
        Hyperparameters.requireFactor("EMA", "decay", decay);
    }

    /**
     * Of the weights alone.
     *
     * @param decay what stays of the average in a step, from 0 to 1
     */
    public EMA(double decay) {
        this(decay, false);
    }

    @Override
    public Spec spec() {
        return Hyperparameters.terse(ENTRY.description(), decay, useBuffers);
    }

    @Override
    public boolean countsEpochs() {
        return false;
    }

    @Override
    public double share(long step, long stepsPerEpoch) {
        return step == 1 ? 1 : 1 - decay;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
