package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossKernels;
import java.util.List;

/**
 * Kullback-Leibler divergence {@code t · (log(t) - x)} of target probabilities t from log-probabilities x, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html">torch.nn.KLDivLoss</a>. Targets FLOAT32 of the
 * output's shape.
 *
 * @param reduction {@code mean} divides by all elements, as PyTorch's default; {@code batchmean} by the samples, which is the
 *     divergence itself; {@code sum} not at all
 * @param logTarget whether targets are logarithms, too
 */
public record KLDivLoss(String reduction, boolean logTarget) implements PointwiseLoss {
    private static final String BATCH_MEAN = "batchmean";

    public static final Entry<Loss> ENTRY = Description.of(
                    "KLDivLoss", "Kullback-Leibler divergence of targets from log-probabilities")
            .named(
                    SummedLoss.ARGUMENT,
                    SummedLoss.MEAN,
                    "mean over all elements, batchmean over the samples (the divergence itself), or sum")
            .named("log_target", false, "whether targets are logarithms of probabilities")
            .formula("t · (log(t) - x), or exp(t) · (t - x)")
            .shapes("output [samples, ...], log-probabilities, and targets of its shape")
            .source("torch.nn.KLDivLoss")
            .readBy(arguments -> new KLDivLoss(
                    arguments.word(SummedLoss.ARGUMENT, SummedLoss.MEAN, BATCH_MEAN, SummedLoss.SUM),
                    arguments.flag("log_target")));

    /**
     * Checks the reduction.
     *
     * @throws IllegalArgumentException if it is not {@code mean}, {@code batchmean} or {@code sum}
     */
    public KLDivLoss {
        if (!List.of(SummedLoss.MEAN, BATCH_MEAN, SummedLoss.SUM).contains(reduction)) {
            throw new IllegalArgumentException(
                    "KLDivLoss: argument 'reduction': expected mean or batchmean or sum, found '" + reduction + "'");
        }
    }

    /** PyTorch's defaults. */
    public KLDivLoss() {
        this(SummedLoss.MEAN, false);
    }

    /** An element weighs 1, or a sample. */
    @Override
    public double weight(int samples, List<Tensor> targets) {
        return reduction.equals(BATCH_MEAN)
                ? targets.getFirst().shape().dimension(0)
                : PointwiseLoss.super.weight(samples, targets);
    }

    @Override
    public double denominator(double weight) {
        return reduction.equals(SummedLoss.SUM) ? 1 : weight;
    }

    /** Outputs are logarithms of what the targets are. */
    @Override
    public List<Metric> metrics() {
        return List.of();
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("KLDivLoss").with(SummedLoss.ARGUMENT, reduction).with("log_target", logTarget));
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        float scale = (float) pass.scale();
        if (logTarget) {
            kernels.klDivLogTarget(pass.input(), pass.target(), scale, losses, pass.gradInput());
        } else {
            kernels.klDiv(pass.input(), pass.target(), scale, losses, pass.gradInput());
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
