package io.ketju.tensor.kernel.update;

/**
 * The single-precision constants of one ASGD update (torch/optim/asgd.py).
 *
 * @param kept 1 - lambd eta
 * @param mu the weight of the new value in the average
 */
record AsgdFactors(Gradient gradient, float eta, float kept, float mu) {
    static AsgdFactors of(UpdateKernels.AsgdStep step) {
        long before = step.step() - 1;
        double shrink = StrictMath.pow(1 + step.lambd() * step.learningRate() * before, step.alpha());
        double eta = step.learningRate() / shrink;
        return new AsgdFactors(
                Gradient.of(step.maximize(), step.weightDecay()), (float) eta, (float) (1 - step.lambd() * eta), (float)
                        (1 / Math.max(1, before - step.t0())));
    }

    float average(float average, float weight) {
        return mu == 1 ? weight : Math.fma(mu, weight - average, average);
    }
}
