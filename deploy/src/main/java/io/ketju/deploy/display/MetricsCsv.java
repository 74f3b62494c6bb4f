package io.ketju.deploy.display;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.layers.model.HeadMetric;
import io.ketju.pipeline.StepRules;
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
public final class MetricsCsv implements TrainingListener, AutoCloseable {
    /** Its name in the run directory. */
    public static final String FILE_NAME = "metrics.csv";

    private final RunCsv file;
    private List<String> names = List.of();
    private long step;

    public MetricsCsv(Path runDirectory) {
        this(new RunCsv(runDirectory.resolve(FILE_NAME)));
    }

    private MetricsCsv(RunCsv file) {
        this.file = file;
    }

    /** The heading of a file about a run of this job. */
    static List<String> columns(TrainingJob job) {
        return columnsOf(names(job));
    }

    private static List<String> columnsOf(List<String> names) {
        List<String> columns = new ArrayList<>(List.of("step", "epoch", "phase"));
        columns.addAll(names);
        columns.addAll(List.of("samples_per_second", "bubble"));
        return columns;
    }

    /** For runs that keep nothing: writes nothing. */
    public static MetricsCsv nowhere() {
        return new MetricsCsv(new RunCsv(null));
    }

    @Override
    public void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.WaitingForWorkers waiting -> {
                // Nothing is trained yet.
            }
            case TrainingEvent.Started started -> {
                names = names(started.job());
                step = started.firstStep() - 1;
                file.open(columnsOf(names), started.firstStep());
            }
            case TrainingEvent.Restarted again -> file.flush();
            case TrainingEvent.Repartitioned moved -> file.flush();
            case TrainingEvent.StepFinished done -> {
                step = done.step();
                row(
                        done.epoch(),
                        "step",
                        done.numbers(),
                        String.format(Locale.ROOT, "%.1f,%.4f", done.samplesPerSecond(), done.bubble()));
            }
            case TrainingEvent.EpochFinished done -> {
                row(done.epoch(), "train", done.train(), ",");
                row(done.epoch(), "test", done.test(), ",");
                file.flush();
            }
            case TrainingEvent.CheckpointCommitted done -> file.flush();
        }
    }

    /** What is told of a run: what the heads measure, and what else is told of steps. */
    static List<String> names(TrainingJob job) {
        List<String> told = new ArrayList<>(new MetricText(job.model().heads()).names());
        StepRules rules = job.pipeline().recipe().rules();
        if (!rules.penalties().isEmpty()) {
            told.add(HeadMetric.PENALTY);
        }
        if (rules.tellsGradNorm()) {
            told.add(HeadMetric.GRAD_NORM);
        }
        if (rules.skips()) {
            told.add(HeadMetric.SKIPPED_STEPS);
        }
        told.addAll(job.pipeline().recipe().rateNames());
        return told;
    }

    private void row(int epoch, String phase, Measured measured, String rest) {
        if (file.isOpen()) {
            String fields =
                    names.stream().map(name -> field(name, measured.get(name))).collect(Collectors.joining(","));
            file.row(String.format(Locale.ROOT, "%d,%d,%s,%s,%s", step, epoch, phase, fields, rest));
        }
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

    @Override
    public void close() {
        file.close();
    }
}
