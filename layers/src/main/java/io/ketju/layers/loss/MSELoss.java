package io.ketju.layers.loss;

import io.ketju.layers.Arguments;
import io.ketju.layers.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossKernels;

/**
 * The square of the difference, {@code (x - t)²}, averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html">torch.nn.MSELoss</a>. Targets FLOAT32 of the
 * output's shape.
 */
public record MSELoss() implements PointwiseLoss {
    static MSELoss of(Spec spec) {
        return Arguments.none(spec, new MSELoss());
    }

    @Override
    public Spec spec() {
        return Spec.of("MSELoss");
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        kernels.mse(pass.input(), pass.target(), (float) pass.scale(), losses, pass.gradInput());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
