package io.ketju.deploy.display;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The run's numbers as {@code metrics.csv}, one row per step and two per epoch, in long form: {@code phase} is {@code
 * step}, {@code train} (mean of an epoch) or {@code test}. Without classes the column of the accuracy is empty. A resumed run drops the rows after its checkpoint and goes
 * on.
 */
public final class MetricsCsv implements TrainingListener, AutoCloseable {
    /** Its name in the run directory. */
    public static final String FILE_NAME = "metrics.csv";

    static final String HEADING = "step,epoch,phase,loss,accuracy,samples_per_second,bubble";

    private final @Nullable Path file;
    private @Nullable BufferedWriter writer;
    private long step;

    public MetricsCsv(Path runDirectory) {
        this(runDirectory, FILE_NAME);
    }

    private MetricsCsv(@Nullable Path runDirectory, String name) {
        file = runDirectory == null ? null : runDirectory.resolve(name);
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
                case TrainingEvent.Started started -> open(started.firstStep());
                case TrainingEvent.StepFinished done -> {
                    step = done.step();
                    row(
                            done.epoch(),
                            "step",
                            done.loss(),
                            done.accuracy(),
                            String.format(Locale.ROOT, "%.1f,%.4f", done.samplesPerSecond(), done.bubble()));
                }
                case TrainingEvent.EpochFinished done -> {
                    row(done.epoch(), "train", done.trainLoss(), done.trainAccuracy(), ",");
                    row(done.epoch(), "test", done.testLoss(), done.testAccuracy(), ",");
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
        List<String> kept = List.of(HEADING);
        if (firstStep > 1 && Files.exists(file)) {
            kept = Files.readAllLines(file).stream()
                    .filter(line -> line.equals(HEADING) || stepOf(line) < firstStep)
                    .toList();
        }
        Files.write(file, kept);
        writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    }

    /** A line that was cut by a crash counts as later than everything. */
    private static long stepOf(String line) {
        int comma = line.indexOf(',');
        boolean whole = line.chars().filter(c -> c == ',').count()
                == HEADING.chars().filter(c -> c == ',').count();
        String number = comma < 0 ? "" : line.substring(0, comma);
        return whole && number.matches("\\d{1,18}") ? Long.parseLong(number) : Long.MAX_VALUE;
    }

    private void row(int epoch, String phase, double loss, OptionalDouble accuracy, String rest) throws IOException {
        if (writer != null) {
            String share = accuracy.isPresent() ? String.format(Locale.ROOT, "%.6f", accuracy.getAsDouble()) : "";
            writer.write(String.format(Locale.ROOT, "%d,%d,%s,%.6f,%s,%s%n", step, epoch, phase, loss, share, rest));
        }
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
