package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.GradientOptions;
import java.util.List;

/**
 * AdamW (Loshchilov and Hutter 2019), as <a href="https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html">torch.optim.AdamW</a>:
 * {@link Adam} with weight decay that shrinks the weight by itself. State per parameter: that of Adam.
 *
 * @param learningRate above 0
 * @param beta1 decay of the mean of the gradient, from 0, below 1
 * @param beta2 decay of the mean of its square, from 0, below 1
 * @param epsilon added to the root of the square, above 0
 * @param weightDecay share of the weight, times the rate, that every step takes; 0 or more
 * @param amsgrad whether the largest mean square so far takes its place
 * @param maximize whether to climb
 */
public record AdamW(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        boolean amsgrad,
        boolean maximize)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of(
                    "AdamW", "Adam whose weight decay does not enter the averages")
            .optional("lr", 0.001, "learning rate")
            .optional("betas", "(0.9, 0.999)", "decay of the mean of the gradient, and of that of its square")
            .optional("eps", 1e-8, "added to the root of the square")
            .optional("weight_decay", 0.01, "share of the weight, times the rate, that every step takes")
            .optional("amsgrad", false, "whether the largest mean square so far takes its place")
            .named("maximize", false, "whether to climb")
            .formula("w = w · (1 - lr · weight_decay), then as Adam")
            .parameters("exp_avg, exp_avg_sq; max_exp_avg_sq with amsgrad")
            .source("torch.optim.AdamW; Loshchilov and Hutter 2019")
            .readBy(AdamW::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public AdamW {
        Hyperparameters.requireMoments("AdamW", learningRate, beta1, beta2, epsilon, weightDecay);
    }

    /**
     * PyTorch's defaults with a learning rate.
     *
     * @param learningRate above 0
     */
    public AdamW(double learningRate) {
        this(learningRate, 0.9, 0.999, 1e-8, 0.01, false, false);
    }

    private static AdamW of(Arguments arguments) {
        List<Double> betas = arguments.numbers("betas", 2);
        return new AdamW(
                arguments.number("lr"),
                betas.getFirst(),
                betas.getLast(),
                arguments.number("eps"),
                arguments.number("weight_decay"),
                arguments.flag("amsgrad"),
                arguments.flag("maximize"));
    }

    private Adam adam() {
        GradientOptions options = new GradientOptions(weightDecay, true, maximize);
        return new Adam(learningRate, beta1, beta2, epsilon, amsgrad, options);
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(
                ENTRY.description(),
                learningRate,
                Spec.tuple(List.of(beta1, beta2)),
                epsilon,
                weightDecay,
                amsgrad,
                maximize);
    }

    @Override
    public List<State> states() {
        return adam().states();
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        adam().update(kernels, learningRate, step, parameter, gradient, state);
    }

    @Override
    public boolean predicts() {
        return true;
    }

    @Override
    public void predict(
            Kernels kernels, List<Double> rates, long step, Tensor parameter, List<Tensor> state, Tensor predicted) {
        adam().predict(kernels, rates, step, parameter, state, predicted);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
