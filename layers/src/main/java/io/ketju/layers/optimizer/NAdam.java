package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.GradientOptions;
import io.ketju.tensor.kernel.update.NadamStep;
import java.util.List;

/**
 * NAdam (Dozat 2016), as <a href="https://pytorch.org/docs/stable/generated/torch.optim.NAdam.html">torch.optim.NAdam</a>: Adam with
 * Nesterov's momentum. State per parameter: {@code exp_avg}, {@code exp_avg_sq}; PyTorch's {@code mu_product} is a function of the step.
 *
 * @param learningRate above 0
 * @param beta1 decay of the mean of the gradient, from 0, below 1
 * @param beta2 decay of the mean of its square, from 0, below 1
 * @param epsilon added to the root, above 0
 * @param momentumDecay how fast the momentum grows to beta1, 0 or more
 * @param options weight decay, where it enters, and whether to climb
 */
public record NAdam(
        double learningRate, double beta1, double beta2, double epsilon, double momentumDecay, GradientOptions options)
        implements Optimizer {
    /** One minus less than that is 1, so that further factors change nothing. */
    private static final double NEGLIGIBLE = 0x1p-60;

    public static final Entry<Optimizer> ENTRY = Description.of("NAdam", "Adam with the momentum of Nesterov")
            .optional("lr", 0.002, "learning rate")
            .optional("betas", "(0.9, 0.999)", "decay of the mean of the gradient, and of that of its square")
            .optional("eps", 1e-8, "added to the root")
            .optional("weight_decay", 0, "added to the gradient, times the weight")
            .optional("momentum_decay", 0.004, "how fast the momentum grows to beta1")
            .optional(
                    "decoupled_weight_decay", false, "whether decay shrinks the weight by itself instead, as in AdamW")
            .named("maximize", false, "whether to climb")
            .formula(
                    "μₜ = β1·(1 - 0.96^(t·momentum_decay) / 2); m, v as Adam; w = w - lr · ((1-μₜ)/(1-Πμ) · g + μₜ₊₁/(1-Πμ·μₜ₊₁) · m) / (√(v / (1-β2ᵗ)) + eps)")
            .parameters("exp_avg, exp_avg_sq")
            .source("torch.optim.NAdam; Dozat 2016")
            .readBy(NAdam::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public NAdam {
        Hyperparameters.requireMoments("NAdam", learningRate, beta1, beta2, epsilon, options.weightDecay());
        Hyperparameters.requireNonNegative("NAdam", "momentum_decay", momentumDecay);
    }

    /**
     * PyTorch's defaults with a learning rate.
     *
     * @param learningRate above 0
     */
    public NAdam(double learningRate) {
        this(learningRate, 0.9, 0.999, 1e-8, 0.004, GradientOptions.NONE);
    }

    private static NAdam of(Arguments arguments) {
        List<Double> betas = arguments.numbers("betas", 2);
        return new NAdam(
                arguments.number("lr"),
                betas.getFirst(),
                betas.getLast(),
                arguments.number("eps"),
                arguments.number("momentum_decay"),
                Hyperparameters.options(arguments));
    }

    private NadamStep values(double rate, double muProduct, long step) {
        return new NadamStep(rate, beta1, beta2, epsilon, momentumDecay, muProduct, options, step);
    }

    /** The product of the momenta of the steps before. */
    private double muProduct(long step) {
        double product = 1;
        for (long before = 1; before < step && product > NEGLIGIBLE; before++) {
            product *= values(learningRate, product, before).mu();
        }
        return product;
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(
                ENTRY.description(),
                learningRate,
                Spec.tuple(List.of(beta1, beta2)),
                epsilon,
                options.weightDecay(),
                momentumDecay,
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
        NadamStep values = values(learningRate, muProduct(step), step);
        kernels.update().nadam(values, parameter, gradient, state.getFirst(), state.getLast());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
