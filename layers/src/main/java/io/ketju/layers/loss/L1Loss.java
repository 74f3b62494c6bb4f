package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossKernels;
import java.util.List;

/**
 * The size of the difference, {@code |x - t|}, with gradient 0 where it is 0, averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html">torch.nn.L1Loss</a>. Targets FLOAT32 of the
 * output's shape.
 */
// region loss
public record L1Loss() implements PointwiseLoss {
    public static final Entry<Loss> ENTRY = Description.of("L1Loss", "The size of the difference")
            .formula("|x - t|, averaged over all elements")
            .shapes("output [samples, ...] and targets of its shape")
            .source("torch.nn.L1Loss")
            .always(new L1Loss());

    @Override
    public Spec spec() {
        return Spec.of("L1Loss");
    }

    /** The mean size of the difference is the loss itself. */
    @Override
    public List<Metric> metrics() {
        return List.of(new RootMeanSquaredError(), new R2Score());
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        kernels.l1(pass.input(), pass.target(), (float) pass.scale(), losses, pass.gradInput());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
// end region
