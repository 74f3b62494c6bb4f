package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.AdamaxStep;
import java.util.List;

/**
 * Adamax (Kingma and Ba 2015, section 7.1), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.Adamax.html">torch.optim.Adamax</a>: Adam with the largest gradient in the
 * place of the mean square. State per parameter: {@code exp_avg}, {@code exp_inf}.
 *
 * @param learningRate above 0
 * @param beta1 decay of the mean of the gradient, from 0, below 1
 * @param beta2 decay of the largest size, from 0, below 1
 * @param epsilon added to the size of the gradient, above 0
 * @param weightDecay added to the gradient, times the weight; 0 or more
 * @param maximize whether to climb
 */
public record Adamax(
        double learningRate, double beta1, double beta2, double epsilon, double weightDecay, boolean maximize)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of(
                    "Adamax", "Adam with the largest gradient in the place of the mean square")
            .optional("lr", 0.002, "learning rate")
            .optional("betas", "(0.9, 0.999)", "decay of the mean of the gradient, and of its largest size")
            .optional("eps", 1e-8, "added to the size of the gradient")
            .optional("weight_decay", 0, "added to the gradient, times the weight")
            .named("maximize", false, "whether to climb")
            .formula("m = β1·m + (1-β1)·g; u = max(β2·u, |g| + eps); w = w - lr / (1-β1ᵗ) · m / u")
            .parameters("exp_avg, exp_inf")
            .source("torch.optim.Adamax; Kingma and Ba 2015")
            .readBy(Adamax::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public Adamax {
        Hyperparameters.requireMoments("Adamax", learningRate, beta1, beta2, epsilon, weightDecay);
    }

    /**
     * PyTorch's defaults with a learning rate.
     *
     * @param learningRate above 0
     */
    public Adamax(double learningRate) {
        this(learningRate, 0.9, 0.999, 1e-8, 0, false);
    }

    private static Adamax of(Arguments arguments) {
        List<Double> betas = arguments.numbers("betas", 2);
        return new Adamax(
                arguments.number("lr"),
                betas.getFirst(),
                betas.getLast(),
                arguments.number("eps"),
                arguments.number("weight_decay"),
                arguments.flag("maximize"));
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(
                ENTRY.description(), learningRate, Spec.tuple(List.of(beta1, beta2)), epsilon, weightDecay, maximize);
    }

    @Override
    public List<State> states() {
        return List.of(new State("exp_avg"), new State("exp_inf"));
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        AdamaxStep values = new AdamaxStep(learningRate, beta1, beta2, epsilon, weightDecay, step, maximize);
        kernels.update().adamax(values, parameter, gradient, state.getFirst(), state.getLast());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
