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

    public Measured {
        values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
        tables = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tables));
    }

    /** Without tables. */
    public Measured(SequencedMap<String, Double> values) {
        this(values, new LinkedHashMap<>());
    }

    /** What windows of a model measured. */
    public static Measured of(WindowMetrics metrics, Model model) {
        return new Measured(metrics.values(model.heads()), metrics.tables(model.heads()));
    }

    /** Values in the order of the map. */
    public static Measured of(Map<String, Double> values) {
        return new Measured(new LinkedHashMap<>(values));
    }

    /** One value: {@code get("accuracy")}; empty for a job that does not measure it. */
    public OptionalDouble get(String name) {
        Double value = values.get(name);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** One table: {@code table("confusion")}; empty for a job that does not measure it. */
    public Optional<ConfusionMatrix> table(String name) {
        return Optional.ofNullable(tables.get(name));
    }

    /** What is minimised: the mean loss; of several heads their weighted sum. NaN if nothing was measured. */
    public double loss() {
        return get(HeadMetric.LOSS).orElse(Double.NaN);
    }
}
