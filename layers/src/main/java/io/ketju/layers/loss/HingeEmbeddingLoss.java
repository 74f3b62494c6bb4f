package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossKernels;
import io.ketju.tensor.kernel.loss.LossKernels.Limit;
import java.util.List;

/**
 * Of a distance x: x itself where the target is 1, {@code max(0, margin - x)} where it is -1, averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html">torch.nn.HingeEmbeddingLoss</a>.
 * Targets FLOAT32 of the output's shape, 1 or -1.
 *
 * @param margin distance that unlike things are to have
 */
public record HingeEmbeddingLoss(double margin) implements PointwiseLoss {
    public static final Entry<Loss> ENTRY = Description.of(
                    "HingeEmbeddingLoss", "Distances small for like things, beyond a margin for unlike ones")
            .optional("margin", 1, "distance that unlike things are to have")
            .formula("x where t = 1, max(0, margin - x) where t = -1, averaged over all elements")
            .shapes("output [samples, ...] and targets of its shape, 1 or -1")
            .source("torch.nn.HingeEmbeddingLoss")
            .readBy(arguments -> new HingeEmbeddingLoss(arguments.number("margin")));

    /** PyTorch's default, 1. */
    public HingeEmbeddingLoss() {
        this(1);
    }

    @Override
    public Spec spec() {
        return ENTRY.description().terse(Spec.of("HingeEmbeddingLoss").withNumber("margin", margin));
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        Signs.require("HingeEmbeddingLoss", pass.target());
        Limit limit = new Limit((float) margin, (float) pass.scale());
        kernels.hingeEmbedding(limit, pass.input(), pass.target(), losses, pass.gradInput());
    }

    /** Its targets are no values that the outputs are to have. */
    @Override
    public List<Metric> metrics() {
        return List.of();
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
