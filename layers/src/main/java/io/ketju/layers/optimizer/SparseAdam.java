package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.SparseAdamStep;
import java.util.List;

/**
 * Adam for tables of which a step touches a few rows, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.SparseAdam.html">torch.optim.SparseAdam</a>: the averages of a row move, and
 * the row itself, only in steps that have a gradient for it. The bias correction goes by the steps of the whole table. State per parameter:
 * {@code exp_avg}, {@code exp_avg_sq}.
 *
 * @param learningRate above 0
 * @param beta1 decay of the mean of the gradient, from 0, below 1
 * @param beta2 decay of the mean of its square, from 0, below 1
 * @param epsilon added to the root of the square, above 0
 * @param maximize whether to climb
 */
public record SparseAdam(double learningRate, double beta1, double beta2, double epsilon, boolean maximize)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of(
                    "SparseAdam", "Adam of those rows of a table that have a gradient in the step")
            .optional("lr", 0.001, "learning rate")
            .optional("betas", "(0.9, 0.999)", "decay of the mean of the gradient, and of that of its square")
            .optional("eps", 1e-8, "added to the root of the square")
            .optional("maximize", false, "whether to climb")
            .formula("of touched rows: m = m + (1-β1)·(g-m); v = v + (1-β2)·(g²-v); w = w - lr · √(1-β2ᵗ) / (1-β1ᵗ) ·"
                    + " m / (√v + eps)")
            .parameters("exp_avg, exp_avg_sq")
            .source("torch.optim.SparseAdam")
            .use("for weights of layers with sparse=true alone; give them a group of their own")
            .readBy(SparseAdam::of);

    private static final List<State> STATES = List.of(new State("exp_avg"), new State("exp_avg_sq"));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public SparseAdam {
        Hyperparameters.requireMoments("SparseAdam", learningRate, beta1, beta2, epsilon, 0);
    }

    /**
     * PyTorch's defaults with a learning rate.
     *
     * @param learningRate above 0
     */
    public SparseAdam(double learningRate) {
        this(learningRate, 0.9, 0.999, 1e-8, false);
    }

    private static SparseAdam of(Arguments arguments) {
        List<Double> betas = arguments.numbers("betas", 2);
        return new SparseAdam(
                arguments.number("lr"),
                betas.getFirst(),
                betas.getLast(),
                arguments.number("eps"),
                arguments.flag("maximize"));
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(
                ENTRY.description(), learningRate, Spec.tuple(List.of(beta1, beta2)), epsilon, maximize);
    }

    @Override
    public List<State> states() {
        return STATES;
    }

    @Override
    public Gradients gradients() {
        return Gradients.SPARSE;
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        SparseAdamStep values = new SparseAdamStep(learningRate, beta1, beta2, epsilon, step, maximize);
        kernels.update().sparseAdam(values, parameter, gradient, state.get(0), state.get(1));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
