package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.AdagradStep;
import java.util.List;

/**
 * Adagrad (Duchi, Hazan and Singer 2011), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html">torch.optim.Adagrad</a>: every element has a rate that falls
 * with the sum of its squared gradients. State per parameter: {@code sum}.
 *
 * @param learningRate above 0
 * @param lrDecay how fast the rate falls with the steps, 0 or more
 * @param weightDecay added to the gradient, times the weight; 0 or more
 * @param initialAccumulatorValue of the sum before the first step, 0 or more
 * @param epsilon added to the root, above 0
 * @param maximize whether to climb
 */
public record Adagrad(
        double learningRate,
        double lrDecay,
        double weightDecay,
        double initialAccumulatorValue,
        double epsilon,
        boolean maximize)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of(
                    "Adagrad", "Rates that fall with the sum of the squared gradients")
            .optional("lr", 0.01, "learning rate")
            .optional("lr_decay", 0, "how fast the rate falls with the steps")
            .optional("weight_decay", 0, "added to the gradient, times the weight")
            .optional("initial_accumulator_value", 0, "sum before the first step")
            .optional("eps", 1e-10, "added to the root")
            .named("maximize", false, "whether to climb")
            .formula("s = s + g²; w = w - lr / (1 + (t-1) · lr_decay) · g / (√s + eps)")
            .parameters("sum")
            .source("torch.optim.Adagrad; Duchi et al. 2011")
            .readBy(Adagrad::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public Adagrad {
        Hyperparameters.requirePositive("Adagrad", "lr", learningRate);
        Hyperparameters.requireNonNegative("Adagrad", "lr_decay", lrDecay);
        Hyperparameters.requireNonNegative("Adagrad", "weight_decay", weightDecay);
        Hyperparameters.requireNonNegative("Adagrad", "initial_accumulator_value", initialAccumulatorValue);
        Hyperparameters.requirePositive("Adagrad", "eps", epsilon);
    }

    /**
     * PyTorch's defaults with a learning rate.
     *
     * @param learningRate above 0
     */
    public Adagrad(double learningRate) {
        this(learningRate, 0, 0, 0, 1e-10, false);
    }

    private static Adagrad of(Arguments arguments) {
        return new Adagrad(
                arguments.number("lr"),
                arguments.number("lr_decay"),
                arguments.number("weight_decay"),
                arguments.number("initial_accumulator_value"),
                arguments.number("eps"),
                arguments.flag("maximize"));
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(
                ENTRY.description(), learningRate, lrDecay, weightDecay, initialAccumulatorValue, epsilon, maximize);
    }

    @Override
    public List<State> states() {
        return List.of(new State("sum", (float) initialAccumulatorValue));
    }

    @Override
    public Gradients gradients() {
        return weightDecay == 0 ? Gradients.BOTH : Gradients.WHOLE;
    }

    /** The square adds +0, and what is subtracted is +0 over something above it. */
    @Override
    public boolean staysWithoutGradient() {
        return weightDecay == 0 && !maximize && (float) epsilon > 0;
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        AdagradStep values = new AdagradStep(learningRate, lrDecay, weightDecay, epsilon, step, maximize);
        kernels.update().adagrad(values, parameter, gradient, state.getFirst());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
