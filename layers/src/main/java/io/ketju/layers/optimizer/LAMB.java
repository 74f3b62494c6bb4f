package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.LambStep;
import java.util.List;

/**
 * LAMB (You et al., "Large batch optimization for deep learning", 2020, algorithm 2): Adam's direction, its size in proportion to that
 * of the parameter. PyTorch has none. State per parameter: {@code exp_avg}, {@code exp_avg_sq}.
 *
 * @param learningRate above 0
 * @param beta1 decay of the mean of the gradient, from 0, below 1
 * @param beta2 decay of the mean of its square, from 0, below 1
 * @param epsilon added to the root, above 0
 * @param weightDecay added to the direction, times the weight; 0 or more
 * @param maximize whether to climb
 */
public record LAMB(
        double learningRate, double beta1, double beta2, double epsilon, double weightDecay, boolean maximize)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of(
                    "LAMB", "Adam whose steps are in proportion to the parameter")
            .optional("lr", 0.001, "learning rate")
            .optional("betas", "(0.9, 0.999)", "decay of the mean of the gradient, and of that of its square")
            .optional("eps", 1e-6, "added to the root")
            .optional("weight_decay", 0, "added to the direction, times the weight")
            .named("maximize", false, "whether to climb")
            .formula(
                    "d = m / (1-β1ᵗ) / (√(v / (1-β2ᵗ)) + eps) + weight_decay·w, m and v as Adam; w = w - lr · ‖w‖ / ‖d‖ · d, without the quotient where a norm is 0")
            .parameters("exp_avg, exp_avg_sq")
            .source("You et al. 2020, algorithm 2")
            .readBy(LAMB::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public LAMB {
        Hyperparameters.requireMoments("LAMB", learningRate, beta1, beta2, epsilon, weightDecay);
    }

    /**
     * The paper's betas, no decay, and this learning rate.
     *
     * @param learningRate above 0
     */
    public LAMB(double learningRate) {
        this(learningRate, 0.9, 0.999, 1e-6, 0, false);
    }

    private static LAMB of(Arguments arguments) {
        List<Double> betas = arguments.numbers("betas", 2);
        return new LAMB(
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
        return List.of(new State("exp_avg"), new State("exp_avg_sq"));
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        LambStep values = new LambStep(beta1, beta2, epsilon, weightDecay, step, maximize);
        kernels.update().lambDirection(values, parameter, gradient, state.getFirst(), state.getLast());
        double weight = Math.sqrt(kernels.reduction().squaredNorm(parameter));
        double direction = Math.sqrt(kernels.reduction().squaredNorm(gradient));
        double trust = weight > 0 && direction > 0 ? weight / direction : 1;
        kernels.elementwise().addScaled((float) (-learningRate * trust), gradient, parameter);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
