package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Registry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;
import java.util.Locale;

/**
 * What large weights cost, beside the loss: its gradient is added to that of the loss before anything else of the step, its value is told
 * with the loss. (An optimizer's weight decay is no part of the loss, and no gradient that is clipped.) As text: {@code features.*:
 * L1(factor=0.001)}; without names all parameters but biases.
 *
 * @param names which parameters, by their global names with {@code *} and {@code ?}; empty: all but biases
 * @param norm what is summed
 * @param factor of the sum, above 0
 */
public record Penalty(String names, Norm norm, double factor) {
    /** What is summed. */
    public enum Norm {
        /** {@code factor · Σ|w|}, whose gradient is the factor times the sign; makes zeros. */
        L1,

        /** {@code factor · Σw²} with the gradient {@code 2 · factor · w}, which for plain SGD is a weight decay of {@code 2 · factor}. */
        L2
    }

    private static final String FACTOR = "factor";

    private static final Registry<Penalty> REGISTRY = new Registry<>(
            "penalty",
            List.of(
                    description("L1").readBy(arguments -> of(Norm.L1, arguments)),
                    description("L2").readBy(arguments -> of(Norm.L2, arguments))));

    /**
     * Checks the factor.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    public Penalty {
        Hyperparameters.requirePositive(norm.name(), FACTOR, factor);
    }

    /**
     * Of all parameters but biases.
     *
     * @param norm what is summed
     * @param factor of the sum, above 0
     */
    public Penalty(Norm norm, double factor) {
        this("", norm, factor);
    }

    private static Description description(String name) {
        return Description.of(name, "Penalty of weights").required(FACTOR, "what the sum is multiplied by");
    }

    private static Penalty of(Norm norm, Arguments arguments) {
        return new Penalty(norm, arguments.number(FACTOR));
    }

    /**
     * {@return the penalty that a text says}
     *
     * @param text what {@link #toString} gives
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Penalty parse(String text) {
        int colon = text.indexOf(':');
        Penalty all = REGISTRY.parse(text.substring(colon + 1).strip());
        return colon < 0 ? all : new Penalty(text.substring(0, colon).strip(), all.norm, all.factor);
    }

    /**
     * {@return whether a parameter is one of them}
     *
     * @param parameter its global name
     */
    public boolean matches(String parameter) {
        String own = parameter.substring(parameter.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return names.isEmpty() ? !own.contains("bias") : Glob.matches(names, parameter);
    }

    /**
     * Checks that a parameter is meant.
     *
     * @param parameters global names of all that learn
     * @throws IllegalArgumentException with one line if names match none
     */
    public void requireFit(List<String> parameters) {
        if (!names.isEmpty()) {
            Glob.requireMatch(names, parameters);
        }
    }

    /**
     * {@return what a parameter costs: the factor times the sum}
     *
     * @param kernels what computes
     * @param weight of any shape
     */
    public double value(Kernels kernels, Tensor weight) {
        double sum = norm == Norm.L1
                ? kernels.reduction().absoluteNorm(weight)
                : kernels.reduction().squaredNorm(weight);
        return factor * sum;
    }

    /**
     * Adds the penalty's gradient.
     *
     * @param kernels what computes
     * @param weight of any shape
     * @param gradient of the same shape, added to
     */
    public void addGradient(Kernels kernels, Tensor weight, Tensor gradient) {
        switch (norm) {
            case L1 -> kernels.update().addSign((float) factor, weight, gradient);
            case L2 -> kernels.update().addWeight((float) (2 * factor), weight, gradient);
        }
    }

    @Override
    public String toString() {
        Spec spec = Spec.of(norm.name()).withNumber(FACTOR, factor);
        return names.isEmpty() ? spec.toString() : names + ": " + spec;
    }
}
