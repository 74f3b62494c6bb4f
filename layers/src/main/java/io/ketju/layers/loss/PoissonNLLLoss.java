package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossFormulas;
import io.ketju.tensor.kernel.loss.LossKernels;
import java.util.List;

/**
 * Negative log-likelihood of counts under a Poisson distribution, averaged over all elements, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html">torch.nn.PoissonNLLLoss</a>: {@code exp(x) -
 * t · x} of the logarithm x of the expected count, or {@code x - t · log(x + eps)}. Targets FLOAT32 of the output's shape.
 *
 * @param logInput whether the output is a logarithm
 * @param full whether Stirling's approximation of {@code log(t!)} is added where {@code t > 1}
 * @param eps keeps the logarithm of an expected count of 0 away; above 0
 */
public record PoissonNLLLoss(boolean logInput, boolean full, double eps) implements PointwiseLoss {
    private static final double EPS = 1e-8;

    public static final Entry<Loss> ENTRY = Description.of(
                    "PoissonNLLLoss", "Negative log-likelihood of counts under a Poisson distribution")
            .optional("log_input", true, "whether the output is the logarithm of the expected count")
            .optional("full", false, "whether Stirling's approximation of log(t!) is added where t > 1")
            .named("eps", EPS, "is added to an expected count in its logarithm")
            .formula("exp(x) - t · x; with log_input=false x - t · log(x + eps); averaged over all elements")
            .shapes("output [samples, ...] and targets of its shape, counts")
            .source("torch.nn.PoissonNLLLoss")
            .readBy(arguments ->
                    new PoissonNLLLoss(arguments.flag("log_input"), arguments.flag("full"), arguments.number("eps")));

    /**
     * Checks eps.
     *
     * @throws IllegalArgumentException if it is not above 0 and finite
     */
    public PoissonNLLLoss {
        if (!(eps > 0 && eps <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("PoissonNLLLoss: argument 'eps': expected a number > 0, found " + eps);
        }
    }

    /** PyTorch's defaults. */
    public PoissonNLLLoss() {
        this(true, false, EPS);
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("PoissonNLLLoss")
                        .with("log_input", logInput)
                        .with("full", full)
                        .withNumber("eps", eps));
    }

    @Override
    public void apply(LossKernels kernels, LossPass pass, Tensor losses) {
        float scale = (float) pass.scale();
        kernels.elements(
                logInput
                        ? LossFormulas.poissonNllOfLog(full, scale)
                        : LossFormulas.poissonNll(full, (float) eps, scale),
                pass.input(),
                pass.target(),
                losses,
                pass.gradInput());
    }

    /** An output that is a logarithm is not in the targets' unit. */
    @Override
    public List<Metric> metrics() {
        return logInput ? List.of() : PointwiseLoss.super.metrics();
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
