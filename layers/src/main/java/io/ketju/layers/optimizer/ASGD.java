package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.AsgdStep;
import java.util.List;

/**
 * Averaged gradient descent (Polyak and Juditsky 1992), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.ASGD.html">torch.optim.ASGD</a>. The average is kept beside the weight and is
 * not trained with. The rate of a step follows from the learning rate of that step; PyTorch's follows from the step before. State per
 * parameter: {@code ax}.
 *
 * @param learningRate above 0
 * @param lambd decay of the weight and of the rate, 0 or more
 * @param alpha power of the rate's decay, 0 or more
 * @param t0 step from which on weights are averaged, 0 or more
 * @param weightDecay added to the gradient, times the weight; 0 or more
 * @param maximize whether to climb
 */
public record ASGD(double learningRate, double lambd, double alpha, double t0, double weightDecay, boolean maximize)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of(
                    "ASGD", "Gradient descent that keeps the mean of the weights")
            .optional("lr", 0.01, "learning rate")
            .optional("lambd", 0.0001, "decay of the weight and of the rate")
            .optional("alpha", 0.75, "power of the decay of the rate")
            .optional("t0", 1000000.0, "step from which on weights are averaged")
            .optional("weight_decay", 0, "added to the gradient, times the weight")
            .named("maximize", false, "whether to climb")
            .formula(
                    "η = lr / (1 + lambd·lr·(t-1))^alpha; w = w·(1 - lambd·η) - η·g; ax = ax + (w - ax) / max(1, t-1-t0)")
            .parameters("ax")
            .source("torch.optim.ASGD; Polyak and Juditsky 1992")
            .readBy(ASGD::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public ASGD {
        Hyperparameters.requirePositive("ASGD", "lr", learningRate);
        Hyperparameters.requireNonNegative("ASGD", "lambd", lambd);
        Hyperparameters.requireNonNegative("ASGD", "alpha", alpha);
        Hyperparameters.requireNonNegative("ASGD", "t0", t0);
        Hyperparameters.requireNonNegative("ASGD", "weight_decay", weightDecay);
    }

    /**
     * PyTorch's defaults with a learning rate.
     *
     * @param learningRate above 0
     */
    public ASGD(double learningRate) {
        this(learningRate, 0.0001, 0.75, 1000000.0, 0, false);
    }

    private static ASGD of(Arguments arguments) {
        return new ASGD(
                arguments.number("lr"),
                arguments.number("lambd"),
                arguments.number("alpha"),
                arguments.number("t0"),
                arguments.number("weight_decay"),
                arguments.flag("maximize"));
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(ENTRY.description(), learningRate, lambd, alpha, t0, weightDecay, maximize);
    }

    @Override
    public List<State> states() {
        return List.of(new State("ax"));
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        AsgdStep values = new AsgdStep(learningRate, lambd, alpha, t0, weightDecay, step, maximize);
        kernels.update().asgd(values, parameter, gradient, state.getFirst());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
