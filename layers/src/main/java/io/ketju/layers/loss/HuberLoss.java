package io.ketju.layers.loss;

import io.ketju.layers.Arguments;
import io.ketju.layers.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossKernels;
import io.ketju.tensor.kernel.loss.LossKernels.Limit;
import java.util.List;

/**
 * With d = x - t, {@code d² / 2} where {@code |d| <= delta}, else {@code delta · (|d| - delta / 2)} (Huber 1964), averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html">torch.nn.HuberLoss</a>. Targets FLOAT32 of the
 * output's shape.
 *
 * @param delta difference from which on the loss is straight; above 0
 */
public record HuberLoss(double delta) implements PointwiseLoss {
    public HuberLoss {
        if (!(delta > 0 && delta <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("HuberLoss: argument 'delta': expected a number > 0, found " + delta);
        }
    }

    /** PyTorch's default, 1. */
    public HuberLoss() {
        this(1);
    }

    static HuberLoss of(Spec spec) {
        return new HuberLoss(Arguments.of(spec, List.of("delta")).number("delta", 1));
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
