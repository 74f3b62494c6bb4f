package io.ketju.tensor.kernel.update;

/**
 * What of a step's hyperparameters changes the operations of its formula and not only their numbers. Each form that is used
 * is a formula of its own.
 *
 * @param decays whether the weight, times the weight decay, is added to the gradient
 * @param fromGradient whether the first average starts from the gradient's side, as {@code torch.lerp} does from weight 0.5
 * @param nesterov of SGD's momentum
 */
record UpdateForm(boolean maximize, boolean decays, boolean fromGradient, boolean nesterov) {
    /** How many there are. */
    static final int COUNT = 16;

    /** From 0 to the number of forms. */
    int index() {
        return (maximize ? 1 : 0) | (decays ? 2 : 0) | (fromGradient ? 4 : 0) | (nesterov ? 8 : 0);
    }

    static UpdateForm of(boolean maximize, double weightDecay) {
        return new UpdateForm(maximize, (float) weightDecay != 0, false, false);
    }

    static UpdateForm of(GradientOptions options) {
        return of(options.maximize(), options.added());
    }

    /** This form with a first average of this decay. */
    UpdateForm average(double beta) {
        return new UpdateForm(maximize, decays, (float) (1 - beta) >= 0.5f, nesterov);
    }

    UpdateForm nesterov(boolean value) {
        return new UpdateForm(maximize, decays, fromGradient, value);
    }
}
