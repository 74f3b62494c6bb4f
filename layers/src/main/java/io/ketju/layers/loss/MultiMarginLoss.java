package io.ketju.layers.loss;

import io.ketju.layers.IntRange;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.LossKernels.Limit;
import io.ketju.tensor.kernel.loss.MarginRows;
import java.util.List;
import java.util.Optional;

/**
 * Multi-class hinge loss, {@code weight[t] · Σ max(0, margin - x[t] + x)^p / classes} over the wrong classes, averaged over the
 * samples, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html">torch.nn.MultiMarginLoss</a>. Output [samples,
 * classes], targets INT32 [samples].
 *
 * @param p power, 1 or 2
 * @param margin by how much the right class is to be ahead
 * @param weight of each class, [classes]; empty if all weigh 1; not in the denominator
 */
public record MultiMarginLoss(int p, double margin, List<Double> weight) implements Loss {
    public static final Entry<Loss> ENTRY = Description.of(
                    "MultiMarginLoss", "Mean over the classes of how far they are within a margin of the right one")
            .optional("p", 1, "power, 1 or 2")
            .optional("margin", 1, "by how much the right class is to be ahead")
            .derived("weight", "None", "weight of each class: numbers in parentheses")
            .formula("weight[t] · Σ over c ≠ t of max(0, margin - x[t] + x[c])^p / classes, averaged over the samples")
            .shapes("output [samples, classes]; targets int32 [samples]")
            .source("torch.nn.MultiMarginLoss")
            .readBy(arguments -> new MultiMarginLoss(
                    arguments.integer("p"), arguments.number("margin"), arguments.numbers("weight")));

    /**
     * Copies the weights.
     *
     * @throws IllegalArgumentException if one is not at least 0 and finite, or the power is neither 1 nor 2
     */
    public MultiMarginLoss {
        weight = new Weights("MultiMarginLoss", "weight", weight).values();
        if (p != 1 && p != 2) {
            throw new IllegalArgumentException("MultiMarginLoss: argument 'p': expected 1 or 2, found " + p);
        }
    }

    /** PyTorch's defaults. */
    public MultiMarginLoss() {
        this(1, 1, List.of());
    }

    private ClassTargets classes() {
        return ClassTargets.ofRows("MultiMarginLoss", weight);
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
        Spec spec = Spec.of("MultiMarginLoss").with("p", p).withNumber("margin", margin);
        return ENTRY.description().terse(new Weights("MultiMarginLoss", "weight", weight).addTo(spec));
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
        Tensor x = pass.input();
        classes().require(pass.target(), x.shape());
        if (p == 1 && weight.isEmpty()) {
            Limit limit = new Limit((float) margin, (float) pass.scale());
            pass.kernels().loss().multiMargin(limit, x, pass.target(), losses, pass.gradInput());
        } else {
            double share = 1.0 / x.shape().dimension(1);
            MarginRows.Options options = new MarginRows.Options(margin, p, share, pass.scale());
            pass.kernels()
                    .loss()
                    .rows(new MarginRows(options, classes().weights(pass), x, pass.target(), losses, pass.gradInput()));
        }
        return LossSums.inOrder(losses);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
