package io.ketju.examples.normalization;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.plot.Chart;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Example 10. */
public final class Normalization implements Example {
    private static final int DEPTH = 6;
    private static final int WIDTH = 64;
    private static final int EPOCHS = 6;
    private static final int BATCH = 32;
    /** Whole mini-batches, so that no micro-batch is smaller than the others; those of MNIST are whole by themselves. */
    private static final int SAMPLES = 44 * BATCH;

    private static final double USUAL = 0.1;
    private static final double[] RATES = {0.01, USUAL, 1};
    private static final int[] PARTS = {1, 4, 16};
    private static final List<String> NORMS = List.of("none", "BatchNorm1d(64)", "LayerNorm(64)");

    @Override
    public String name() {
        return "normalization";
    }

    @Override
    public String question() {
        return "Why normalize within a network? Batch and layer normalization, learning rates and micro-batches";
    }

    @Override
    public String full() {
        return "all of MNIST";
    }

    /** Fifteen runs. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        DataSource data = lesson.full() ? DataSource.named("mnist") : digits();
        ByHand.show(lesson);
        lesson.print("");
        Chart chart = new Chart("Training loss at a rate of " + USUAL, "epoch", "cross entropy").logarithmicY();
        lesson.print("%-28s%36s", DEPTH + " layers of " + WIDTH, "test accuracy at a learning rate of");
        lesson.print("%-28s%12s%12s%12s", "normalization", "0.01", "0.1", "1");
        for (String norm : NORMS) {
            StringBuilder line = new StringBuilder();
            for (double rate : RATES) {
                try (Fit fit = Fit.of(job(data, norm, rate, 1))) {
                    line.append(percent(fit));
                    if (rate == USUAL) {
                        chart.line(norm, fit.train("loss"));
                    }
                }
            }
            lesson.print("%-28s%s", norm, line);
        }
        lesson.picture("losses", chart);
        lesson.print("");
        microbatches(lesson, data);
        lesson.print("");
        Traffic.lines(job(data, NORMS.get(1), USUAL, 4)).forEach(line -> lesson.print("%s", line));
    }

    private static DataSource digits() {
        DataSource digits = DataSource.named("digits");
        return Points.of(digits.train()).part(0, SAMPLES).with("digits", Points.of(digits.test()));
    }

    /** The same mini-batches in more and smaller parts. */
    private static void microbatches(Lesson lesson, DataSource data) {
        lesson.print("%-28s%36s", "a mini-batch of " + BATCH + " as", "test accuracy and test loss of");
        lesson.print("%-28s%24s%24s", "", "batch normalization", "layer normalization");
        for (int parts : PARTS) {
            StringBuilder line = new StringBuilder();
            for (String norm : NORMS.subList(1, NORMS.size())) {
                try (Fit fit = Fit.of(job(data, norm, USUAL, parts))) {
                    line.append(percent(fit)).append(String.format(Locale.ROOT, "%12.4f", fit.lastTest("loss")));
                }
            }
            lesson.print("%-28s%s", parts + " x " + BATCH / parts + " samples", line);
        }
    }

    private static String percent(Fit fit) {
        return String.format(Locale.ROOT, "%10.1f %%", 100 * fit.lastTest("accuracy"));
    }

    // region job
    private static Model model(Shape input, String norm) {
        List<String> lines = new ArrayList<>();
        if (input.rank() > 1) {
            lines.add("Flatten()");
        }
        for (int i = 0; i < DEPTH; i++) {
            lines.add("Linear(" + (i == 0 ? input.elements() : WIDTH) + ", " + WIDTH + ")");
            if (!norm.equals("none")) {
                lines.add(norm);
            }
            lines.add("ReLU()");
        }
        lines.add("Linear(" + WIDTH + ", 10)");
        return ModelText.parse(input, lines);
    }

    private static TrainingJob job(DataSource data, String norm, double rate, int microbatches) {
        return Ketju.job()
                .model(model(data.train().inputShape(), norm))
                .data(data)
                .optimizer(new SGD(rate))
                .batchSize(BATCH)
                .microbatches(microbatches)
                .stages(2)
                .nonFiniteGradients(NonFiniteGradients.SKIP)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .build();
    }
    // end region
}
