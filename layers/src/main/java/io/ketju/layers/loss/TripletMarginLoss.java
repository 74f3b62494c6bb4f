package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.loss.TripletRows;
import java.util.List;

/**
 * An anchor is to be nearer to the positive than to the negative: {@code max(0, margin + d(a, p) - d(a, n))} with {@code d(u, v)
 * = ‖u - v + eps‖}, averaged over the samples, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html">torch.nn.TripletMarginLoss</a>. Three outputs
 * [samples, size], anchor, positive, negative; no targets.
 *
 * @param margin by how much, above 0
 * @param p power of the norm, at least 1
 * @param eps is added to each difference
 * @param swap whether the distance of positive and negative counts where it is the smaller one (Balntas et al. 2016)
 */
public record TripletMarginLoss(double margin, double p, double eps, boolean swap) implements Loss {
    private static final double EPS = 1e-6;

    public static final Entry<Loss> ENTRY = Description.of(
                    "TripletMarginLoss", "An anchor nearer to the positive than to the negative")
            .optional("margin", 1, "by how much nearer, above 0")
            .optional("p", 2, "power of the norm, at least 1")
            .optional("eps", EPS, "is added to each difference")
            .optional("swap", false, "whether the distance of positive and negative counts where it is smaller")
            .formula("max(0, margin + d(a, p) - d(a, n)), d(u, v) = ‖u - v + eps‖, averaged over the samples")
            .shapes("three outputs [samples, size]: anchor, positive, negative; no targets")
            .source("torch.nn.TripletMarginLoss; Balntas et al. 2016")
            .readBy(arguments -> new TripletMarginLoss(
                    arguments.number("margin"),
                    arguments.number("p"),
                    arguments.number("eps"),
                    arguments.flag("swap")));

    /**
     * Checks margin and power.
     *
     * @throws IllegalArgumentException naming the argument, unless the margin is above 0 and the power at least 1, both finite
     */
    public TripletMarginLoss {
        if (!(margin > 0 && margin <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "TripletMarginLoss: argument 'margin': expected a number > 0, found " + margin);
        }
        if (!(p >= 1 && p <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("TripletMarginLoss: argument 'p': expected a number >= 1, found " + p);
        }
    }

    /** PyTorch's defaults. */
    public TripletMarginLoss() {
        this(1, 2, EPS, false);
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("TripletMarginLoss")
                        .withNumber("margin", margin)
                        .withNumber("p", p)
                        .withNumber("eps", eps)
                        .with("swap", swap));
    }

    @Override
    public List<TensorType> targets(List<TensorType> inputs) {
        SameInputs.rows("TripletMarginLoss", inputs, 3);
        return List.of();
    }

    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of(TensorType.floats(inputs.getFirst().shape().dimension(0)));
    }

    @Override
    public double compute(LossPass pass) {
        Tensor losses = pass.room().getFirst();
        pass.kernels()
                .loss()
                .rows(new TripletRows(
                        new TripletRows.Options(margin, p, eps, swap, pass.scale()),
                        new TripletRows.Triple(
                                pass.inputs().get(0),
                                pass.inputs().get(1),
                                pass.inputs().get(2)),
                        losses,
                        new TripletRows.Triple(pass.gradInput(0), pass.gradInput(1), pass.gradInput(2))));
        return LossSums.inOrder(losses);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
