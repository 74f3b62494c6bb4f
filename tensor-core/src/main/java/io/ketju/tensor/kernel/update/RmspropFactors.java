package io.ketju.tensor.kernel.update;

/** The single-precision constants of one RMSprop update (torch/optim/rmsprop.py). */
record RmspropFactors(Gradient gradient, Average average, float learningRate, float momentum, float epsilon) {
    static RmspropFactors of(UpdateKernels.RmspropStep step) {
        return new RmspropFactors(
                Gradient.of(step.maximize(), step.weightDecay()),
                Average.of(step.alpha()),
                (float) step.learningRate(),
                (float) step.momentum(),
                (float) step.epsilon());
    }

    float root(float squares) {
        return (float) Math.sqrt(squares) + epsilon;
    }
}
