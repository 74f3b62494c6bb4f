package io.ketju.tensor.kernel.update;

import io.ketju.tensor.kernel.update.UpdateKernels.GradientOptions;

/**
 * What an optimizer makes of the gradient, in single precision.
 *
 * @param weightDecay added to the gradient times the weight, 0 if decoupled
 */
record Gradient(boolean maximize, float weightDecay) {
    static Gradient of(boolean maximize, double weightDecay) {
        return new Gradient(maximize, (float) weightDecay);
    }

    static Gradient of(GradientOptions options) {
        return of(options.maximize(), options.decoupledWeightDecay() ? 0 : options.weightDecay());
    }

    float of(float dw, float w) {
        float gradient = maximize ? -dw : dw;
        return weightDecay == 0 ? gradient : Math.fma(weightDecay, w, gradient);
    }
}
