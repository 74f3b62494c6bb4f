package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossFormulas;
import io.ketju.tensor.kernel.loss.LossKernels;
import java.util.List;

/**
 * Logistic loss of two classes, {@code log(1 + exp(-t · x))}, averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html">torch.nn.SoftMarginLoss</a>. Targets FLOAT32 of
 * the output's shape, 1 or -1. Unlike PyTorch's it stays finite however wrong an output is.
 */
public record SoftMarginLoss() implements PointwiseLoss {
    public static final Entry<Loss> ENTRY = Description.of("SoftMarginLoss", "Logistic loss of targets 1 and -1")
            .formula("log(1 + exp(-t · x)), averaged over all elements")
            .shapes("output [samples, ...] and targets of its shape, 1 or -1")
            .source("torch.nn.SoftMarginLoss")
            .always(new SoftMarginLoss());

    @Override
    public Spec spec() {
        return Spec.of("SoftMarginLoss");
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        kernels.elements(
                LossFormulas.softMargin((float) pass.scale()), pass.input(), pass.target(), losses, pass.gradInput());
    }

    /** Which of the two is right is not a matter of distance. */
    @Override
    public List<Metric> metrics() {
        return List.of();
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
