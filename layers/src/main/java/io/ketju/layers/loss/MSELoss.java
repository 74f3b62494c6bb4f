package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossKernels;

/**
 * The square of the difference, {@code (x - t)²}, averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html">torch.nn.MSELoss</a>. Targets FLOAT32 of the
 * output's shape.
 */
public record MSELoss() implements PointwiseLoss {
    public static final Entry<Loss> ENTRY = Description.of("MSELoss", "The square of the difference")
.formula("(x - t)², averaged over all elements")
.shapes("output [samples, ...] and targets of its shape")
.source("torch.nn.MSELoss")
.always(new MSELoss());

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
