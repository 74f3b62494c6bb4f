package io.ketju.examples.initialvalues;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Named;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.examples.lesson.Untrained;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.SGD;
import io.ketju.plot.Chart;
import io.ketju.plot.SideBySide;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Example 8. */
public final class InitialValues implements Example {
    private static final int DEPTH = 8;
    private static final int WIDTH = 100;
    private static final int EPOCHS = 5;
    private static final int SAMPLES = 200;
    private static final List<Integer> TOLD = List.of(1, 2, 4, DEPTH);

    private static final List<String> FOR_TANH =
            List.of("normal(std=0.01)", "normal(std=1)", "xavier_normal(gain=1)", "xavier_uniform(gain=1)");
    private static final List<String> FOR_RELU =
            List.of("normal(std=0.01)", "xavier_normal(gain=1)", "kaiming_normal(nonlinearity=relu)");

    @Override
    public String name() {
        return "initial-values";
    }

    @Override
    public String question() {
        return "Which weights to begin with? Xavier, Kaiming, and two ways to draw normal numbers";
    }

    @Override
    public String full() {
        return "all of MNIST";
    }

    @Override
    public void run(Lesson lesson) {
        DataSource digits = lesson.data("digits", "mnist");
        Points test = Points.of(digits.test()).part(0, SAMPLES);
        lesson.print("%-42s%44s%20s%10s", "", "deviation behind layer", "gradient's norm", "test");
        lesson.print(
                "%-42s%11d%11d%11d%11d%10s%10s%10s",
                "activation, initial weights", 1, 2, 4, DEPTH, "first", "last", "accuracy");
        Chart tanh = compare(lesson, digits, test, "Tanh()", FOR_TANH);
        Chart relu = compare(lesson, digits, test, "ReLU()", FOR_RELU);
        lesson.picture("deviations", new SideBySide(tanh, relu));
        lesson.print("");
        lesson.picture("normal", NormalNumbers.compare(lesson));
        lesson.print("");
        Traffic.stages(job(digits, "ReLU()", FOR_RELU.getLast())).forEach(line -> lesson.print("%s", line));
    }

    // region job
    private static Model model(Shape image, String activation, String initializer) {
        List<String> lines = new ArrayList<>(List.of("Flatten()"));
        for (int i = 1; i <= DEPTH; i++) {
            lines.add("linear" + i + " = Linear(" + (i == 1 ? image.elements() : WIDTH) + ", " + WIDTH + ")");
            lines.add(hidden(i) + " = " + activation);
        }
        lines.add("out = Linear(" + WIDTH + ", 10)");
        lines.add("init *.weight = " + initializer);
        lines.add("init *.bias = zeros");
        lines.add("output out, " + String.join(", ", hidden()));
        return ModelText.parse(image, lines);
    }

    private static TrainingJob job(DataSource digits, String activation, String initializer) {
        return Ketju.job()
                .model(model(digits.train().inputShape(), activation, initializer))
                .data(digits)
                .optimizer(new SGD(0.05))
                .batchSize(32)
                .microbatches(2)
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .build();
    }
    // end region

    private static String hidden(int layer) {
        return "hidden" + layer;
    }

    private static List<String> hidden() {
        return IntStream.rangeClosed(1, DEPTH).mapToObj(InitialValues::hidden).toList();
    }

    /** A line of the table and one of the chart for each initializer. */
    private static Chart compare(
            Lesson lesson, DataSource digits, Points test, String activation, List<String> initializers) {
        Chart chart = new Chart("Activations behind " + activation.replace("()", ""), "layer", "standard deviation")
                .logarithmicY();
        Shape image = digits.test().inputShape();
        for (String initializer : initializers) {
            Untrained untrained = Untrained.of(
                    model(image, activation, initializer),
                    new CrossEntropyLoss(),
                    TensorValues.of(
                            Points.flat(test.values()), image.batched(SAMPLES).toArray()),
                    TensorValues.of(test.classes(), SAMPLES),
                    1);
            double[] deviations = hidden().stream()
                    .mapToDouble(name -> Untrained.Spread.of(
                                    Named.of(untrained.outputs(), name).floats())
                            .deviation())
                    .toArray();
            try (Fit fit = Fit.of(job(digits, activation, initializer))) {
                lesson.print(
                        "%-42s%s%10s%10s%8.1f %%",
                        activation.replace("()", "") + ", " + initializer,
                        told(deviations),
                        shortly(untrained.norm("linear1.weight")),
                        shortly(untrained.norm("linear" + DEPTH + ".weight")),
                        100 * fit.lastTest("accuracy"));
            }
            chart.line(initializer, deviations);
        }
        return chart;
    }

    private static String told(double[] deviations) {
        StringBuilder line = new StringBuilder();
        TOLD.forEach(layer -> line.append(String.format(Locale.ROOT, "%11s", shortly(deviations[layer - 1]))));
        return line.toString();
    }

    private static String shortly(double value) {
        return String.format(Locale.ROOT, value < 0.001 ? "%.1e" : "%.3f", value);
    }
}
