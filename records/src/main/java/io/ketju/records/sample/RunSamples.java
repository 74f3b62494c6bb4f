package io.ketju.records.sample;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.SamplePredictions;
import io.ketju.data.image.ImageDataset;
import io.ketju.data.image.ImageFile;
import io.ketju.records.text.Units;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the model says of a few test samples as the run goes on: on the terminal, in {@code samples.txt}, for TensorBoard. */
public final class RunSamples {
    /** Its name in the run directory. */
    public static final String FILE_NAME = "samples.txt";

    /** Where they are shown beside the terminal. */
    public interface Board {
        /**
         * A text of a step.
         *
         * @param step that was the last
         * @param tag what it is called
         * @param text in Markdown
         */
        void text(long step, String tag, String text);

        /**
         * A picture of a step.
         *
         * @param step that was the last
         * @param tag what it is called
         * @param image as it is to be shown
         */
        void image(long step, String tag, BufferedImage image);
    }

    private final TrainingJob job;
    private final Optional<SamplePredictions> predictions;
    private Optional<Board> board = Optional.empty();
    /** Whether the pictures of the samples are on the board: they stay the same. */
    private boolean pictured;

    private Consumer<List<String>> display = lines -> {};

    /**
     * Of one run.
     *
     * @param job of the run, with data of its own
     * @param count of samples; 0: none
     * @throws io.ketju.actors.job.InvalidJobException if the model says nothing that can be shown
     */
    public RunSamples(TrainingJob job, int count) {
        this.job = job;
        predictions = count == 0 ? Optional.empty() : Optional.of(new SamplePredictions(job, count, this::told));
    }

    /**
     * Where else it is written.
     *
     * @param other shown beside the lines; the caller's
     */
    public void writesTo(Board other) {
        board = Optional.of(other);
    }

    /**
     * What is to hear of the run.
     *
     * @param shown takes the lines of each time
     * @return empty where no samples are shown
     */
    public Optional<TrainingListener> listener(Consumer<List<String>> shown) {
        display = shown;
        return predictions.map(listener -> listener);
    }

    private void told(SamplePredictions.Told told) {
        List<String> lines = new ArrayList<>();
        lines.add("step " + Units.count(told.step()) + ", epoch " + told.epoch() + ":");
        told.samples().forEach(sample -> lines.add("  " + sample.line().replaceAll("\\s*\\R\\s*", " ")));
        display.accept(lines);
        job.runDirectory().ifPresent(folder -> append(folder.resolve(FILE_NAME), lines));
        board.ifPresent(shown -> {
            shown.text(told.step(), "samples", String.join("\n", lines).indent(4));
            if (!pictured && job.data().test() instanceof ImageDataset images) {
                told.samples()
                        .forEach(sample -> shown.image(
                                told.step(), "samples/" + sample.sample(), ImageFile.image(images, sample.sample())));
            }
            pictured = true;
        });
    }

    private static void append(Path file, List<String> lines) {
        try {
            Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
