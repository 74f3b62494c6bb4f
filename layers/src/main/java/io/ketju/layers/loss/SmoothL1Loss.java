package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossKernels;
import io.ketju.tensor.kernel.loss.LossKernels.Limit;

/**
 * With d = x - t, {@code d² / (2 beta)} where {@code |d| < beta}, else {@code |d| - beta / 2}, averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html">torch.nn.SmoothL1Loss</a>. Targets FLOAT32 of the
 * output's shape.
 *
 * @param beta difference from which on the loss is straight; at 0 it is L1Loss
 */
public record SmoothL1Loss(double beta) implements PointwiseLoss {
    public static final Entry<Loss> ENTRY = Description.of("SmoothL1Loss", "Square near 0, straight beyond beta")
            .named("beta", 1, "difference from which on the loss is straight; at 0 it is L1Loss")
            .formula("d² / (2·beta) where |d| < beta, else |d| - beta/2, with d = x - t, averaged over all elements")
            .shapes("output [samples, ...] and targets of its shape")
            .source("torch.nn.SmoothL1Loss; Girshick 2015")
            .readBy(arguments -> new SmoothL1Loss(arguments.number("beta")));

    /**
     * Checks the difference.
     *
     * @throws IllegalArgumentException if it is not at least 0 and finite
     */
    public SmoothL1Loss {
        if (!(beta >= 0 && beta <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("SmoothL1Loss: argument 'beta': expected a number >= 0, found " + beta);
        }
    }

    /** PyTorch's default, 1. */
    public SmoothL1Loss() {
        this(1);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("SmoothL1Loss");
        return beta == 1 ? spec : spec.withNumber("beta", beta);
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        Limit limit = new Limit((float) beta, (float) pass.scale());
        kernels.smoothL1(limit, pass.input(), pass.target(), losses, pass.gradInput());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
