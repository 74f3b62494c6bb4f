package io.ketju.layers.loss;

import io.ketju.layers.Inputs;
import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.MultiLabelMarginRows;
import java.util.List;
import java.util.Optional;

/**
 * Hinge loss of any number of right classes: {@code Σ max(0, 1 - x[y] + x[c]) / classes} over right classes y and wrong ones
 * c, averaged over the samples, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html">torch.nn.MultiLabelMarginLoss</a>.
 * Output [samples, classes], targets INT32 [samples, classes]: the right classes, then -1.
 */
public record MultiLabelMarginLoss() implements Loss {
    public static final Entry<Loss> ENTRY = Description.of(
                    "MultiLabelMarginLoss", "Hinge loss of any number of right classes")
            .formula("Σ over right y, wrong c of max(0, 1 - x[y] + x[c]) / classes, averaged over the samples")
            .shapes("output [samples, classes]; targets int32 [samples, classes]: the right classes, then -1")
            .source("torch.nn.MultiLabelMarginLoss")
            .always(new MultiLabelMarginLoss());

    private static final int NONE = -1;

    @Override
    public Optional<IntRange> range(int target, List<TensorType> inputs) {
        return Optional.of(range(inputs.getFirst().shape()));
    }

    private static IntRange range(Shape scores) {
        return IntRange.below(ClassTargets.CLASS, scores.dimension(1)).and(NONE);
    }

    @Override
    public Spec spec() {
        return Spec.of("MultiLabelMarginLoss");
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        Inputs.require(inputs, 1);
        return List.of(TensorType.ints(ClassTargets.ofRows("MultiLabelMarginLoss", List.of())
                .scores(inputs)
                .toArray()));
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of(TensorType.floats(inputs.getFirst().shape().dimension(0)));
    }

    /** Throws {@link IllegalArgumentException} for a target outside of the classes, naming the sample. */
    @Override
    public double compute(LossPass pass) {
        ClassTargets.requireRange(
                "MultiLabelMarginLoss",
                pass.target(),
                TensorType.ints(pass.input().shape().toArray()),
                range(pass.input().shape()));
        Tensor losses = pass.room().getFirst();
        pass.kernels()
                .loss()
                .rows(new MultiLabelMarginRows(pass.input(), pass.target(), losses, pass.gradInput(), pass.scale()));
        return LossSums.inOrder(losses);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
