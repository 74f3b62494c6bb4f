package io.ketju.examples.memory;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TextContinuation;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.TokenRows;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.optimizer.Adam;
import io.ketju.plot.Chart;
import io.ketju.plot.SideBySide;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Example 18. */
public final class Memory implements Example {
    private static final int EPOCHS = 3;
    private static final int TESTED = 512;
    private static final int SHOWN = 32;
    private static final int[] BACK = {1, 2, 4, 8, 16, 32, 63};
    private static final int[] SEEN = {1, 2, 4, 8, 16, 32, 64};

    private final List<String> losses = new ArrayList<>();
    private final List<String> gradients = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String question() {
        return "How far back does a network remember? RNN, GRU and LSTM, and gradients through time";
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        DataSource novel = DataSource.named("text(dickens, tokens=characters, context=64, stride=192)");
        Chart first = gradient("before the first step");
        Chart last = gradient("after " + EPOCHS + " epochs");
        Chart learning = new Chart("Loss on the test text", "epoch", "bits a character");
        Chart places = new Chart("Loss by place in the window", "characters seen", "nats a character");
        for (Network network : Network.values()) {
            TokenRows shown = TokenRows.of(novel.test(), SHOWN);
            draw(first, "before", network, Reach.of(network, Optional.empty(), shown));
            try (Fit fit = Fit.of(job(novel, network))) {
                double[] seen = TokenRows.of(novel.test(), TESTED).losses(fit.model());
                measured(network, fit, seen);
                learning.line(network.name(), fit.test("bits_per_character"));
                places.line(network.name(), seen);
                draw(last, "after", network, Reach.of(network, Optional.of(saved(lesson, fit)), shown));
                TextContinuation writer = new TextContinuation(
                        fit.model(), novel.train().textEncoding().orElseThrow());
                texts.add(network + ": The old man "
                        + writer.after("The old man ", 76, new TextContinuation.Draw(0.5, 0, 1)).replace('\n', ' '));
            }
        }
        print(lesson, novel);
        lesson.picture("learning", new SideBySide(learning, places));
        lesson.picture("gradients", new SideBySide(first, last));
    }

    // region job
    private static TrainingJob job(DataSource novel, Network network) {
        return Ketju.job()
                .model("language_model(vocabulary=81, context=" + Network.CONTEXT + ", embedding=" + Network.EMBEDDING
                        + ", hidden=" + Network.HIDDEN + ", cell=" + network.cell() + ")")
                .data(novel)
                .optimizer(new Adam(0.005))
                .clipGradNorm(1)
                .batchSize(32)
                .microbatches(4)
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .seed(1)
                .build();
    }
    // end region

    private static Chart gradient(String when) {
        return new Chart("Gradient of the last character, " + when, "characters back", "length, 1 at the last").logarithmicY();
    }

    /** The gradient's length at each character, in lengths of that at the last one. */
    private void draw(Chart chart, String when, Network network, double[] lengths) {
        double[] shares =
                IntStream.range(0, lengths.length).mapToDouble(back -> lengths[back] / lengths[0]).toArray();
        double[] back = IntStream.range(0, lengths.length).asDoubleStream().toArray();
        chart.line(network.name(), back, shares);
        StringBuilder line = new StringBuilder(String.format("%-8s%-8s", when, network));
        for (int at : BACK) {
            line.append(String.format(Locale.ROOT, "%10.1e", shares[at]));
        }
        gradients.add(line.toString());
    }

    private void measured(Network network, Fit fit, double[] seen) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-6s%,10d", network, fit.model().model().parameterCount()));
        for (double bits : fit.test("bits_per_character")) {
            line.append(String.format(Locale.ROOT, "%7.3f", bits));
        }
        line.append("  ");
        for (int count : SEEN) {
            line.append(String.format(Locale.ROOT, "%7.3f", seen[count - 1]));
        }
        losses.add(line.toString());
    }

    private static Path saved(Lesson lesson, Fit fit) {
        try {
            Path file = Files.createTempFile(lesson.folder(), "weights", ".safetensors");
            fit.model().save(file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(Lesson lesson, DataSource novel) {
        lesson.print("%37s  %49s", "test text, bits a character after", "nats a character, by how many it has seen");
        lesson.print("%16s%7d%7d%7d  %7d%7d%7d%7d%7d%7d%7d", "parameters", 1, 2, 3, 1, 2, 4, 8, 16, 32, 64);
        losses.forEach(line -> lesson.print("%s", line));
        lesson.print("");
        lesson.print("Gradient of the last character's loss, by how many characters back; at the last one 1:");
        lesson.print("%16s%10d%10d%10d%10d%10d%10d%10d", "", 1, 2, 4, 8, 16, 32, 63);
        gradients.stream().sorted((a, b) -> b.substring(0, 6).compareTo(a.substring(0, 6))).forEach(line -> lesson.print("%s", line));
        lesson.print("");
        texts.forEach(text -> lesson.print("%s", text));
        lesson.print("");
        Traffic.lines(job(novel, Network.LSTM)).forEach(line -> lesson.print("%s", line));
    }
}
