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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Example 18. */
public final class Memory implements Example {
    private static final int EPOCHS = 3;
    private static final int TESTED = 512;
    private static final int SHOWN = 32;
    // region sizes
    private static final Size SHORT = new Size(64, 32, 96);
    private static final Size LONG = new Size(128, 64, 256);
    // end region

    private static final String START = "The old man ";

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String question() {
        return "How far back does a network remember? RNN, GRU and LSTM, and gradients through time";
    }

    @Override
    public String full() {
        return "three times as much text, windows of 128 characters, states of 256 numbers";
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        Size size = lesson.full() ? LONG : SHORT;
        int stride = lesson.full() ? size.context() : 3 * size.context();
        DataSource novel = DataSource.named(
                "text(dickens, tokens=characters, context=" + size.context() + ", stride=" + stride + ")");
        Report report = new Report(size.context());
        TokenRows shown = TokenRows.of(novel.test(), SHOWN);
        for (Network network : Network.values()) {
            report.begun(network, new Reach(size, network, Optional.empty()).lengths(shown));
            try (Fit fit = Fit.of(job(novel, size, network))) {
                double[] seen = TokenRows.of(novel.test(), TESTED).losses(fit.model());
                double[] lengths = new Reach(size, network, Optional.of(saved(lesson, fit))).lengths(shown);
                TextContinuation writer = new TextContinuation(
                        fit.model(), novel.train().textEncoding().orElseThrow());
                String text = writer.after(START, 76, new TextContinuation.Draw(0.5, 0, 1));
                report.learnt(network, fit, seen, lengths, START + text);
            }
        }
        report.print(lesson);
        lesson.print("");
        Traffic.lines(job(novel, size, Network.LSTM)).forEach(line -> lesson.print("%s", line));
    }

    // region job
    private static TrainingJob job(DataSource novel, Size size, Network network) {
        return Ketju.job()
                .model("language_model(vocabulary=81, context=" + size.context() + ", embedding=" + size.embedding()
                        + ", hidden=" + size.hidden() + ", cell=" + network.cell() + ")")
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

    private static Path saved(Lesson lesson, Fit fit) {
        try {
            Path file = Files.createTempFile(lesson.folder(), "weights", ".safetensors");
            fit.model().save(file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
