package io.ketju.deploy.display;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import io.ketju.layers.model.Head;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The run's numbers as {@code metrics.csv}, one row per step and two per epoch, in long form: {@code phase} is {@code
 * step}, {@code train} (mean of an epoch) or {@code test}. Behind the loss the metrics of the job have a column each, by name; a
 * field is empty where there was nothing to measure. A resumed run drops the rows after its checkpoint and goes on.
 */
public final class MetricsCsv implements TrainingListener, AutoCloseable {
    /** Its name in the run directory. */
    public static final String FILE_NAME = "metrics.csv";

    private final @Nullable Path file;
    private @Nullable BufferedWriter writer;
    private List<String> names = List.of();
    private List<String> columns = List.of();
    private long step;

    public MetricsCsv(Path runDirectory) {
        this(runDirectory, FILE_NAME);
    }

    private MetricsCsv(@Nullable Path runDirectory, String name) {
        file = runDirectory == null ? null : runDirectory.resolve(name);
    }

    /** The heading of a file about these heads. */
    static List<String> columns(List<Head> heads) {
        List<String> columns = new ArrayList<>(List.of("step", "epoch", "phase"));
        columns.addAll(new MetricText(heads).names());
        columns.addAll(List.of("samples_per_second", "bubble"));
        return columns;
    }

    /** For runs that keep nothing: writes nothing. */
    public static MetricsCsv nowhere() {
        return new MetricsCsv(null, FILE_NAME);
    }

    @Override
    public void on(TrainingEvent event) {
        try {
            switch (event) {
                case TrainingEvent.WaitingForWorkers waiting -> {
                    // Nothing is trained yet.
                }
                case TrainingEvent.Started started -> {
                    names = new MetricText(started.job().model().heads()).names();
                    columns = columns(started.job().model().heads());
                    open(started.firstStep());
                }
                case TrainingEvent.StepFinished done -> {
                    step = done.step();
                    row(
                            done.epoch(),
                            "step",
                            done.metrics(),
                            String.format(Locale.ROOT, "%.1f,%.4f", done.samplesPerSecond(), done.bubble()));
                }
                case TrainingEvent.EpochFinished done -> {
                    row(done.epoch(), "train", done.train(), ",");
                    row(done.epoch(), "test", done.test(), ",");
                    flush();
                }
                case TrainingEvent.CheckpointCommitted done -> flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the run's numbers cannot be written", e);
        }
    }

    private void open(long firstStep) throws IOException {
        step = firstStep - 1;
        if (file == null) {
            return;
        }
        String heading = String.join(",", columns);
        List<String> kept = new ArrayList<>(List.of(heading));
        if (firstStep > 1 && Files.exists(file)) {
            long commas = commas(heading);
            Files.readAllLines(file).stream()
                    .filter(line -> commas(line) == commas && stepOf(line) < firstStep)
                    .forEach(kept::add);
        }
        Files.write(file, kept);
        writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    }

    /** Of a line that was cut by a crash there are fewer. */
    private static long commas(String line) {
        return line.chars().filter(c -> c == ',').count();
    }

    /** The heading counts as later than everything. */
    private static long stepOf(String line) {
        String number = line.substring(0, line.indexOf(','));
        return number.matches("\\d{1,18}") ? Long.parseLong(number) : Long.MAX_VALUE;
    }

    private void row(int epoch, String phase, Measured measured, String rest) throws IOException {
        if (writer != null) {
            String fields =
                    names.stream().map(name -> field(measured.get(name))).collect(Collectors.joining(","));
            writer.write(String.format(Locale.ROOT, "%d,%d,%s,%s,%s%n", step, epoch, phase, fields, rest));
        }
    }

    private static String field(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.6f", value.getAsDouble()) : "";
    }

    private void flush() throws IOException {
        if (writer != null) {
            writer.flush();
        }
    }

    @Override
    public void close() {
        try {
            if (writer != null) {
                writer.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the run's numbers cannot be written", e);
        }
        writer = null;
    }
}
