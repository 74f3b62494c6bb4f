package io.ketju.actors.job;

import io.ketju.data.Dataset;
import io.ketju.layers.loss.Metric;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.HeadMetric;
import io.ketju.layers.optimizer.ReduceLROnPlateau;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.choice.ScheduleChoice;
import io.ketju.tensor.DType;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is legal in a job but should be known: losses that work against each other, weights that a file does not give, and
 * classes that cannot be learnt, or are never tested.
 */
final class JobNotes {
    private JobNotes() {}

    /** One line each; mostly none. Reads every target of a data set once. */
    static List<String> of(TrainingJob job) {
        List<String> notes = new ArrayList<>();
        if (job.schedule() instanceof ScheduleChoice choice) {
            notes.add(choice.reason());
        }
        if (job.pipeline().recipe().objectives().isEmpty()) {
            opposed(job.pipeline().model().heads(), notes);
        }
        Recipe recipe = job.pipeline().recipe();
        for (int i = 0; i < Math.max(1, recipe.objectives().size()); i++) {
            plateau(recipe, i, notes);
        }
        job.initialState()
                .flatMap(state -> state.leftOut(job.pipeline().recipe()))
                .ifPresent(notes::add);
        job.datasets().ifPresent(data -> notes.addAll(of(data)));
        return notes;
    }

    /** Two heads that ask the same of the same output with other targets, as those of a GAN do. */
    private static void opposed(List<Head> heads, List<String> notes) {
        for (int i = 0; i < heads.size(); i++) {
            for (int j = i + 1; j < heads.size(); j++) {
                Head one = heads.get(i);
                Head other = heads.get(j);
                if (one.inputs().equals(other.inputs())
                        && one.loss().spec().equals(other.loss().spec())
                        && !one.targets().equals(other.targets())) {
                    notes.add("losses '" + one.name() + "' and '" + other.name() + "' want the same output to be "
                            + Excerpt.of(one.targets()) + " and " + Excerpt.of(other.targets())
                            + ", and every step minimises both over all parameters: give each an objective, which says"
                            + " what it trains");
                }
            }
        }
    }

    /** A rate that falls as long as what is watched gets better. */
    private static void plateau(Recipe recipe, int objective, List<String> notes) {
        if (!(recipe.rates(objective) instanceof ReduceLROnPlateau rule)) {
            return;
        }
        boolean more = HeadMetric.of(recipe.model().heads()).stream()
                .filter(told -> told.name().equals(rule.metric()))
                .flatMap(told -> told.metric().stream())
                .anyMatch(Metric::moreIsBetter);
        boolean max = rule.mode() == ReduceLROnPlateau.Mode.MAX;
        if (more != max) {
            notes.add(rule.spec().name() + " takes " + (max ? "more" : "less") + " of '" + Excerpt.of(rule.metric())
                    + "' for better (mode=" + (max ? "max" : "min") + "), so the rate falls while it improves; "
                    + (more ? "mode=max" : "mode=min") + " watches it the right way round");
        }
    }

    /** One line each; mostly none. Reads every target once. */
    static List<String> of(DataSource data) {
        int classes = Math.max(data.train().classes(), data.test().classes());
        List<String> notes = new ArrayList<>();
        notes.addAll(data.train().notes());
        notes.addAll(data.test().notes());
        absent(data.train(), classes, "they cannot be learnt", "it cannot be learnt", notes);
        absent(data.test(), classes, "test results say nothing about them", "test results say nothing about it", notes);
        return notes;
    }

    private static void absent(Dataset samples, int classes, String ofSeveral, String ofOne, List<String> notes) {
        if (samples.classes() == 0
                || samples.namesItsPorts()
                || samples.targetType() != DType.INT32
                || samples.targetShape().rank() != 0) {
            return;
        }
        BitSet absent = new BitSet(classes);
        absent.set(0, classes);
        try (TensorArena arena = new TensorArena(TensorArena.ALIGNMENT)) {
            Tensor target = arena.allocate(DType.INT32, Shape.of(1));
            for (int i = 0; i < samples.size() && !absent.isEmpty(); i++) {
                samples.copyTarget(i, target, 0);
                int found = target.getInt(0);
                if (found >= 0) {
                    absent.clear(found);
                }
            }
        }
        if (!absent.isEmpty()) {
            boolean one = absent.cardinality() == 1;
            String names = absent.stream().mapToObj(Integer::toString).collect(Collectors.joining(", "));
            notes.add(samples.name() + " has no sample of " + (one ? "class " : "classes ") + Excerpt.of(names) + ": "
                    + (one ? ofOne : ofSeveral));
        }
    }
}
