package io.ketju.tensor.kernel.update;

/**
 * The single-precision constants of one Adamax update (torch/optim/adamax.py).
 *
 * @param rate learning rate / (1 - beta1^step)
 * @param kept beta2
 */
record AdamaxFactors(Gradient gradient, Average average, float rate, float kept, float epsilon) {
    static AdamaxFactors of(UpdateKernels.AdamaxStep step) {
        return new AdamaxFactors(
                Gradient.of(step.maximize(), step.weightDecay()),
                Average.of(step.beta1()),
                (float) (step.learningRate() / AdamFactors.correction(step.beta1(), step.step())),
                (float) step.beta2(),
                (float) step.epsilon());
    }
}
