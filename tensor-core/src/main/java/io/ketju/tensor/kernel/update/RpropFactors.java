package io.ketju.tensor.kernel.update;

/** The single-precision constants of one Rprop update (torch/optim/rprop.py). */
record RpropFactors(boolean maximize, float etaMinus, float etaPlus, float smallest, float largest) {
    static RpropFactors of(UpdateKernels.RpropStep step) {
        return new RpropFactors(
                step.maximize(), (float) step.etaMinus(), (float) step.etaPlus(), (float) step.smallestStep(), (float)
                        step.largestStep());
    }

    float size(float size, float product) {
        float factor = product > 0 ? etaPlus : (product < 0 ? etaMinus : 1);
        return Math.min(Math.max(size * factor, smallest), largest);
    }

    static float updated(float weight, float gradient, float size) {
        return gradient > 0 ? weight - size : (gradient < 0 ? weight + size : weight);
    }
}
