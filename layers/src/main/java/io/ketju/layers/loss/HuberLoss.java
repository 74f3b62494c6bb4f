package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossKernels;
import io.ketju.tensor.kernel.loss.LossKernels.Limit;

/**
 * With d = x - t, {@code d² / 2} where {@code |d| <= delta}, else {@code delta · (|d| - delta / 2)} (Huber 1964), averaged over all
 * elements, as <a href="https://pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html">torch.nn.HuberLoss</a>. Targets FLOAT32 of the
 * output's shape.
 *
 * @param delta difference from which on the loss is straight; above 0
 */
public record HuberLoss(double delta) implements PointwiseLoss {
    public static final Entry<Loss> ENTRY = Description.of("HuberLoss", "Square near 0, straight beyond delta")
            .named("delta", 1, "difference from which on the loss is straight")
            .formula(
                    "d²/2 where |d| <= delta, else delta · (|d| - delta/2), with d = x - t, averaged over all elements")
            .shapes("output [samples, ...] and targets of its shape")
            .source("torch.nn.HuberLoss; Huber 1964")
            .readBy(arguments -> new HuberLoss(arguments.number("delta")));

    /**
     * Checks the difference.
     *
     * @throws IllegalArgumentException if it is not above 0 and finite
     */
    public HuberLoss {
        if (!(delta > 0 && delta <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("HuberLoss: argument 'delta': expected a number > 0, found " + delta);
        }
    }

    /** PyTorch's default, 1. */
    public HuberLoss() {
        this(1);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("HuberLoss");
        return delta == 1 ? spec : spec.withNumber("delta", delta);
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        Limit limit = new Limit((float) delta, (float) pass.scale());
        kernels.huber(limit, pass.input(), pass.target(), losses, pass.gradInput());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
