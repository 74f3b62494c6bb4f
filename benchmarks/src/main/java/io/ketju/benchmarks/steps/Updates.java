package io.ketju.benchmarks.steps;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.update.UpdateKernels;
import io.ketju.tensor.kernel.update.UpdateKernels.AdamStep;
import io.ketju.tensor.kernel.update.UpdateKernels.GradientOptions;
import io.ketju.tensor.kernel.update.UpdateKernels.SgdStep;

/** Updates of all parameters in one call, with PyTorch's defaults. */
final class Updates {
    private Updates() {}

    static Update sgd(Kit kit, double learningRate) {
        UpdateKernels update = kit.kernels().update();
        Parameters.Block all = kit.parameters().block();
        SgdStep step = new SgdStep(learningRate, 0, 0, 0, false, false);
        return () -> update.sgd(step, all.w(), all.dw(), null);
    }

    /** Momentum 0.9; a buffer of zeros gives the first step, too. */
    static Update momentum(Kit kit, double learningRate) {
        UpdateKernels update = kit.kernels().update();
        Parameters.Block all = kit.parameters().block();
        Tensor buffer = kit.floats(all.w().elements());
        SgdStep step = new SgdStep(learningRate, 0.9, 0, 0, false, false);
        return () -> update.sgd(step, all.w(), all.dw(), buffer);
    }

    static Update adamW(Kit kit, double learningRate) {
        UpdateKernels update = kit.kernels().update();
        Parameters.Block all = kit.parameters().block();
        Tensor m = kit.floats(all.w().elements());
        Tensor v = kit.floats(all.w().elements());
        GradientOptions decay = new GradientOptions(0.01, true, false);
        long[] steps = {0};
        return () -> {
            AdamStep step = new AdamStep(learningRate, 0.9, 0.999, 1e-8, decay, ++steps[0]);
            update.adam(step, all.w(), all.dw(), m, v);
        };
    }
}
