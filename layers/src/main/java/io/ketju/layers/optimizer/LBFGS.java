package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;

/**
 * L-BFGS (Liu and Nocedal 1989) with an optional line search for the strong Wolfe conditions, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.LBFGS.html">torch.optim.LBFGS</a>: one step is several evaluations of
 * the same mini-batch, of which a {@link LBFGSSearch} decides by sums over the whole model. So it updates all parameters
 * together, and no group can have another optimizer. For losses of whole data sets.
 *
 * <p>State per parameter: {@code d}, {@code prev_flat_grad}, with the line search {@code x_init} and {@code kept_grad}, then
 * {@code old_stps.i} and {@code old_dirs.i} of the history; of the whole model, {@link LBFGSSearch#memory()}.
 *
 * @param learningRate how far to go along the direction, or where a line search begins; above 0
 * @param maxIterations most iterations of a step, at least 1
 * @param maxEvaluations most evaluations of a step, as far as the iterations allow; 0: 5/4 of the iterations
 * @param toleranceGrad a step ends when no element of the gradient is larger; 0 or more
 * @param toleranceChange a step ends when neither the loss nor any weight changes by more; 0 or more
 * @param historySize pairs of a move and what it did to the gradient that are kept, 1 to {@value #MOST_HISTORY}
 * @param strongWolfe whether a line search decides how far to go; otherwise the learning rate does
 */
public record LBFGS(
        double learningRate,
        int maxIterations,
        int maxEvaluations,
        double toleranceGrad,
        double toleranceChange,
        int historySize,
        boolean strongWolfe)
        implements Optimizer {
    /** Most pairs that can be kept. */
    public static final int MOST_HISTORY = 1000;

    private static final String STRONG_WOLFE = "strong_wolfe";

    public static final Entry<Optimizer> ENTRY = Description.of(
                    "LBFGS", "Steps by an estimate of the curvature, for losses of whole data sets")
            .optional("lr", 1, "how far to go along the direction, or where a line search begins")
            .optional("max_iter", 20, "most iterations of a step")
            .derived("max_eval", "max_iter · 5 / 4", "most evaluations of a step")
            .optional("tolerance_grad", 1e-7, "a step ends when no element of the gradient is larger")
            .optional("tolerance_change", 1e-9, "a step ends when neither loss nor weights change by more")
            .optional("history_size", 100, "pairs of a move and a change of the gradient that are kept")
            .derived("line_search_fn", "none", "none or strong_wolfe")
            .formula("w = w + t · d, d = -H · g, H the estimate of the inverse Hessian by the last pairs")
            .parameters(
                    "d, prev_flat_grad, with strong_wolfe x_init and kept_grad, and old_stps and old_dirs once for each of history_size")
            .source("torch.optim.LBFGS; Liu and Nocedal 1989")
            .use("Small models whose mini-batch is the whole data set; a step is several windows of it.")
            .readBy(LBFGS::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public LBFGS {
        Hyperparameters.requirePositive("LBFGS", "lr", learningRate);
        Hyperparameters.requireSteps("LBFGS", "max_iter", maxIterations);
        if (maxEvaluations < 0) {
            throw new IllegalArgumentException(
                    "LBFGS: argument 'max_eval': expected at least 1, found " + maxEvaluations);
        }
        Hyperparameters.requireNonNegative("LBFGS", "tolerance_grad", toleranceGrad);
        Hyperparameters.requireNonNegative("LBFGS", "tolerance_change", toleranceChange);
        if (historySize < 1 || historySize > MOST_HISTORY) {
            throw new IllegalArgumentException(
                    "LBFGS: argument 'history_size': expected 1 to " + MOST_HISTORY + ", found " + historySize);
        }
    }

    /**
     * PyTorch's defaults with a learning rate.
     *
     * @param learningRate how far to go along the direction, above 0
     */
    public LBFGS(double learningRate) {
        this(learningRate, 20, 0, 1e-7, 1e-9, 100, false);
    }

    private static LBFGS of(Arguments arguments) {
        int evaluations = 0;
        if (arguments.text("max_eval").isPresent()) {
            evaluations = arguments.integer("max_eval");
            Hyperparameters.requireSteps("LBFGS", "max_eval", evaluations);
        }
        boolean search = arguments.text("line_search_fn").isPresent()
                && arguments.word("line_search_fn", STRONG_WOLFE).equals(STRONG_WOLFE);
        return new LBFGS(
                arguments.number("lr"),
                arguments.integer("max_iter"),
                evaluations,
                arguments.number("tolerance_grad"),
                arguments.number("tolerance_change"),
                arguments.integer("history_size"),
                search);
    }

    /** {@return the same with a line search} */
    public LBFGS withStrongWolfe() {
        return new LBFGS(
                learningRate, maxIterations, maxEvaluations, toleranceGrad, toleranceChange, historySize, true);
    }

    /**
     * {@return the same with another number of pairs that are kept}
     *
     * @param pairs 1 to {@value #MOST_HISTORY}
     */
    public LBFGS withHistorySize(int pairs) {
        return new LBFGS(
                learningRate, maxIterations, maxEvaluations, toleranceGrad, toleranceChange, pairs, strongWolfe);
    }

    /** Evaluations after which a step begins nothing more. */
    int evaluationLimit() {
        return maxEvaluations == 0 ? Math.toIntExact(maxIterations * 5L / 4) : maxEvaluations;
    }

    @Override
    public Spec spec() {
        Spec spec = Hyperparameters.spec(
                ENTRY.description(),
                learningRate,
                maxIterations,
                maxEvaluations,
                toleranceGrad,
                toleranceChange,
                historySize,
                STRONG_WOLFE);
        spec = maxEvaluations == 0 ? spec.without("max_eval") : spec;
        return strongWolfe ? spec : spec.without("line_search_fn");
    }

    /** The direction, and the gradient where the last iteration began. */
    @Override
    public List<State> states() {
        List<State> states = new ArrayList<>(List.of(new State("d"), new State("prev_flat_grad")));
        if (strongWolfe) {
            states.add(new State("x_init"));
            states.add(new State("kept_grad"));
        }
        for (int i = 0; i < historySize; i++) {
            states.add(new State("old_stps." + i));
        }
        for (int i = 0; i < historySize; i++) {
            states.add(new State("old_dirs." + i));
        }
        return states;
    }

    /** {@return position of the first of the kept moves among {@link #states}; the changes of the gradient are behind all of them} */
    public int firstMove() {
        return strongWolfe ? 4 : 2;
    }

    /**
     * Always throws: no parameter can be updated without the others.
     *
     * @throws IllegalStateException saying so
     */
    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        throw new IllegalStateException("LBFGS updates all parameters together, by what an LBFGSSearch decides");
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
