package io.ketju.tensor.kernel.update;

/** The single-precision constants of one Adagrad update (torch/optim/adagrad.py). */
record AdagradFactors(Gradient gradient, float rate, float epsilon) {
    static AdagradFactors of(UpdateKernels.AdagradStep step) {
        return new AdagradFactors(
                Gradient.of(step.maximize(), step.weightDecay()),
                (float) (step.learningRate() / (1 + (step.step() - 1) * step.lrDecay())),
                (float) step.epsilon());
    }
}
