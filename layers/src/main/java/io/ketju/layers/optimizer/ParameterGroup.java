package io.ketju.layers.optimizer;

import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NearWord;
import java.util.List;
import java.util.Optional;

/**
 * Parameters that learn in a way of their own, or not at all. As text: {@code features.*: frozen}, {@code *.bias:
 * SGD(lr=0.1)}.
 *
 * @param names which parameters, by their global names; {@code *} stands for any letters, dots among them, and {@code ?}
 *     for one
 * @param optimizer with hyperparameters of its own; empty: they are frozen, and nothing touches them, decay neither
 */
public record ParameterGroup(String names, Optional<Optimizer> optimizer) {
    private static final String FROZEN = "frozen";

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException if they have other characters than names of parameters, {@code *} and {@code ?}, or none
     */
    public ParameterGroup {
        if (!names.matches("[A-Za-z0-9_.*?]+")) {
            throw new IllegalArgumentException(
                    "expected the names of parameters, with * and ? in place of letters, found '" + Excerpt.of(names)
                            + "'");
        }
    }

    /**
     * Parameters that an optimizer updates.
     *
     * @param names which, by their global names, with {@code *} and {@code ?}
     * @param optimizer with hyperparameters of its own
     */
    public ParameterGroup(String names, Optimizer optimizer) {
        this(names, Optional.of(optimizer));
    }

    /**
     * {@return parameters that stay as they are}
     *
     * @param names which, by their global names, with {@code *} and {@code ?}
     */
    public static ParameterGroup frozen(String names) {
        return new ParameterGroup(names, Optional.empty());
    }

    /**
     * {@return the group that a text says}
     *
     * @param text what {@link #toString} gives
     * @throws IllegalArgumentException saying what is wrong
     */
    public static ParameterGroup parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "expected names and what becomes of them, such as \"features.*: frozen\" or"
                            + " \"*.bias: SGD(lr=0.1)\", found \"" + Excerpt.of(text) + "\"");
        }
        String names = text.substring(0, colon).strip();
        String optimizer = text.substring(colon + 1).strip();
        if (!optimizer.equals(FROZEN)
                && !Optimizers.names().contains(optimizer)
                && NearWord.of(optimizer, List.of(FROZEN)).isPresent()) {
            throw new IllegalArgumentException("expected " + FROZEN + " or an optimizer, found '"
                    + Excerpt.of(optimizer) + "'; did you mean '" + FROZEN + "'?");
        }
        return optimizer.equals(FROZEN) ? frozen(names) : new ParameterGroup(names, Optimizers.parse(optimizer));
    }

    /**
     * {@return whether a parameter is one of them}
     *
     * @param parameter its global name
     */
    public boolean matches(String parameter) {
        return Glob.matches(names, parameter);
    }

    @Override
    public String toString() {
        return names + ": " + optimizer.map(one -> one.spec().toString()).orElse(FROZEN);
    }
}
