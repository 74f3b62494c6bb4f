package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.elementwise.Unary;
import io.ketju.tensor.kernel.loss.LossFormulas;
import io.ketju.tensor.kernel.loss.LossKernels.Limit;
import java.util.List;

/**
 * Of two scores, which of them is to be larger: {@code max(0, margin - t · (x1 - x2))}, averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html">torch.nn.MarginRankingLoss</a>. Two
 * outputs of the same shape; targets FLOAT32 of that shape, 1 if the first is to be larger, -1 if the second.
 *
 * @param margin by how much
 */
public record MarginRankingLoss(double margin) implements Loss {
    public static final Entry<Loss> ENTRY = Description.of("MarginRankingLoss", "Which of two scores is to be larger")
            .optional("margin", 0, "by how much it is to be larger")
            .formula("max(0, margin - t · (x1 - x2)), averaged over all elements")
            .shapes("two outputs [samples, ...] and targets of their shape, 1 or -1")
            .source("torch.nn.MarginRankingLoss")
            .readBy(arguments -> new MarginRankingLoss(arguments.number("margin")));

    /** PyTorch's default, 0. */
    public MarginRankingLoss() {
        this(0);
    }

    /** Every element weighs 1. */
    @Override
    public double weight(int samples, List<Tensor> targets) {
        return targets.getFirst().elements();
    }

    @Override
    public Spec spec() {
        return ENTRY.description().terse(Spec.of("MarginRankingLoss").withNumber("margin", margin));
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        return List.of(SameInputs.require("MarginRankingLoss", inputs, 2));
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of(inputs.getFirst());
    }

    /** Throws {@link IllegalArgumentException} for a target that is neither 1 nor -1, naming the sample. */
    @Override
    public double compute(LossPass pass) {
        Signs.require("MarginRankingLoss", pass.target());
        Tensor losses = pass.room().getFirst();
        Tensor first = pass.gradInput(0);
        Limit limit = new Limit((float) margin, (float) pass.scale());
        pass.kernels()
                .loss()
                .elements(
                        LossFormulas.marginRanking(limit),
                        pass.inputs().get(0),
                        pass.inputs().get(1),
                        pass.target(),
                        losses,
                        first);
        pass.kernels().elementwise().unary(Unary.NEG, first, pass.gradInput(1));
        return LossSums.inOrder(losses);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
