package io.ketju.actors.job;

import io.ketju.layers.loss.ConfusionMatrix;
import io.ketju.layers.model.HeadMetric;
import io.ketju.layers.model.Model;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/**
 * What was measured over some samples, by name: {@code loss} first, then the metrics of the job in its order. Where a model
 * has several heads, the name of the head stands before the metric: {@code main/accuracy}.
 *
 * @param values empty if nothing was measured; without tables and metrics that found nothing to measure
 * @param tables which classes were told for which, of a job that measures {@code confusion}
 */
public record Measured(SequencedMap<String, Double> values, SequencedMap<String, ConfusionMatrix> tables) {
    /** Nothing. */
    public static final Measured NONE = new Measured(new LinkedHashMap<>());

    /** Copies both maps, in their order. */
    public Measured {
        values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
        tables = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tables));
    }

    /**
     * Without tables.
     *
     * @param values in the order in which they are told
     */
    public Measured(SequencedMap<String, Double> values) {
        this(values, new LinkedHashMap<>());
    }

    /**
     * What windows of a model measured.
     *
     * @param metrics of whole windows, of all stages
     * @param model whose heads name them
     * @return with the loss first, if anything was measured
     */
    public static Measured of(WindowMetrics metrics, Model model) {
        return new Measured(metrics.values(model.heads()), metrics.tables(model.heads()));
    }

    /**
     * Values in the order of the map.
     *
     * @param values by name; those of a map without an order come in any
     * @return without tables
     */
    public static Measured of(Map<String, Double> values) {
        return new Measured(new LinkedHashMap<>(values));
    }

    /**
     * {@return the same with more values behind the others}
     *
     * @param more by the names under which they are told
     */
    public Measured with(Map<String, Double> more) {
        SequencedMap<String, Double> all = new LinkedHashMap<>(values);
        all.putAll(more);
        return new Measured(all, tables);
    }

    /**
     * One value: {@code get("accuracy")}.
     *
     * @param name under which it is told
     * @return empty if it was not measured
     */
    public OptionalDouble get(String name) {
        Double value = values.get(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /**
     * One table: {@code table("confusion")}.
     *
     * @param name under which it is told
     * @return empty if it was not measured
     */
    public Optional<ConfusionMatrix> table(String name) {
        return Optional.ofNullable(tables.get(name));
    }

    /** {@return what is minimised: the mean loss; of several heads their weighted sum; NaN if nothing was measured} */
    public double loss() {
        return get(HeadMetric.LOSS).orElse(Double.NaN);
    }
}
