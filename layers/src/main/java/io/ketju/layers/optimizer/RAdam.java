package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.GradientOptions;
import io.ketju.tensor.kernel.update.RadamStep;
import java.util.List;

/**
 * RAdam (Liu et al. 2020), as <a href="https://pytorch.org/docs/stable/generated/torch.optim.RAdam.html">torch.optim.RAdam</a>: Adam whose
 * first steps, of which too little is known, are small. State per parameter: {@code exp_avg}, {@code exp_avg_sq}.
 *
 * @param learningRate above 0
 * @param beta1 decay of the mean of the gradient, from 0, below 1
 * @param beta2 decay of the mean of its square, from 0, below 1
 * @param epsilon added to the root, above 0
 * @param options weight decay, where it enters, and whether to climb
 */
public record RAdam(double learningRate, double beta1, double beta2, double epsilon, GradientOptions options)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of(
                    "RAdam", "Adam with the variance of its first steps put right")
            .optional("lr", 0.001, "learning rate")
            .optional("betas", "(0.9, 0.999)", "decay of the mean of the gradient, and of that of its square")
            .optional("eps", 1e-8, "added to the root")
            .optional("weight_decay", 0, "added to the gradient, times the weight")
            .optional(
                    "decoupled_weight_decay", false, "whether decay shrinks the weight by itself instead, as in AdamW")
            .named("maximize", false, "whether to climb")
            .formula(
                    "m, v as Adam; ρ = ρ∞ - 2·t·β2ᵗ / (1-β2ᵗ), ρ∞ = 2 / (1-β2) - 1; w = w - lr · m / (1-β1ᵗ) · (ρ > 5 ? √((ρ-4)(ρ-2)ρ∞ / ((ρ∞-4)(ρ∞-2)ρ)) · √(1-β2ᵗ) / (√v + eps) : 1)")
            .parameters("exp_avg, exp_avg_sq")
            .source("torch.optim.RAdam; Liu et al. 2020")
            .readBy(RAdam::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public RAdam {
        Hyperparameters.requireMoments("RAdam", learningRate, beta1, beta2, epsilon, options.weightDecay());
    }

    /**
     * PyTorch's defaults with a learning rate.
     *
     * @param learningRate above 0
     */
    public RAdam(double learningRate) {
        this(learningRate, 0.9, 0.999, 1e-8, GradientOptions.NONE);
    }

    private static RAdam of(Arguments arguments) {
        List<Double> betas = arguments.numbers("betas", 2);
        return new RAdam(
                arguments.number("lr"),
                betas.getFirst(),
                betas.getLast(),
                arguments.number("eps"),
                Hyperparameters.options(arguments));
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(
                ENTRY.description(),
                learningRate,
                Spec.tuple(List.of(beta1, beta2)),
                epsilon,
                options.weightDecay(),
                options.decoupledWeightDecay(),
                options.maximize());
    }

    @Override
    public List<State> states() {
        return List.of(new State("exp_avg"), new State("exp_avg_sq"));
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        RadamStep values = new RadamStep(learningRate, beta1, beta2, epsilon, options, step);
        kernels.update().radam(values, parameter, gradient, state.getFirst(), state.getLast());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
