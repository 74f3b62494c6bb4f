package io.ketju.pipeline.stage;

import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.Recipe;
import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the targets of a mini-batch weigh for each of the model's losses, which is what the sums of the losses are divided
 * by: asked of the losses, micro-batch by micro-batch, and added in their order. Not thread-safe.
 */
public final class Denominators {
    private final List<Head> heads;
    private final boolean[] counts;
    private final double[] sums;

    /**
     * Of windows that run all heads.
     *
     * @param model whose heads are asked
     */
    public Denominators(Model model) {
        this(model.heads(), head -> true);
    }

    private Denominators(List<Head> heads, Predicate<Head> counts) {
        this.heads = heads;
        this.counts = new boolean[heads.size()];
        sums = new double[heads.size()];
        for (int i = 0; i < sums.length; i++) {
            this.counts[i] = counts.test(heads.get(i));
            sums[i] = this.counts[i] ? 0 : 1;
        }
    }

    /**
     * {@return sums of windows of a phase and objective, nothing added yet; heads that do not run divide by 1}
     *
     * @param recipe with the model and its objectives
     * @param phase of the windows
     * @param objective from 0; only training windows of a recipe with objectives look at it
     */
    public static Denominators of(Recipe recipe, Window.Phase phase, int objective) {
        List<Objective> objectives = recipe.objectives();
        if (objectives.isEmpty() || phase != Window.Phase.TRAIN) {
            return new Denominators(recipe.model());
        }
        List<String> names = objectives.get(objective).heads();
        return new Denominators(recipe.model().heads(), head -> names.contains(head.name()));
    }

    /**
     * Adds the next micro-batch; it has at least all targets of the heads that run, by name.
     *
     * @param samples of the micro-batch
     * @param microbatch its tensors by name; only read
     * @throws NullPointerException if a target is missing
     */
    public void add(int samples, Map<String, Tensor> microbatch) {
        for (int i = 0; i < sums.length; i++) {
            if (!counts[i]) {
                continue;
            }
            Head head = heads.get(i);
            sums[i] += head.loss()
                    .weight(
                            samples,
                            head.targets().stream()
                                    .map(name -> Objects.requireNonNull(
                                            microbatch.get(name), () -> "the batch has no '" + name + "'"))
                                    .toList());
        }
    }

    /** {@return the names of the targets that {@link #add} needs} */
    public Set<String> targets() {
        Set<String> targets = new TreeSet<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i]) {
                targets.addAll(heads.get(i).targets());
            }
        }
        return targets;
    }

    /** {@return what the sums so far make each loss divide by, in the order of the heads} */
    public List<Double> sums() {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            all.add(counts[i] ? heads.get(i).loss().denominator(sums[i]) : sums[i]);
        }
        return List.copyOf(all);
    }
}
