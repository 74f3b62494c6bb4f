package io.ketju.benchmarks.steps;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.reduction.Reduction;

/** The mean cross-entropy of rows of logits, and its gradient in the same pass. */
final class CrossEntropyStep {
    private final Kernels kernels;
    private final Value logits;
    private final Value targets;
    private final Tensor losses;
    private final float scale;

    CrossEntropyStep(Kit kit, Value logits, Value targets) {
        kernels = kit.kernels();
        this.logits = logits;
        this.targets = targets;
        int rows = targets.tensor().elements();
        losses = kit.floats(rows);
        scale = 1f / rows;
    }

    /** The mean loss; overwrites the gradient of the logits. */
    double run() {
        kernels.loss().crossEntropy(logits.tensor(), targets.tensor(), scale, losses, logits.gradient());
        return kernels.reduction().all(Reduction.MEAN, losses);
    }
}
