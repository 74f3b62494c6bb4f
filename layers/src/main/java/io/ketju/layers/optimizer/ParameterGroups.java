package io.ketju.layers.optimizer;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which optimizer updates which parameter: the first group that matches decides.
 *
 * @param groups in the order in which they are asked
 * @param otherwise for parameters of no group
 */
public record ParameterGroups(List<ParameterGroup> groups, Optimizer otherwise) {
    /** Copies the list. */
    public ParameterGroups {
        groups = List.copyOf(groups);
    }

    /**
     * {@return the same for all}
     *
     * @param optimizer of every parameter
     */
    public static ParameterGroups all(Optimizer optimizer) {
        return new ParameterGroups(List.of(), optimizer);
    }

    /**
     * {@return the optimizer of a parameter; empty if it is frozen}
     *
     * @param parameter its global name
     */
    public Optional<Optimizer> of(String parameter) {
        for (ParameterGroup group : groups) {
            if (group.matches(parameter)) {
                return group.optimizer();
            }
        }
        return Optional.of(otherwise);
    }

    /**
     * Checks that optimizers take the gradients of their parameters.
     *
     * @param parameters by their global names
     * @param sparse those of them of whose gradients only some rows are there
     * @throws IllegalArgumentException with one line about the first that does not fit
     */
    public void requireGradients(Collection<String> parameters, Set<String> sparse) {
        for (String parameter : parameters) {
            of(parameter).ifPresent(optimizer -> requireGradient(parameter, sparse.contains(parameter), optimizer));
        }
    }

    private static void requireGradient(String parameter, boolean sparse, Optimizer optimizer) {
        if (sparse && optimizer.gradients() == Optimizer.Gradients.WHOLE) {
            throw new IllegalArgumentException("parameter '" + parameter + "': " + optimizer
                    + " does not take sparse gradients; expected SparseAdam, or SGD or Adagrad without weight_decay:"
                    + " give it a group of its own, or its layer sparse=false");
        }
        if (!sparse && optimizer.gradients() == Optimizer.Gradients.SPARSE) {
            throw new IllegalArgumentException("parameter '" + parameter + "': " + optimizer
                    + " takes sparse gradients alone; expected a weight of layers with sparse=true that no penalty has:"
                    + " give it another optimizer in a group");
        }
    }

    /**
     * {@return whether a parameter learns, if its layer lets it}
     *
     * @param parameter its global name
     */
    public boolean learns(String parameter) {
        return of(parameter).isPresent();
    }

    /**
     * Checks that every group means something.
     *
     * @param parameters global names of all that learn if nothing freezes them
     * @throws IllegalArgumentException with one line if a group matches none of them, or nothing is left to learn
     */
    public void requireFit(Collection<String> parameters) {
        groups.forEach(group -> Glob.requireMatch(group.names(), parameters));
        if (!parameters.isEmpty() && parameters.stream().noneMatch(this::learns)) {
            throw new IllegalArgumentException(
                    "all " + parameters.size() + " parameters are frozen: nothing would learn");
        }
    }
}
