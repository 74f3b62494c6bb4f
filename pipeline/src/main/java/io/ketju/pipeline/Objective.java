package io.ketju.pipeline;

import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Glob;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NearWord;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which losses train which parameters: one thing that a step is for. Where a recipe has several, such as the two of a GAN,
 * every training window is for one of them: it runs what the objective's heads need, and updates the objective's parameters
 * alone, by the gradients of these heads alone.
 *
 * @param name how it is called
 * @param heads names of the losses that are minimised, each by its weight
 * @param parameters which parameters it trains: global names in which {@code *} stands for any letters and {@code ?} for
 *     one; frozen ones stay frozen
 * @param rates scales the learning rates of its parameters' optimizers
 */
public record Objective(String name, List<String> heads, List<String> parameters, LearningRateSchedule rates) {
    /** Copies the lists. */
    public Objective {
        heads = List.copyOf(heads);
        parameters = List.copyOf(parameters);
    }

    /**
     * {@return whether it trains a parameter}
     *
     * @param parameter its global name
     */
    public boolean trains(String parameter) {
        return parameters.stream().anyMatch(names -> Glob.matches(names, parameter));
    }

    /** Throws {@link IllegalArgumentException} with one line if it names what the model does not have. */
    void requireFit(Model model) {
        Set<String> known = model.heads().stream().map(Head::name).collect(Collectors.toSet());
        String where = "objective '" + Excerpt.of(name) + "': ";
        if (heads.isEmpty() || parameters.isEmpty()) {
            throw new IllegalArgumentException(
                    where + "expected at least one head and the names of parameters, found heads " + heads
                            + " and parameters " + parameters);
        }
        for (String head : heads) {
            if (!known.contains(head)) {
                throw new IllegalArgumentException(where + "the model has no head '" + Excerpt.of(head) + "'; it has "
                        + known.stream().sorted().toList() + NearWord.hint(NearWord.of(head, known)));
            }
        }
        for (String names : parameters) {
            try {
                Glob.requireMatch(names, model.weights());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(where + e.getMessage(), e);
            }
        }
    }
}
