package io.ketju.layers.loss;

import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.MarginRows;
import java.util.List;
import java.util.Optional;

/**
 * Multi-class hinge loss (Weston and Watkins 1999): the sum over the wrong classes of {@code max(0, x - x[t] + 1)}, undivided,
 * averaged over the samples. {@link MultiMarginLoss} divides by the number of classes, too. Output [samples, classes],
 * targets INT32 [samples].
 */
public record HingeLoss() implements Loss {
    public static final Entry<Loss> ENTRY = Description.of(
                    "HingeLoss", "Sum over the wrong classes of how far they are within 1 of the right one")
            .formula("Σ over c ≠ t of max(0, x[c] - x[t] + 1), averaged over the samples")
            .shapes("output [samples, classes]; targets int32 [samples]")
            .source("Weston and Watkins 1999")
            .always(new HingeLoss());

    private ClassTargets classes() {
        return ClassTargets.ofRows("HingeLoss", List.of());
    }

    @Override
    public Optional<IntRange> range(int target, List<TensorType> inputs) {
        return Optional.of(classes().range(inputs.getFirst().shape()));
    }

    @Override
    public List<Metric> metrics() {
        return classes().metrics(false);
    }

    @Override
    public Spec spec() {
        return Spec.of("HingeLoss");
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        return List.of(classes().typeOfRows(inputs));
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return classes().room(inputs);
    }

    /** Throws {@link IllegalArgumentException} for a target outside of the classes, naming the sample. */
    @Override
    public double compute(LossPass pass) {
        Tensor losses = pass.room().getFirst();
        classes().require(pass.target(), pass.input().shape());
        MarginRows.Options options = new MarginRows.Options(1, 1, 1, pass.scale());
        pass.kernels()
                .loss()
                .rows(new MarginRows(options, null, pass.input(), pass.target(), losses, pass.gradInput()));
        return LossSums.inOrder(losses);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
