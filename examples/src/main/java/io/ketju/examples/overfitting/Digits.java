package io.ketju.examples.overfitting;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.Dataset;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.plot.Chart;
import io.ketju.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The long version: the same ways to hold a network back, and one more, samples. */
final class Digits {
    private static final int FEW = 1000;
    private static final int TESTED = 2000;
    private static final int BATCH = 50;

    /** Mini-batches, as many for few samples as for many. */
    private static final int STEPS = 6000;

    private Digits() {}

    /**
     * One way to learn.
     *
     * @param digits to learn from, and to be tested with
     */
    private record Way(String name, DataSource digits, double weightDecay, List<String> layers) {}

    /** A line for each way, and the picture {@code digits}. */
    static void compare(Lesson lesson, DataSource all) {
        Shape image = all.train().inputShape();
        Dataset test = Points.of(all.test()).part(0, TESTED).dataset("mnist/test-" + TESTED, image);
        Dataset first = Points.of(all.train()).part(0, FEW).dataset("mnist/train-" + FEW, image);
        DataSource few = new DataSource("mnist-" + FEW, first, test);
        DataSource many = new DataSource("mnist", all.train(), test);
        Chart chart = new Chart("Loss on test digits", "share of the run", "cross entropy").logarithmicY();
        lesson.print("");
        lesson.print(
                "%-32s%12s%14s%14s%14s%12s", "digits", "seen", "weight decay", "loss, seen", "loss, test", "accuracy");
        learn(lesson, chart, new Way("8 units", few, 0, layers(8, "")));
        learn(lesson, chart, new Way("256 units", few, 0, layers(256, "")));
        learn(lesson, chart, new Way("256 units, weight decay", few, 1, layers(256, "")));
        learn(lesson, chart, new Way("256 units, dropout", few, 0, layers(256, "Dropout(0.5)")));
        learn(lesson, chart, new Way("256 units, all digits", many, 0, layers(256, "")));
        lesson.picture("digits", chart);
    }

    private static void learn(Lesson lesson, Chart chart, Way way) {
        try (Fit fit = Fit.of(job(way))) {
            double[] seen = fit.train("loss");
            double[] test = fit.test("loss");
            lesson.print(
                    "%-32s%12d%14.1f%14.4f%14.4f%10.1f %%",
                    "two of " + way.name(),
                    way.digits().train().size(),
                    way.weightDecay(),
                    seen[seen.length - 1],
                    test[test.length - 1],
                    100 * fit.lastTest("accuracy"));
            double[] shares = IntStream.rangeClosed(1, test.length)
                    .mapToDouble(epoch -> (double) epoch / test.length)
                    .toArray();
            chart.line(way.name(), shares, test);
        }
    }

    private static List<String> layers(int width, String behind) {
        return Stream.of(
                        "Flatten()",
                        "Linear(784, " + width + ")",
                        "ReLU()",
                        behind,
                        "Linear(" + width + ", " + width + ")",
                        "ReLU()",
                        behind,
                        "Linear(" + width + ", 10)")
                .filter(layer -> !layer.isEmpty())
                .toList();
    }

    private static TrainingJob job(Way way) {
        int epochs = STEPS * BATCH / way.digits().train().size();
        return Ketju.job()
                .model(ModelText.parse(way.digits().train().inputShape(), way.layers()))
                .data(way.digits())
                .optimizer(Optimizers.parse("AdamW(lr=0.001, weight_decay=" + way.weightDecay() + ")"))
                .batchSize(BATCH)
                .microbatches(2)
                .stages(2)
                .epochs(epochs)
                .checkpointEveryEpochs(epochs)
                .seed(2)
                .build();
    }
}
