package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.AdadeltaStep;
import java.util.List;

/**
 * Adadelta (Zeiler 2012), as <a href="https://pytorch.org/docs/stable/generated/torch.optim.Adadelta.html">torch.optim.Adadelta</a>: steps
 * in proportion to the root mean square of those before. State per parameter: {@code square_avg}, {@code acc_delta}.
 *
 * @param learningRate above 0
 * @param rho decay of both averages, from 0, below 1
 * @param epsilon added to both averages, above 0
 * @param weightDecay added to the gradient, times the weight; 0 or more
 * @param maximize whether to climb
 */
public record Adadelta(double learningRate, double rho, double epsilon, double weightDecay, boolean maximize)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of("Adadelta", "Steps in proportion to those before")
            .optional("lr", 1.0, "learning rate")
            .optional("rho", 0.9, "decay of the averages of squared gradients and steps")
            .optional("eps", 1e-6, "added to both averages")
            .optional("weight_decay", 0, "added to the gradient, times the weight")
            .named("maximize", false, "whether to climb")
            .formula("s = rho·s + (1-rho)·g²; d = √(a + eps) / √(s + eps) · g; a = rho·a + (1-rho)·d²; w = w - lr · d")
            .parameters("square_avg, acc_delta")
            .source("torch.optim.Adadelta; Zeiler 2012")
            .readBy(Adadelta::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public Adadelta {
        Hyperparameters.requirePositive("Adadelta", "lr", learningRate);
        Hyperparameters.requireFraction("Adadelta", "rho", rho);
        Hyperparameters.requirePositive("Adadelta", "eps", epsilon);
        Hyperparameters.requireNonNegative("Adadelta", "weight_decay", weightDecay);
    }

    /**
     * PyTorch's defaults with a learning rate.
     *
     * @param learningRate above 0
     */
    public Adadelta(double learningRate) {
        this(learningRate, 0.9, 1e-6, 0, false);
    }

    private static Adadelta of(Arguments arguments) {
        return new Adadelta(
                arguments.number("lr"),
                arguments.number("rho"),
                arguments.number("eps"),
                arguments.number("weight_decay"),
                arguments.flag("maximize"));
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(ENTRY.description(), learningRate, rho, epsilon, weightDecay, maximize);
    }

    @Override
    public List<State> states() {
        return List.of(new State("square_avg"), new State("acc_delta"));
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        AdadeltaStep values = new AdadeltaStep(learningRate, rho, epsilon, weightDecay, maximize);
        kernels.update().adadelta(values, parameter, gradient, state.getFirst(), state.getLast());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
