package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * From the base rate to that at which weights are averaged, then stays (<a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.swa_utils.SWALR.html">torch.optim.swa_utils.SWALR</a>), for {@link
 * SWA}: behind another schedule in a {@link SequentialLR}. There it begins at the base rate, as any schedule does; PyTorch's, which
 * counts its own calls, is a step ahead and begins where the one before it was.
 *
 * @param swaLearningRate the rate at the end
 * @param annealEpochs steps until then; 0: from the first one on
 * @param cosine whether along half a cosine, or in a straight line
 */
public record SWALR(double swaLearningRate, int annealEpochs, boolean cosine) implements LearningRateSchedule {
    private static final String COS = "cos";
    private static final String LINEAR = "linear";

    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "SWALR", "To the rate at which weights are averaged, where it stays")
            .required("swa_lr", "the rate at the end")
            .optional("anneal_epochs", 10, "steps until then")
            .optional("anneal_strategy", COS, "cos: along half a cosine; linear: in a straight line")
            .formula("rate = base + (swa_lr - base) · a; a = (1 - cos(π · t)) / 2, or t; t = min(1, (step - 1) /"
                    + " anneal_epochs)")
            .source("torch.optim.swa_utils.SWALR; Izmailov et al. 2018")
            .use("behind another schedule, in a SequentialLR, for SWA")
            .readBy(SWALR::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the rate is not above 0, or the steps are below 0
     */
    public SWALR {
        Hyperparameters.requirePositive("SWALR", "swa_lr", swaLearningRate);
        if (annealEpochs < 0) {
            throw new IllegalArgumentException(
                    "SWALR: argument 'anneal_epochs': expected a number >= 0, found " + annealEpochs);
        }
    }

    private static SWALR of(Arguments arguments) {
        return new SWALR(
                arguments.number("swa_lr"),
                arguments.integer("anneal_epochs"),
                arguments.word("anneal_strategy", COS, LINEAR).equals(COS));
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(ENTRY.description(), swaLearningRate, annealEpochs, cosine ? COS : LINEAR);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        double t = annealEpochs == 0 ? 1 : Math.min(1, (step - 1) / (double) annealEpochs);
        double share = cosine ? (1 - StrictMath.cos(Math.PI * t)) / 2 : t;
        return swaLearningRate * share + base * (1 - share);
    }

    @Override
    public boolean dependsOnTotal() {
        return false;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
