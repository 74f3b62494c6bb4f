package io.ketju.pipeline.stage;

import io.ketju.layers.loss.ConfusionMatrix;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.Metric;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.HeadMetric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one window measured, by the position of the head in the model. A stage knows those of its own heads.
 *
 * @param heads none of a stage without a loss
 * @param penalties what each of a stage's weights cost, in parameter order; of a whole window, their sum alone
 * @param penalizedSteps optimizer steps that these were of; 0 in windows that learn nothing, and where nothing is penalized
 * @param steps what is told of the steps themselves
 */
public record WindowMetrics(
        SortedMap<Integer, OfHead> heads, List<Double> penalties, int penalizedSteps, StepMetrics steps) {
    /** Of a window of which nothing is known. */
    public static final WindowMetrics NONE = new WindowMetrics(Collections.emptySortedMap());

    /** {@return how many numbers these are, about: what a message with them is long for} */
    public int numbers() {
        return penalties.size()
                + heads.values().stream().mapToInt(OfHead::numbers).sum();
    }

    /**
     * What one head measured.
     *
     * @param lossSum sum of the losses, added in micro-batch order, neither divided nor multiplied by the head's weight
     * @param weight what the targets weigh; the sum divided by it is the mean loss
     * @param metrics sums of each metric by its name, added in the same order
     * @param collected what each metric that keeps its numbers has, by its name, in the same order
     */
    public record OfHead(
            double lossSum,
            double weight,
            SortedMap<String, List<Double>> metrics,
            SortedMap<String, CollectedValues> collected) {
        static final OfHead NONE = new OfHead(0, 0, Collections.emptySortedMap());

        /** Copies the maps. */
        public OfHead {
            metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
            collected = Collections.unmodifiableSortedMap(new TreeMap<>(collected));
        }

        /**
         * Without any that is collected.
         *
         * @param lossSum neither divided nor multiplied by the head's weight
         * @param weight what the targets weigh
         * @param metrics sums of each metric by its name
         */
        public OfHead(double lossSum, double weight, SortedMap<String, List<Double>> metrics) {
            this(lossSum, weight, metrics, Collections.emptySortedMap());
        }

        private int numbers() {
            return metrics.values().stream().mapToInt(List::size).sum()
                    + collected.values().stream()
                            .mapToInt(CollectedValues::size)
                            .sum();
        }

        /**
         * {@return both together: sums added, what is collected put behind}
         *
         * @param more of the same head, later
         */
        public OfHead plus(OfHead more) {
            SortedMap<String, List<Double>> sums = new TreeMap<>(metrics);
            more.metrics.forEach((name, added) -> sums.merge(name, added, OfHead::added));
            SortedMap<String, CollectedValues> all = new TreeMap<>(collected);
            more.collected.forEach((name, behind) -> all.merge(name, behind, CollectedValues::plus));
            return new OfHead(lossSum + more.lossSum, weight + more.weight, sums, all);
        }

        /** What a metric's value is made of. */
        private List<Double> of(Metric metric) {
            return metric.collects()
                    ? Objects.requireNonNull(collected.get(metric.name())).toList()
                    : Objects.requireNonNull(metrics.get(metric.name()));
        }

        private static List<Double> added(List<Double> sums, List<Double> more) {
            List<Double> added = new ArrayList<>();
            for (int i = 0; i < sums.size(); i++) {
                added.add(sums.get(i) + more.get(i));
            }
            return List.copyOf(added);
        }

        /** The mean loss, or the sum where a loss is told as that. */
        double told(Loss loss) {
            return lossSum / loss.denominator(weight);
        }
    }

    /** Copies the map and the list. */
    public WindowMetrics {
        heads = Collections.unmodifiableSortedMap(new TreeMap<>(heads));
        penalties = List.copyOf(penalties);
    }

    /**
     * Where nothing is told of the steps.
     *
     * @param heads by position in the model
     * @param penalties what each of a stage's weights cost, in parameter order
     * @param penalizedSteps optimizer steps that these were of
     */
    public WindowMetrics(SortedMap<Integer, OfHead> heads, List<Double> penalties, int penalizedSteps) {
        this(heads, penalties, penalizedSteps, StepMetrics.NONE);
    }

    /**
     * Where nothing is penalized.
     *
     * @param heads by position in the model
     */
    public WindowMetrics(SortedMap<Integer, OfHead> heads) {
        this(heads, List.of(), 0);
    }

    /** The same with this of the steps. */
    WindowMetrics with(StepMetrics told) {
        return new WindowMetrics(heads, penalties, penalizedSteps, told);
    }

    /** {@return this of a window over a mini-batch that has been measured in its step already: only whether the step goes on} */
    public WindowMetrics repeated() {
        return steps.goesOn() ? NONE.with(StepMetrics.NONE.goingOn()) : NONE;
    }

    /**
     * Of a model with one loss.
     *
     * @param lossSum not divided
     * @param weight what the targets weigh
     * @param metrics sums of each metric by its name
     */
    public WindowMetrics(double lossSum, double weight, Map<String, List<Double>> metrics) {
        this(new TreeMap<>(Map.of(0, new OfHead(lossSum, weight, new TreeMap<>(metrics)))));
    }

    /** {@return what the first head measured; zeros if there is none} */
    public OfHead first() {
        return heads.isEmpty() ? OfHead.NONE : heads.firstEntry().getValue();
    }

    /** {@return the sum of the first head's losses, not divided} */
    public double lossSum() {
        return first().lossSum();
    }

    /**
     * {@return what is minimised: the mean loss of every head that was run, times its weight, added in the order of the heads}
     *
     * @param ofModel all heads of the model, in order
     */
    public double loss(List<Head> ofModel) {
        double loss = 0;
        for (int i = 0; i < ofModel.size(); i++) {
            OfHead head = heads.get(i);
            loss += head == null
                    ? 0
                    : ofModel.get(i).weight() * head.told(ofModel.get(i).loss());
        }
        return loss;
    }

    /**
     * {@return all values by the names under which they are told} First {@link HeadMetric#LOSS}, then those of {@link HeadMetric#of},
     * without tables and metrics that had nothing to measure, and {@link HeadMetric#PENALTY} where weights are penalized,
     * {@link HeadMetric#GRAD_NORM} and {@link HeadMetric#SKIPPED_STEPS} where the job tells them; empty if nothing was measured at all.
     *
     * @param ofModel all heads of the model, in order
     */
    public SequencedMap<String, Double> values(List<Head> ofModel) {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        if (!heads.isEmpty()) {
            values.put(HeadMetric.LOSS, loss(ofModel));
        }
        for (HeadMetric told : HeadMetric.of(ofModel)) {
            OfHead head = heads.get(told.head());
            if (head == null) {
                continue;
            }
            double value = value(told, head, ofModel);
            if (!Double.isNaN(value)) {
                values.put(told.name(), value);
            }
        }
        if (penalizedSteps > 0) {
            values.put(HeadMetric.PENALTY, sum(penalties) / penalizedSteps);
        }
        if (steps.norms() > 0) {
            values.put(HeadMetric.GRAD_NORM, steps.normSum() / steps.norms());
        }
        if (steps.skippable() > 0) {
            values.put(HeadMetric.SKIPPED_STEPS, (double) steps.skipped());
        }
        return values;
    }

    /**
     * {@return one of {@link #values}, for which nothing else is looked at; NaN where there was nothing to measure}
     *
     * @param name of the loss, or of a value of a head
     * @param ofModel all heads of the model, in order
     */
    public double value(String name, List<Head> ofModel) {
        if (name.equals(HeadMetric.LOSS)) {
            return heads.isEmpty() ? Double.NaN : loss(ofModel);
        }
        return HeadMetric.of(ofModel).stream()
                .filter(told -> told.name().equals(name) && heads.containsKey(told.head()))
                .findFirst()
                .map(told -> value(told, Objects.requireNonNull(heads.get(told.head())), ofModel))
                .orElse(Double.NaN);
    }

    private static double value(HeadMetric told, OfHead head, List<Head> ofModel) {
        return told.metric()
                .map(metric -> metric.value(head.of(metric)))
                .orElseGet(() -> head.told(ofModel.get(told.head()).loss()));
    }

    /**
     * {@return all tables by the names under which they are told}
     *
     * @param ofModel all heads of the model, in order
     */
    public SequencedMap<String, ConfusionMatrix> tables(List<Head> ofModel) {
        SequencedMap<String, ConfusionMatrix> tables = new LinkedHashMap<>();
        for (HeadMetric told : HeadMetric.of(ofModel)) {
            OfHead head = heads.get(told.head());
            if (head != null && told.table()) {
                tables.put(
                        told.name(),
                        told.metric()
                                .orElseThrow()
                                .tableOf(head.of(told.metric().orElseThrow())));
            }
        }
        return tables;
    }

    /**
     * {@return this and what another window measured}
     *
     * @param more of the other, which is later
     */
    public WindowMetrics plus(WindowMetrics more) {
        SortedMap<Integer, OfHead> sum = new TreeMap<>(heads);
        more.heads.forEach((index, head) -> sum.merge(index, head, OfHead::plus));
        List<Double> cost = new ArrayList<>(penalties);
        cost.addAll(more.penalties);
        return new WindowMetrics(sum, folded(cost), penalizedSteps + more.penalizedSteps, steps.plus(more.steps));
    }

    /**
     * {@return what all stages measured of one window}
     *
     * @param stages in their order: penalties are added in it, which is that of parameters
     */
    public static WindowMetrics of(Collection<WindowMetrics> stages) {
        SortedMap<Integer, OfHead> all = new TreeMap<>();
        List<Double> cost = new ArrayList<>();
        int penalized = 0;
        StepMetrics told = StepMetrics.NONE;
        for (WindowMetrics stage : stages) {
            all.putAll(stage.heads);
            cost.addAll(stage.penalties);
            penalized = Math.max(penalized, stage.penalizedSteps);
            told = told.equals(StepMetrics.NONE) ? stage.steps : told;
        }
        return new WindowMetrics(all, folded(cost), penalized, told);
    }

    private static List<Double> folded(List<Double> cost) {
        return cost.isEmpty() ? cost : List.of(sum(cost));
    }

    private static double sum(List<Double> cost) {
        double sum = 0;
        for (double one : cost) {
            sum += one;
        }
        return sum;
    }
}
