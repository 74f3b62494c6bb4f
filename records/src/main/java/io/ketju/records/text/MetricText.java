package io.ketju.records.text;

import io.ketju.actors.job.Measured;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.HeadMetric;
import io.ketju.tensor.Plural;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What numbers a job measures, as people read them: words with spaces, shares in percent. */
public final class MetricText {
    private final List<HeadMetric> told;

    /**
     * For what some heads measure.
     *
     * @param heads of the model of a job
     */
    public MetricText(List<Head> heads) {
        told = HeadMetric.of(heads).stream().filter(metric -> !metric.table()).toList();
    }

    /**
     * The names of all columns.
     *
     * @return the loss, then what else is told
     */
    public List<String> names() {
        List<String> names = new ArrayList<>(List.of(HeadMetric.LOSS));
        told.forEach(metric -> names.add(metric.name()));
        return names;
    }

    /**
     * What is known, each with its name.
     *
     * @param measured of a step or an epoch
     * @return {@code loss 0.3124}, {@code accuracy 88.2 %}
     */
    public List<String> parts(Measured measured) {
        List<String> parts = new ArrayList<>();
        measured.get(HeadMetric.LOSS).ifPresent(loss -> parts.add(HeadMetric.LOSS + " " + Units.loss(loss)));
        parts.addAll(metrics(measured));
        measured.get(HeadMetric.PENALTY).ifPresent(cost -> parts.add(HeadMetric.PENALTY + " " + Units.loss(cost)));
        measured.get(HeadMetric.GRAD_NORM).ifPresent(norm -> parts.add("grad norm " + Units.loss(norm)));
        measured.get(HeadMetric.SKIPPED_STEPS)
                .ifPresent(count -> parts.addAll(count > 0 ? List.of(skipped((long) count)) : List.of()));
        return parts;
    }

    private static String skipped(long count) {
        return Units.count(count) + " " + Plural.word(count, "step") + " skipped";
    }

    /**
     * The same without the loss.
     *
     * @param measured of a step or an epoch
     * @return {@code accuracy 88.2 %}
     */
    public List<String> metrics(Measured measured) {
        List<String> parts = new ArrayList<>();
        for (HeadMetric metric : told) {
            measured.get(metric.name()).ifPresent(value -> parts.add(label(metric) + " " + value(metric, value)));
        }
        return parts;
    }

    /**
     * One of them.
     *
     * @param name of a metric, or of the loss
     * @param value what was measured
     * @return {@code accuracy 88.2 %}
     */
    public String text(String name, double value) {
        return told.stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .map(metric -> label(metric) + " " + value(metric, value))
                .orElseGet(() -> name + " " + Units.loss(value));
    }

    /**
     * All of them.
     *
     * @param measured of a step or an epoch
     * @return {@code loss 0.3124, accuracy 88.2 %}
     */
    public String line(Measured measured) {
        return String.join(", ", parts(measured));
    }

    /**
     * Two columns.
     *
     * @param measured of a step or an epoch
     * @return a line for each, the loss last: {@code   accuracy  88.2 %}
     */
    public List<String> fields(Measured measured) {
        List<String> lines = new ArrayList<>();
        for (HeadMetric metric : told) {
            measured.get(metric.name())
                    .ifPresent(value -> lines.add(JobHeader.field(label(metric)) + value(metric, value)));
        }
        measured.get(HeadMetric.LOSS).ifPresent(loss -> lines.add(JobHeader.field(HeadMetric.LOSS) + Units.loss(loss)));
        return lines;
    }

    /**
     * In fewer letters, for a narrow terminal.
     *
     * @param parts as {@link #parts} has them
     * @return as many
     */
    public static List<String> shortened(List<String> parts) {
        return parts.stream().map(part -> part.replace("accuracy", "acc")).collect(Collectors.toList());
    }

    private static String label(HeadMetric metric) {
        return metric.name().replace('_', ' ');
    }

    private static String value(HeadMetric metric, double value) {
        return metric.share() ? Units.percent(value) : Units.loss(value);
    }
}
