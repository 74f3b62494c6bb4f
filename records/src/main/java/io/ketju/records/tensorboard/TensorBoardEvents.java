package io.ketju.records.tensorboard;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.layers.loss.ConfusionMatrix;
import io.ketju.layers.model.HeadMetric;
import io.ketju.pipeline.stage.ParameterHistograms;
import io.ketju.pipeline.stage.ValueHistogram;
import io.ketju.records.sample.RunSamples;
import io.ketju.records.text.MetricText;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The run's numbers for TensorBoard, in the folder {@code tensorboard} of the run: {@code step/loss} and so on of mini-batches before
 * their step, {@code train/loss} and {@code test/loss} of epochs, {@code speed/samples_per_second}, {@code speed/bubble}, the job
 * as text, its settings for the table of hyperparameters, how weights and gradients lie ({@code weights/0.weight}, {@code
 * gradients/0.weight}) of a job that counts them, and a picture of each table of classes. A run that goes on writes a file of its own,
 * which makes the numbers of earlier ones after its checkpoint void.
 *
 * <p>Of long runs not every step is told: at most 10,000 are, evenly.
 */
public final class TensorBoardEvents implements TrainingListener, RunSamples.Board, AutoCloseable {
    /** Its name in the run directory. */
    public static final String FOLDER = "tensorboard";

    private static final int MOST_STEPS = 10_000;
    private static final double MILLIS = 1000;

    private final Path run;
    private @Nullable EventFile file;
    private List<String> names = List.of();
    private long every = 1;
    private long step;

    /**
     * Of one run.
     *
     * @param run its folder, which is there once the run has started
     */
    public TensorBoardEvents(Path run) {
        this.run = run;
    }

    @Override
    public void on(TrainingEvent event) {
        try {
            write(event);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void image(long of, String tag, BufferedImage image) {
        try {
            append(Events.image(now(), of, tag, Picture.of(image)));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void text(long of, String tag, String text) {
        try {
            append(Events.text(now(), of, tag, text));
            flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void write(TrainingEvent event) throws IOException {
        switch (event) {
            case TrainingEvent.WaitingForWorkers waiting -> {
                // Nothing is trained yet.
            }
            case TrainingEvent.Started started -> open(started.job(), started.firstStep());
            case TrainingEvent.Restarted again -> flush();
            case TrainingEvent.Repartitioned moved -> flush();
            case TrainingEvent.StepFinished done -> {
                step = done.step();
                if (step % every == 0 || step == 1) {
                    Map<String, Double> values = values("step/", done.numbers());
                    values.put("speed/samples_per_second", done.samplesPerSecond());
                    values.put("speed/bubble", done.bubble());
                    append(Events.scalars(now(), step, values));
                }
            }
            case TrainingEvent.EpochFinished done -> {
                append(Events.scalars(now(), step, values("train/", done.train())));
                append(Events.scalars(now(), step, values("test/", done.test())));
                histograms(done.histograms());
                for (Map.Entry<String, ConfusionMatrix> table :
                        done.test().tables().entrySet()) {
                    append(Events.image(now(), step, "test/" + table.getKey(), Picture.of(table.getValue())));
                }
                flush();
            }
            case TrainingEvent.CheckpointCommitted done -> flush();
        }
    }

    private void histograms(List<ParameterHistograms> counted) throws IOException {
        Map<String, ValueHistogram> values = new LinkedHashMap<>();
        for (ParameterHistograms parameter : counted) {
            values.put("weights/" + parameter.parameter(), parameter.weights());
            parameter.gradients().ifPresent(found -> values.put("gradients/" + parameter.parameter(), found));
        }
        if (!values.isEmpty()) {
            append(Events.histograms(now(), step, values));
        }
    }

    private void open(TrainingJob job, long firstStep) throws IOException {
        names = new ArrayList<>(new MetricText(job.model().heads()).names());
        names.addAll(List.of(HeadMetric.PENALTY, HeadMetric.GRAD_NORM, HeadMetric.SKIPPED_STEPS));
        names.addAll(job.pipeline().recipe().rateNames());
        every = Math.ceilDiv(job.totalSteps(), MOST_STEPS);
        step = firstStep - 1;
        file = create(Files.createDirectories(run.resolve(FOLDER)));
        append(Events.version(now()));
        append(Events.start(now(), firstStep));
        Path described = run.resolve("job.conf");
        append(Events.hyperparameters(now(), Hyperparameters.of(job)));
        if (firstStep == 1 && Files.exists(described)) {
            append(Events.text(now(), 0, "job", Files.readString(described).indent(4)));
        }
        flush();
    }

    /** Numbered by the second, which TensorBoard sorts by; of several in one second each has a second of its own. */
    private static EventFile create(Path folder) throws IOException {
        long second = System.currentTimeMillis() / (long) MILLIS;
        while (true) {
            try {
                return new EventFile(
                        folder.resolve(String.format(Locale.ROOT, "events.out.tfevents.%010d.ketju", second)));
            } catch (FileAlreadyExistsException e) {
                second++;
            }
        }
    }

    private Map<String, Double> values(String phase, Measured measured) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String name : names) {
            measured.get(name).ifPresent(value -> values.put(phase + name, value));
        }
        return values;
    }

    private static double now() {
        return System.currentTimeMillis() / MILLIS;
    }

    private void append(byte[] event) throws IOException {
        if (file != null) {
            file.append(event);
        }
    }

    private void flush() throws IOException {
        if (file != null) {
            file.flush();
        }
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.append(Events.end(now()));
                file.close();
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(run.resolve(FOLDER) + ": cannot be written: " + e.getMessage(), e);
    }
}
