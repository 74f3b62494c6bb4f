package io.ketju.tensor.kernel.update;

/** The single-precision constants of one Adadelta update (torch/optim/adadelta.py). */
record AdadeltaFactors(Gradient gradient, Average average, float learningRate, float epsilon) {
    static AdadeltaFactors of(UpdateKernels.AdadeltaStep step) {
        return new AdadeltaFactors(
                Gradient.of(step.maximize(), step.weightDecay()),
                Average.of(step.rho()),
                (float) step.learningRate(),
                (float) step.epsilon());
    }

    float delta(float squares, float deltas, float gradient) {
        return (float) Math.sqrt(deltas + epsilon) / (float) Math.sqrt(squares + epsilon) * gradient;
    }
}
