package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.UpdateKernels.AdamStep;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.Adam.html">torch.optim.Adam</a>: weight decay is added to
 * the gradient. State per parameter: {@code exp_avg}, {@code exp_avg_sq}.
 *
 * @param beta1 decay of the mean of the gradient
 * @param beta2 decay of the mean of its square
 */
public record Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
        implements Optimizer {
    private static final double DEFAULT_LEARNING_RATE = 0.001;
    private static final List<Double> DEFAULT_BETAS = List.of(0.9, 0.999);
    private static final double DEFAULT_EPSILON = 1e-8;

    public static final Entry<Optimizer> ENTRY = Description.of("Adam", "Steps of a size that follows from mean and square of the gradients")
            .optional("lr", DEFAULT_LEARNING_RATE, "learning rate")
            .optional("betas", Spec.tuple(DEFAULT_BETAS), "decay of the mean of the gradient, and of that of its square")
            .optional("eps", DEFAULT_EPSILON, "added to the root of the square")
            .optional("weight_decay", 0, "added to the gradient, times the weight")
            .formula("m = β1·m + (1-β1)·g; v = β2·v + (1-β2)·g²; w = w - lr · (m / (1-β1ᵗ)) / (√(v / (1-β2ᵗ)) + eps)")
            .parameters("exp_avg, exp_avg_sq")
            .source("torch.optim.Adam; Kingma and Ba 2015")
            .readBy(Adam::of);

    public Adam {
        Hyperparameters.requirePositive("Adam", "lr", learningRate);
        Hyperparameters.requireFraction("Adam", "betas", beta1);
        Hyperparameters.requireFraction("Adam", "betas", beta2);
        Hyperparameters.requirePositive("Adam", "eps", epsilon);
        Hyperparameters.requireNonNegative("Adam", "weight_decay", weightDecay);
    }

    /** PyTorch's defaults: lr 0.001, betas (0.9, 0.999), eps 1e-8, no weight decay. */
    public Adam() {
        this(DEFAULT_LEARNING_RATE);
    }

    /** PyTorch's defaults with another learning rate. */
    public Adam(double learningRate) {
        this(learningRate, DEFAULT_BETAS.getFirst(), DEFAULT_BETAS.getLast(), DEFAULT_EPSILON, 0);
    }

    private static Adam of(Arguments arguments) {
        List<Double> betas = arguments.numbers("betas", 2);
        return new Adam(
                arguments.number("lr"),
                betas.getFirst(),
                betas.getLast(),
                arguments.number("eps"),
                arguments.number("weight_decay"));
    }

    public Adam withBetas(double first, double second) {
        return new Adam(learningRate, first, second, epsilon, weightDecay);
    }

    public Adam withEpsilon(double value) {
        return new Adam(learningRate, beta1, beta2, value, weightDecay);
    }

    public Adam withWeightDecay(double value) {
        return new Adam(learningRate, beta1, beta2, epsilon, value);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("Adam").withNumber("lr", learningRate);
        boolean defaultBetas = DEFAULT_BETAS.equals(List.of(beta1, beta2));
        String betas = "(" + Spec.number(beta1) + ", " + Spec.number(beta2) + ")";
        spec = defaultBetas ? spec : spec.with("betas", betas);
        spec = epsilon == DEFAULT_EPSILON ? spec : spec.withNumber("eps", epsilon);
        return weightDecay == 0 ? spec : spec.withNumber("weight_decay", weightDecay);
    }

    @Override
    public List<State> states() {
        return List.of(new State("exp_avg"), new State("exp_avg_sq"));
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        AdamStep values = new AdamStep(learningRate, beta1, beta2, epsilon, weightDecay, step);
        kernels.update().adam(values, parameter, gradient, state.get(0), state.get(1));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
