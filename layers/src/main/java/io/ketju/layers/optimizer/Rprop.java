package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.update.RpropStep;
import java.util.List;

/**
 * Rprop (Riedmiller and Braun 1993), as <a href="https://pytorch.org/docs/stable/generated/torch.optim.Rprop.html">torch.optim.Rprop</a>:
 * steps that follow the signs of the gradients alone, for gradients of whole data sets. The learning rate is the size of the first step, so
 * a schedule of rates changes nothing. State per parameter: {@code prev}, {@code step_size}.
 *
 * @param learningRate size of the first step, above 0
 * @param etaMinus factor of a step's size where the sign changed, above 0, below 1
 * @param etaPlus factor where it stayed, above 1
 * @param smallestStep least size, above 0
 * @param largestStep most, at least as much
 * @param maximize whether to climb
 */
public record Rprop(
        double learningRate, double etaMinus, double etaPlus, double smallestStep, double largestStep, boolean maximize)
        implements Optimizer {
    public static final Entry<Optimizer> ENTRY = Description.of(
                    "Rprop", "Steps that follow the signs of the gradients alone")
            .optional("lr", 0.01, "size of the first step")
            .optional("etas", "(0.5, 1.2)", "factors of a size where the sign changed, and where it stayed")
            .optional("step_sizes", "(1e-6, 50)", "smallest and largest size")
            .named("maximize", false, "whether to climb")
            .formula(
                    "s = min(max(s · (g·g₋₁ > 0 ? η⁺ : g·g₋₁ < 0 ? η⁻ : 1), smallest), largest); w = w - s · sign(g), g = 0 where the sign changed")
            .parameters("prev, step_size")
            .source("torch.optim.Rprop; Riedmiller and Braun 1993")
            .readBy(Rprop::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public Rprop {
        Hyperparameters.requirePositive("Rprop", "lr", learningRate);
        Hyperparameters.requirePositive("Rprop", "step_sizes", smallestStep);
        Hyperparameters.requirePositive("Rprop", "step_sizes", largestStep);
        if (!(etaMinus > 0 && etaMinus < 1 && etaPlus > 1 && etaPlus <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("Rprop: argument 'etas': expected 0 < first < 1 < second, found "
                    + Spec.tuple(List.of(etaMinus, etaPlus)));
        }
        if (smallestStep > largestStep) {
            throw new IllegalArgumentException("Rprop: argument 'step_sizes': expected the smaller first, found "
                    + Spec.tuple(List.of(smallestStep, largestStep)));
        }
    }

    /**
     * PyTorch's defaults with a size of the first step.
     *
     * @param learningRate that size, above 0
     */
    public Rprop(double learningRate) {
        this(learningRate, 0.5, 1.2, 1e-6, 50, false);
    }

    private static Rprop of(Arguments arguments) {
        List<Double> etas = arguments.numbers("etas", 2);
        List<Double> sizes = arguments.numbers("step_sizes", 2);
        return new Rprop(
                arguments.number("lr"),
                etas.getFirst(),
                etas.getLast(),
                sizes.getFirst(),
                sizes.getLast(),
                arguments.flag("maximize"));
    }

    @Override
    public Spec spec() {
        return Hyperparameters.spec(
                ENTRY.description(),
                learningRate,
                Spec.tuple(List.of(etaMinus, etaPlus)),
                Spec.tuple(List.of(smallestStep, largestStep)),
                maximize);
    }

    @Override
    public List<State> states() {
        return List.of(new State("prev"), new State("step_size", (float) learningRate));
    }

    @Override
    public void update(
            Kernels kernels, double learningRate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
        RpropStep values = new RpropStep(etaMinus, etaPlus, smallestStep, largestStep, maximize);
        kernels.update().rprop(values, parameter, gradient, state.getFirst(), state.getLast());
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
