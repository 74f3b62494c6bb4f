package io.ketju.layers.optimizer;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which optimizer updates which parameter: the first group that matches decides.
 *
 * @param otherwise for parameters of no group
 */
public record ParameterGroups(List<ParameterGroup> groups, Optimizer otherwise) {
    public ParameterGroups {
        groups = List.copyOf(groups);
    }

    /** The same for all. */
    public static ParameterGroups all(Optimizer optimizer) {
        return new ParameterGroups(List.of(), optimizer);
    }

    /** The optimizer of a parameter by its global name; empty if it is frozen. */
    public Optional<Optimizer> of(String parameter) {
        for (ParameterGroup group : groups) {
            if (group.matches(parameter)) {
                return group.optimizer();
            }
        }
        return Optional.of(otherwise);
    }

    /**
     * Throws {@link IllegalArgumentException} with one line if an optimizer does not take a parameter's gradient.
     *
     * @param parameters by their global names
     * @param sparse those of them of whose gradients only some rows are there
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

    /** Whether a parameter of this global name learns, if its layer lets it. */
    public boolean learns(String parameter) {
        return of(parameter).isPresent();
    }

    /**
     * Throws {@link IllegalArgumentException} with one line if a group matches none of these names, or nothing is left to
     * learn.
     */
    public void requireFit(Collection<String> parameters) {
        groups.forEach(group -> Glob.requireMatch(group.names(), parameters));
        if (!parameters.isEmpty() && parameters.stream().noneMatch(this::learns)) {
            throw new IllegalArgumentException(
                    "all " + parameters.size() + " parameters are frozen: nothing would learn");
        }
    }
}
