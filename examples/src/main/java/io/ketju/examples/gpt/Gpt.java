package io.ketju.examples.gpt;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TextContinuation;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.TrainingSession;
import io.ketju.data.text.TextEncoding;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.TokenRows;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.optimizer.CosineAnnealingLR;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.plot.Chart;
import io.ketju.plot.SideBySide;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Example 21. */
public final class Gpt implements Example {
    // region sizes
    private static final Size SHORT = new Size("layers=2, heads=4, width=64", 0.004, 1000);
    private static final Size LONG = new Size("layers=5, heads=4, width=128", 0.002, 4000);
    // end region

    private static final int BATCH = 32;
    private static final int TESTED = 512;
    private static final List<Integer> TOLD = List.of(0, 10, 30, 100, 300, 1000);
    private static final String START = "The old man ";

    /**
     * How large it is, and how long it learns.
     *
     * @param blocks what the model is made of
     */
    private record Size(String blocks, double rate, int steps) {}

    @Override
    public String name() {
        return "gpt";
    }

    @Override
    public String question() {
        return "How does a network write? A GPT that reads a novel character by character";
    }

    @Override
    public String full() {
        return "a million numbers, 4,000 steps";
    }

    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        Size size = lesson.full() ? LONG : SHORT;
        DataSource novel = DataSource.named("text(dickens, tokens=characters, context=64)");
        TextEncoding encoding = novel.train().textEncoding().orElseThrow();
        TokenRows train = TokenRows.of(novel.train(), Integer.MAX_VALUE);
        TokenRows test = TokenRows.of(novel.test(), TESTED);
        try (TrainingSession session = Ketju.session(job(size))) {
            double[] losses = learn(lesson, session, encoding, train, test, size.steps());
            try (TrainedModel model = session.model()) {
                write(lesson, new TextContinuation(model, encoding), size.steps());
                places(lesson, losses, test.losses(model));
            }
        }
        lesson.print("");
        Traffic.lines(job(size)).forEach(line -> lesson.print("%s", line));
    }

    // region job
    private static TrainingJob job(Size size) {
        return Ketju.job()
                .model("gpt(vocabulary=81, context=64, " + size.blocks() + ")")
                .optimizer(Optimizers.parse("AdamW(lr=" + size.rate() + ", weight_decay=0.1)"))
                .learningRateSchedule(new CosineAnnealingLR())
                .clipGradNorm(1)
                .batchSize(BATCH)
                .microbatches(4)
                .stages(2)
                .stepByStep(size.steps())
                .seed(1)
                .build();
    }
    // end region

    private static double[] learn(
            Lesson lesson, TrainingSession session, TextEncoding encoding, TokenRows train, TokenRows test, int steps) {
        CounterRandom random = CounterRandom.of(21, "windows");
        double[] losses = new double[steps];
        lesson.print("%5s%10s%18s   %s", "step", "loss", "bits a character", "how it goes on with \"" + START + "\"");
        for (int step = 0; step <= steps; step++) {
            if (step == steps || TOLD.contains(step)) {
                try (TrainedModel model = session.model()) {
                    double loss = Arrays.stream(test.losses(model)).average().orElseThrow();
                    String text = new TextContinuation(model, encoding)
                            .after(START, 60, new TextContinuation.Draw(0.7, 0, 1));
                    lesson.print("%5d%10.3f%18.3f   %s", step, loss, loss / StrictMath.log(2), oneLine(text));
                }
            }
            if (step < steps) {
                long first = (long) step * BATCH;
                int[] windows = IntStream.range(0, BATCH)
                        .map(i -> random.below(first + i, train.size()))
                        .toArray();
                losses[step] = session.step(train.batch(windows)).loss();
            }
        }
        return losses;
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ').strip();
    }

    private static void write(Lesson lesson, TextContinuation writer, int steps) {
        lesson.print("");
        lesson.print("After %d steps, by temperature:", steps);
        for (double temperature : new double[] {0, 0.5, 0.8, 1.2}) {
            String text = writer.after(START, 230, new TextContinuation.Draw(temperature, 0, 2));
            lesson.print("%.1f:", temperature);
            wrapped(oneLine(START + text)).forEach(line -> lesson.print("  %s", line));
        }
    }

    /** Lines of at most 90 characters. */
    private static List<String> wrapped(String text) {
        StringBuilder lines = new StringBuilder();
        int length = 0;
        for (String word : text.split(" ", -1)) {
            if (length + word.length() > 90) {
                lines.append('\n');
                length = 0;
            }
            lines.append(length == 0 ? "" : " ").append(word);
            length += word.length() + 1;
        }
        return lines.toString().lines().toList();
    }

    private static void places(Lesson lesson, double[] losses, double[] places) {
        lesson.print("");
        lesson.print("Loss of a character on the test text, by how many characters before it the network sees:");
        lesson.print("%8s%8s%8s%8s%8s%8s%8s", "1", "2", "3-4", "5-8", "9-16", "17-32", "33-64");
        StringBuilder told = new StringBuilder();
        for (double mean : TokenRows.doubling(places)) {
            told.append(String.format(Locale.ROOT, "%8.3f", mean));
        }
        lesson.print("%s", told);
        double[] means = new double[losses.length / 10];
        for (int i = 0; i < losses.length; i++) {
            means[i / 10] += losses[i] / 10;
        }
        double[] tens = IntStream.rangeClosed(1, means.length)
                .asDoubleStream()
                .map(i -> 10 * i)
                .toArray();
        lesson.picture(
                "loss",
                new SideBySide(
                        new Chart("Loss of the mini-batches", "step", "nats a character")
                                .line("mean of ten", tens, means),
                        new Chart("Loss by place in the window", "characters seen", "nats a character")
                                .line("test text", places)));
    }
}
