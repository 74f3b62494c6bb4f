package io.ketju.pipeline;

import io.ketju.layers.optimizer.LBFGS;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.pipeline.partition.Partition;
import java.util.Optional;
import java.util.Set;

/** What a recipe may not ask for beside {@link LBFGS}, each with the one line that says so. */
final class SearchFit {
    private SearchFit() {}

    /** The optimizer whose step is several windows, if it is one. */
    static Optional<LBFGS> of(Optimizer optimizer) {
        return optimizer instanceof LBFGS search ? Optional.of(search) : Optional.empty();
    }

    /** Throws {@link IllegalArgumentException} if it does not fit the recipe. */
    static void require(Recipe recipe) {
        Optional<ParameterGroup> other = recipe.groups().stream()
                .filter(group -> group.optimizer().isPresent())
                .filter(group -> recipe.search().isPresent()
                        || SearchFit.of(group.optimizer().get()).isPresent())
                .findFirst();
        if (other.isPresent()) {
            throw new IllegalArgumentException("group " + other.get()
                    + ": expected LBFGS for all parameters that learn, as it updates them together, found another group"
                    + " with an optimizer; groups can be frozen");
        }
        if (recipe.search().isEmpty()) {
            return;
        }
        if (!recipe.objectives().isEmpty()) {
            throw refused(
                    "a job without objectives",
                    recipe.objectives().stream().map(Objective::name).toList(),
                    "a step is one search for one loss");
        }
        StepRules rules = recipe.rules();
        if (rules.clipGradNorm().isPresent()) {
            throw refused("no clip-grad-norm", rules.clipGradNorm().get(), "bounded gradients are those of no loss");
        }
        if (rules.clipGradValue().isPresent()) {
            throw refused("no clip-grad-value", rules.clipGradValue().get(), "bounded gradients are those of no loss");
        }
        if (rules.skips()) {
            throw refused("non-finite-gradients = stop", rules.nonFinite(), "a search that has begun goes to its end");
        }
    }

    private static IllegalArgumentException refused(String expected, Object found, String because) {
        return new IllegalArgumentException(
                "expected " + expected + " with LBFGS, as " + because + ", found " + found + "; other optimizers take it");
    }

    /** Throws {@link IllegalArgumentException} if a stage would give more sums than a message may have. */
    static void require(Recipe recipe, Partition partition) {
        if (recipe.search().isEmpty()) {
            return;
        }
        LBFGS search = recipe.search().get();
        int heads = recipe.model().heads().size();
        Set<String> trained = recipe.trained(0);
        for (int stage = 0; stage < partition.stages(); stage++) {
            long givers = heads
                    + partition.nodes(recipe.model(), stage).stream()
                            .flatMap(node -> node.parameters().stream())
                            .distinct()
                            .filter(trained::contains)
                            .count();
            long most = (SearchSums.MOST_OF_STAGE / givers - new SearchSums(heads, 0).size()) / 2;
            if (search.historySize() > most) {
                throw new IllegalArgumentException("LBFGS: argument 'history_size': expected at most "
                        + Math.max(0, most) + " where stage " + stage + " has " + givers
                        + " parameters and losses, found " + search.historySize()
                        + "; a step adds up that many products of each, and more stages have fewer");
            }
        }
    }
}
