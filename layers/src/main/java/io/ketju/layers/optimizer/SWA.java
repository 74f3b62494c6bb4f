package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Stochastic weight averaging: the mean of the weights at regular moments late in training (Izmailov et al., "Averaging
 * Weights Leads to Wider Optima and Better Generalization", 2018, algorithm 1; <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.swa_utils.get_swa_multi_avg_fn.html">
 * torch.optim.swa_utils.get_swa_multi_avg_fn</a>).
 *
 * @param startEpoch data epochs before the first that counts, 0 or more
 * @param everyEpochs data epochs between two moments: after the last step of so many, at least 1
 * @param everySteps optimizer steps between two moments, in place of epochs; 0: epochs
 * @param useBuffers whether buffers are averaged too
 */
public record SWA(int startEpoch, int everyEpochs, int everySteps, boolean useBuffers) implements WeightAverage {
    public static final Entry<WeightAverage> ENTRY = Description.of(
                    "SWA", "Mean of the weights at the ends of epochs, or every so many steps")
            .optional("start_epoch", 0, "data epochs before the first that counts")
            .optional("every_epochs", 1, "data epochs between two weights of the mean")
            .optional("every_steps", 0, "optimizer steps between them, in place of epochs")
            .named("use_buffers", false, "whether buffers are averaged too")
            .formula("average = average + (w - average) / n for the n-th weights of the mean; before them w")
            .source("torch.optim.swa_utils.AveragedModel, get_swa_multi_avg_fn; Izmailov et al. 2018")
            .readBy(arguments -> new SWA(
                    arguments.integer("start_epoch"),
                    arguments.integer("every_epochs"),
                    arguments.integer("every_steps"),
                    arguments.flag("use_buffers")));

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is too small, or moments are counted by epochs and by steps
     */
    public SWA {
        requireNonNegative("start_epoch", startEpoch);
        Hyperparameters.requireSteps("SWA", "every_epochs", everyEpochs);
        requireNonNegative("every_steps", everySteps);
        if (everySteps > 0 && everyEpochs > 1) {
            throw new IllegalArgumentException("SWA: argument 'every_steps': expected none beside every_epochs, found "
                    + everySteps + " and every_epochs = " + everyEpochs);
        }
    }

    private static void requireNonNegative(String argument, int number) {
        if (number < 0) {
            throw new IllegalArgumentException(
                    "SWA: argument '" + argument + "': expected at least 0, found " + number);
        }
    }

    /**
     * The ends of all data epochs after some.
     *
     * @param startEpoch data epochs before the first that counts, 0 or more
     */
    public SWA(int startEpoch) {
        this(startEpoch, 1, 0, false);
    }

    @Override
    public Spec spec() {
        return Hyperparameters.terse(ENTRY.description(), startEpoch, everyEpochs, everySteps, useBuffers);
    }

    @Override
    public boolean countsEpochs() {
        return startEpoch > 0 || everySteps == 0;
    }

    @Override
    public double share(long step, long stepsPerEpoch) {
        long since = step - startEpoch * stepsPerEpoch;
        long every = everySteps > 0 ? everySteps : everyEpochs * stepsPerEpoch;
        if (since <= every) {
            return 1;
        }
        long averaged = since / every;
        return since % every == 0 ? 1.0 / averaged : 0;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
