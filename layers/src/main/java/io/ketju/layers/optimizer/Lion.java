package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.LionStep;
import java.util.List;

/**
 * Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2): steps of one size along the sign of an
 * average. PyTorch has none. State per parameter: {@code exp_avg}.
 *
 * @param learningRate above 0
 * @param beta1 what the average weighs in the step, from 0, below 1
 * @param beta2 decay of the average, from 0, below 1
 * @param weightDecay share of the weight, times the rate, that every step takes by itself; 0 or more
 * @param maximize whether to climb
 */
public record Lion(double learningRate, double beta1, double beta2, double weightDecay, boolean maximize)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of(
                    "Lion", "Steps of one size along the sign of an average")
            .optional("lr", 0.0001, "learning rate")
            .optional("betas", "(0.9, 0.99)", "what the average weighs in the step, and its decay")
            .optional("weight_decay", 0, "share of the weight, times the rate, that every step takes")
            .named("maximize", false, "whether to climb")
            .formula("w = w · (1 - lr · weight_decay) - lr · sign(β1·m + (1-β1)·g); m = β2·m + (1-β2)·g")
            .parameters("exp_avg")
            .source("Chen et al. 2023, algorithm 2")
            .readBy(Lion::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public Lion {
        Hyperparameters.requirePositive("Lion", "lr", learningRate);
        Hyperparameters.requireFraction("Lion", "betas", beta1);
        Hyperparameters.requireFraction("Lion", "betas", beta2);
        Hyperparameters.requireNonNegative("Lion", "weight_decay", weightDecay);
    }

    /**
     * The paper's betas, no decay, and this learning rate.
     *
     * @param learningRate above 0
     */
    public Lion(double learningRate) {
        this(learningRate, 0.9, 0.99, 0, false);
    }

    private static Lion of(Arguments arguments) {
        List<Double> betas = arguments.numbers("betas", 2);
        return new Lion(
                arguments.number("lr"),
                betas.getFirst(),
                betas.getLast(),
                arguments.number("weight_decay"),
                arguments.flag("maximize"));
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(
                ENTRY.description(), learningRate, Spec.tuple(List.of(beta1, beta2)), weightDecay, maximize);
    }

    @Override
    public List<State> states() {
        return List.of(new State("exp_avg"));
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        LionStep values = new LionStep(learningRate, beta1, beta2, weightDecay, maximize);
        kernels.update().lion(values, parameter, gradient, state.getFirst());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
