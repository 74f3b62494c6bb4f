package io.ketju.records.table;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.model.HeadMetric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The run's numbers as {@code metrics.csv}, one row per step and two per epoch, in long form: {@code phase} is {@code
 * step}, {@code train} (mean of an epoch) or {@code test}. Behind the loss the metrics of the job have a column each, by name; a
 * field is empty where there was nothing to measure. A resumed run drops the rows after its checkpoint and goes on.
 */
public final class MetricsCsv extends MetricRows {
    /** Its name in the run directory. */
    public static final String FILE_NAME = "metrics.csv";

    /**
     * Of one run.
     *
     * @param runDirectory folder of the run, which is there once the run has started
     */
    public MetricsCsv(Path runDirectory) {
        super(new RowFile(runDirectory.resolve(FILE_NAME)));
    }

    /**
     * The heading of a file about a run.
     *
     * @param job that it runs
     * @return names of the columns, in their order
     */
    public static List<String> columns(TrainingJob job) {
        return columnsOf(names(job));
    }

    private static List<String> columnsOf(List<String> names) {
        List<String> columns = new ArrayList<>(List.of("step", "epoch", "phase"));
        columns.addAll(names);
        columns.addAll(List.of("samples_per_second", "bubble"));
        return columns;
    }

    @Override
    void open(RowFile rows, List<String> names, long firstStep) {
        rows.open(columnsOf(names), firstStep);
    }

    @Override
    String line(Row row, List<String> names) {
        String fields = names.stream()
                .map(name -> field(name, row.measured().get(name)))
                .collect(Collectors.joining(","));
        TrainingEvent.StepFinished speed = row.speed();
        String rest =
                speed == null ? "," : String.format(Locale.ROOT, "%.1f,%.4f", speed.samplesPerSecond(), speed.bubble());
        return String.format(Locale.ROOT, "%d,%d,%s,%s,%s", row.step(), row.epoch(), row.phase(), fields, rest);
    }

    /** Six digits behind the point; of a rate, which may be smaller than those say, all. */
    private static String field(String name, OptionalDouble value) {
        if (value.isEmpty()) {
            return "";
        }
        return name.endsWith(HeadMetric.LEARNING_RATE)
                ? Double.toString(value.getAsDouble())
                : String.format(Locale.ROOT, "%.6f", value.getAsDouble());
    }
}
