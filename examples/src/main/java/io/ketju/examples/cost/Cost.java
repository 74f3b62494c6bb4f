package io.ketju.examples.cost;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.BatchOrder;
import io.ketju.data.Dataset;
import io.ketju.data.SampleBatches;
import io.ketju.data.column.ColumnSamples;
import io.ketju.data.column.FloatColumn;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.FlatInputs;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.loss.Losses;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.SGD;
import io.ketju.plot.Chart;
import io.ketju.plot.SideBySide;
import io.ketju.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Example 5. */
public final class Cost implements Example {
    private static final int CLASSES = 10;
    private static final int[] TOLD = {1, 2, 5, 10, 30};
    private static final int BATCH = 10;
    private static final double RATE = 0.5;
    private static final int ALONE = 300;
    private static final double RATE_ALONE = 0.15;

    @Override
    public String name() {
        return "cost";
    }

    @Override
    public String question() {
        return "Why not the square of the error? Two layers of sigmoid neurons, quadratic cost and cross-entropy";
    }

    @Override
    public String full() {
        return "all of MNIST";
    }

    /** Ten runs. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        DataSource digits = lesson.data("digits", "mnist");
        Chart[] charts = {alone(lesson), digits(lesson, digits)};
        lesson.picture("learning", new SideBySide(charts));
        lesson.print("");
        Traffic.lines(job(digits, "QuadraticCost()", RATE, 1)).forEach(line -> lesson.print("%s", line));
    }

    /** One neuron that is to give 0 for 1, and begins at a = 0.98. */
    private static Chart alone(Lesson lesson) {
        double[] quadratic = neuron(true);
        double[] entropy = neuron(false);
        lesson.print("One neuron, input 1, target 0, w = b = 2 at first:");
        lesson.print("%-16s%12s%12s%12s%12s", "output a after", "0 steps", "30", "100", "300");
        for (boolean square : new boolean[] {true, false}) {
            double[] a = square ? quadratic : entropy;
            lesson.print(
                    "%-16s%12.4f%12.4f%12.4f%12.4f",
                    square ? "quadratic" : "cross-entropy", a[0], a[30], a[100], a[ALONE]);
        }
        lesson.print("");
        return new Chart("One neuron unlearns", "step", "output, 0 is right")
                .between(0, 1)
                .line("quadratic cost", quadratic)
                .line("cross-entropy", entropy);
    }

    private static double[] neuron(boolean square) {
        double w = 2;
        double b = 2;
        double[] outputs = new double[ALONE + 1];
        for (int step = 0; step <= ALONE; step++) {
            double a = 1 / (1 + StrictMath.exp(-(w + b)));
            outputs[step] = a;
            double delta = square ? a * a * (1 - a) : a; // (a - 0) sigma'(z), or a - 0
            w -= RATE_ALONE * delta;
            b -= RATE_ALONE * delta;
        }
        return outputs;
    }

    private static Chart digits(Lesson lesson, DataSource digits) {
        lesson.print(
                "Digits, %d-30-10, initial weights of deviation 1; share of the test digits told right after so many epochs:",
                digits.test().inputShape().elements());
        lesson.print("%-16s%8s%9d%9d%9d%9d%9d", "cost", "rate", TOLD[0], TOLD[1], TOLD[2], TOLD[3], TOLD[4]);
        Chart chart = new Chart("Digits told right", "epoch", "share of the test digits").between(0, 1);
        Points test = Points.of(digits.test());
        double[] epochs = Arrays.stream(TOLD).asDoubleStream().toArray();
        for (String cost : List.of("QuadraticCost()", "BCELoss(reduction=sum)")) {
            boolean square = cost.startsWith("Quadratic");
            double rate = square ? RATE : RATE / BATCH;
            double[] right = new double[TOLD.length];
            for (int i = 0; i < right.length; i++) {
                try (Fit fit = Fit.of(job(digits, cost, rate, TOLD[i]))) {
                    right[i] = test.accuracy(fit.outputs(test.values()));
                }
            }
            String name = square ? "quadratic" : "cross-entropy";
            StringBuilder shares = new StringBuilder();
            Arrays.stream(right).forEach(share -> shares.append(String.format(Locale.ROOT, "%7.1f %%", 100 * share)));
            lesson.print("%-16s%8.2f%s", name, rate, shares);
            chart.line(name, epochs, right);
        }
        return chart;
    }

    // region job
    private static TrainingJob job(DataSource digits, String cost, double rate, int epochs) {
        int pixels = digits.train().inputShape().elements();
        return Ketju.job()
                .model(ModelText.parse(
                        Shape.of(pixels),
                        List.of(
                                "Linear(" + pixels + ", 30, init=normal(0, 1))",
                                "Sigmoid()",
                                "Linear(30, 10, init=normal(0, 1))",
                                "Sigmoid()")))
                .loss(Losses.parse(cost))
                .data(oneHot("train", digits.train()), oneHot("test", digits.test()))
                .optimizer(new SGD(rate))
                .stages(2)
                .epochs(epochs)
                .checkpointEveryEpochs(epochs)
                .metrics(List.of())
                .build();
    }
    // end region

    private static SampleBatches oneHot(String name, Dataset digits) {
        int[] classes = Points.classes(digits);
        float[] targets = new float[classes.length * CLASSES];
        for (int i = 0; i < classes.length; i++) {
            targets[i * CLASSES + classes[i]] = 1;
        }
        return new SampleBatches(
                new ColumnSamples(
                        name, new FlatInputs("input", digits), new FloatColumn("target", Shape.of(CLASSES), targets)),
                BATCH,
                2,
                BatchOrder.shuffled(1));
    }
}
