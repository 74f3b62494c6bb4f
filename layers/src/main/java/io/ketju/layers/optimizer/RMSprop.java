package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.RmspropStep;
import java.util.List;
import java.util.stream.Stream;

/**
 * RMSprop (Tieleman and Hinton 2012; centered: Graves 2013), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html">torch.optim.RMSprop</a>. State per parameter: {@code
 * square_avg}, with momentum {@code momentum_buffer}, centered {@code grad_avg}.
 *
 * @param learningRate above 0
 * @param alpha decay of the average of squares, from 0, below 1
 * @param epsilon added to the root, above 0
 * @param weightDecay added to the gradient, times the weight; 0 or more
 * @param momentum what the old direction weighs, 0 or more
 * @param centered whether the variance takes the place of the mean square
 * @param maximize whether to climb
 */
public record RMSprop(
        double learningRate,
        double alpha,
        double epsilon,
        double weightDecay,
        double momentum,
        boolean centered,
        boolean maximize)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of(
                    "RMSprop", "Gradients by the root of the mean of their squares")
            .optional("lr", 0.01, "learning rate")
            .optional("alpha", 0.99, "decay of the average of squares")
            .optional("eps", 1e-8, "added to the root")
            .optional("weight_decay", 0, "added to the gradient, times the weight")
            .optional("momentum", 0, "what the old direction weighs")
            .optional("centered", false, "whether the variance takes the place of the mean square")
            .named("maximize", false, "whether to climb")
            .formula(
                    "v = alpha·v + (1-alpha)·g²; b = momentum·b + g / (√v + eps); w = w - lr · b; centered: v - m² in the place of v, m = alpha·m + (1-alpha)·g")
            .parameters("square_avg; momentum_buffer with momentum; grad_avg if centered")
            .source("torch.optim.RMSprop; Tieleman and Hinton 2012")
            .readBy(RMSprop::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public RMSprop {
        Hyperparameters.requirePositive("RMSprop", "lr", learningRate);
        Hyperparameters.requireFraction("RMSprop", "alpha", alpha);
        Hyperparameters.requirePositive("RMSprop", "eps", epsilon);
        Hyperparameters.requireNonNegative("RMSprop", "weight_decay", weightDecay);
        Hyperparameters.requireNonNegative("RMSprop", "momentum", momentum);
    }

    /**
     * PyTorch's defaults with a learning rate.
     *
     * @param learningRate above 0
     */
    public RMSprop(double learningRate) {
        this(learningRate, 0.99, 1e-8, 0, 0, false, false);
    }

    private static RMSprop of(Arguments arguments) {
        return new RMSprop(
                arguments.number("lr"),
                arguments.number("alpha"),
                arguments.number("eps"),
                arguments.number("weight_decay"),
                arguments.number("momentum"),
                arguments.flag("centered"),
                arguments.flag("maximize"));
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(
                ENTRY.description(), learningRate, alpha, epsilon, weightDecay, momentum, centered, maximize);
    }

    @Override
    public List<State> states() {
        Stream<String> names =
                Stream.of("square_avg", centered ? "grad_avg" : "", momentum > 0 ? "momentum_buffer" : "");
        return names.filter(name -> !name.isEmpty()).map(State::new).toList();
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        RmspropStep values = new RmspropStep(learningRate, alpha, epsilon, weightDecay, momentum, maximize);
        Tensor mean = centered ? state.get(1) : null;
        Tensor buffer = momentum > 0 ? state.getLast() : null;
        kernels.update().rmsprop(values, parameter, gradient, state.getFirst(), mean, buffer);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
