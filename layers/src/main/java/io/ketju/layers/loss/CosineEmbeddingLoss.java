package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.LossKernels.Limit;
import io.ketju.tensor.kernel.loss.LossKernels.Pair;
import java.util.List;

/**
 * Of two vectors, {@code 1 - cos} where the target is 1, {@code max(0, cos - margin)} where it is -1, averaged over the
 * samples, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html">torch.nn.CosineEmbeddingLoss</a>. Two
 * outputs [samples, size], targets FLOAT32 [samples], 1 or -1.
 *
 * @param margin cosine that unlike vectors may have, -1 to 1
 */
public record CosineEmbeddingLoss(double margin) implements Loss {
    public static final Entry<Loss> ENTRY = Description.of(
                    "CosineEmbeddingLoss", "Vectors alike or not by the cosine between them")
            .optional("margin", 0, "cosine that unlike vectors may have, -1 to 1")
            .formula(
                    "1 - cos(x1, x2) where t = 1, max(0, cos(x1, x2) - margin) where t = -1, averaged over the samples")
            .shapes("two outputs [samples, size]; targets float32 [samples], 1 or -1")
            .source("torch.nn.CosineEmbeddingLoss")
            .readBy(arguments -> new CosineEmbeddingLoss(arguments.number("margin")));

    /**
     * Checks the margin.
     *
     * @throws IllegalArgumentException if it is not from -1 to 1
     */
    public CosineEmbeddingLoss {
        if (!(margin >= -1 && margin <= 1)) {
            throw new IllegalArgumentException(
                    "CosineEmbeddingLoss: argument 'margin': expected -1 to 1, found " + margin);
        }
    }

    /** PyTorch's default, 0. */
    public CosineEmbeddingLoss() {
        this(0);
    }

    @Override
    public Spec spec() {
        return ENTRY.description().terse(Spec.of("CosineEmbeddingLoss").withNumber("margin", margin));
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        return List.of(SameInputs.rows("CosineEmbeddingLoss", inputs, 2));
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of(TensorType.floats(inputs.getFirst().shape().dimension(0)));
    }

    /** Throws {@link IllegalArgumentException} for a target that is neither 1 nor -1, naming the sample. */
    @Override
    public double compute(LossPass pass) {
        Signs.require("CosineEmbeddingLoss", pass.target());
        Tensor losses = pass.room().getFirst();
        pass.kernels()
                .loss()
                .cosineEmbedding(
                        new Limit((float) margin, (float) pass.scale()),
                        new Pair(pass.inputs().get(0), pass.inputs().get(1)),
                        pass.target(),
                        losses,
                        new Pair(pass.gradInput(0), pass.gradInput(1)));
        return LossSums.inOrder(losses);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
