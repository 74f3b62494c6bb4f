package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.AdamCourse;
import io.ketju.tensor.kernel.update.AdamStep;
import io.ketju.tensor.kernel.update.GradientOptions;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015), as <a href="https://pytorch.org/docs/stable/generated/torch.optim.Adam.html">torch.optim.Adam</a>: weight
 * decay is added to the gradient, unless decoupled. State per parameter: {@code exp_avg}, {@code exp_avg_sq}, with amsgrad (Reddi, Kale and
 * Kumar 2018) {@code max_exp_avg_sq}.
 *
 * @param learningRate above 0
 * @param beta1 decay of the mean of the gradient, from 0, below 1
 * @param beta2 decay of the mean of its square, from 0, below 1
 * @param epsilon added to the root of the square, above 0
 * @param amsgrad whether the largest mean square so far takes its place
 * @param options weight decay, where it enters, and whether to climb
 */
public record Adam(
        double learningRate, double beta1, double beta2, double epsilon, boolean amsgrad, GradientOptions options)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of(
                    "Adam", "Steps of a size that follows from mean and square of the gradients")
            .optional("lr", 0.001, "learning rate")
            .optional("betas", "(0.9, 0.999)", "decay of the mean of the gradient, and of that of its square")
            .optional("eps", 1e-8, "added to the root of the square")
            .optional("weight_decay", 0, "added to the gradient, times the weight")
            .optional("amsgrad", false, "whether the largest mean square so far takes its place")
            .named("maximize", false, "whether to climb")
            .named("decoupled_weight_decay", false, "whether decay shrinks the weight by itself instead, as in AdamW")
            .formula("m = β1·m + (1-β1)·g; v = β2·v + (1-β2)·g²; w = w - lr · (m / (1-β1ᵗ)) / (√(v / (1-β2ᵗ)) + eps)")
            .parameters("exp_avg, exp_avg_sq; max_exp_avg_sq with amsgrad")
            .source("torch.optim.Adam; Kingma and Ba 2015")
            .readBy(Adam::of);

    private static final List<State> STATES = List.of(new State("exp_avg"), new State("exp_avg_sq"));
    private static final List<State> AMSGRAD_STATES =
            List.of(new State("exp_avg"), new State("exp_avg_sq"), new State("max_exp_avg_sq"));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public Adam {
        Hyperparameters.requireMoments("Adam", learningRate, beta1, beta2, epsilon, options.weightDecay());
    }

    /** PyTorch's defaults: lr 0.001, betas (0.9, 0.999), eps 1e-8, no weight decay. */
    public Adam() {
        this(0.001);
    }

    /**
     * PyTorch's defaults with another learning rate.
     *
     * @param learningRate above 0
     */
    public Adam(double learningRate) {
        this(learningRate, 0.9, 0.999, 1e-8, false, GradientOptions.NONE);
    }

    private static Adam of(Arguments arguments) {
        List<Double> betas = arguments.numbers("betas", 2);
        return new Adam(
                arguments.number("lr"),
                betas.getFirst(),
                betas.getLast(),
                arguments.number("eps"),
                arguments.flag("amsgrad"),
                Hyperparameters.options(arguments));
    }

    /**
     * {@return the same with other decays}
     *
     * @param first of the mean of the gradient, from 0, below 1
     * @param second of the mean of its square, from 0, below 1
     */
    public Adam withBetas(double first, double second) {
        return new Adam(learningRate, first, second, epsilon, amsgrad, options);
    }

    /**
     * {@return the same with another epsilon}
     *
     * @param value added to the root of the square, above 0
     */
    public Adam withEpsilon(double value) {
        return new Adam(learningRate, beta1, beta2, value, amsgrad, options);
    }

    /**
     * {@return the same with weight decay that is added to the gradient}
     *
     * @param value times the weight; 0 or more
     */
    public Adam withWeightDecay(double value) {
        return with(new GradientOptions(value, false, options.maximize()));
    }

    /**
     * {@return the same with another treatment of the gradient}
     *
     * @param changed weight decay, where it enters, and whether to climb
     */
    public Adam with(GradientOptions changed) {
        return new Adam(learningRate, beta1, beta2, epsilon, amsgrad, changed);
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(
                ENTRY.description(),
                learningRate,
                Spec.tuple(List.of(beta1, beta2)),
                epsilon,
                options.weightDecay(),
                amsgrad,
                options.maximize(),
                options.decoupledWeightDecay());
    }

    @Override
    public List<State> states() {
        return amsgrad ? AMSGRAD_STATES : STATES;
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        AdamStep values = new AdamStep(learningRate, beta1, beta2, epsilon, options, step);
        if (amsgrad) {
            kernels.update().adam(values, parameter, gradient, state.get(0), state.get(1), state.get(2));
        } else {
            kernels.update().adam(values, parameter, gradient, state.get(0), state.get(1));
        }
    }

    @Override
    public boolean predicts() {
        return true;
    }

    /**
     * {@code w - (sum of the rates) m̂ / (√v̂ + eps)} (Guan et al., "XPipe", 2019); decoupled decay shrinks the weight, and the
     * way gone before, with every update.
     */
    @Override
    public void predict(
            Kernels kernels, List<Double> rates, long step, Tensor parameter, List<Tensor> state, Tensor predicted) {
        double decay = options.decoupledWeightDecay() ? options.weightDecay() : 0;
        double keep = 1;
        double distance = 0;
        for (double rate : rates) {
            distance = distance * (1 - rate * decay) + rate;
            keep *= 1 - rate * decay;
        }
        AdamCourse course = new AdamCourse(distance, keep, beta1, beta2, epsilon, step);
        kernels.update().adamCourse(course, parameter, state.get(0), state.get(amsgrad ? 2 : 1), predicted);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
