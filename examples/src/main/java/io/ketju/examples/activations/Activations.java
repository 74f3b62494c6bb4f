package io.ketju.examples.activations;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
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

/** Example 9. */
public final class Activations implements Example {
    private static final int DEPTH = 12;
    private static final int WIDTH = 64;
    private static final int EPOCHS = 8;
    private static final int SAMPLES = 200;
    private static final double RATE = 0.02;
    /** With all of MNIST: of forty times as many steps one throws an ELU far off otherwise. */
    private static final double FULL_RATE = 0.005;

    private static final List<String> ALL =
            List.of("Sigmoid()", "Tanh()", "ReLU()", "LeakyReLU(0.1)", "ELU()", "GELU()", "SiLU()", "Hardswish()");

    @Override
    public String name() {
        return "activations";
    }

    @Override
    public String question() {
        return "What does an activation do to a gradient? Slopes, and what is left of them behind twelve layers";
    }

    @Override
    public String full() {
        return "all of MNIST";
    }

    /** Eight networks of twelve layers. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        DataSource digits = lesson.data("digits", "mnist");
        double rate = lesson.full() ? FULL_RATE : RATE;
        curves(lesson);
        lesson.print("");
        Points test = Points.of(digits.test());
        lesson.print("%-18s%34s%10s%12s%12s", "", "gradient's norm of weights in", "", "units that", "test");
        lesson.print(
                "%-18s%11s%11s%12s%10s%12s%12s",
                DEPTH + " layers of",
                "layer 1",
                "layer 6",
                "layer " + DEPTH,
                "1 to " + DEPTH,
                "never move",
                "accuracy");
        Chart chart = new Chart("Gradients in the first step", "layer", "norm of the weight's gradient").logarithmicY();
        for (String activation : ALL) {
            double[] norms = norms(digits.test().inputShape(), test.part(0, SAMPLES), activation);
            chart.line(bare(activation), norms);
            try (Fit fit = Fit.of(job(digits, activation, rate))) {
                lesson.print(
                        "%-18s%11s%11s%12s%10s%10.1f %%%10.1f %%",
                        bare(activation),
                        shortly(norms[0]),
                        shortly(norms[5]),
                        shortly(norms[DEPTH - 1]),
                        shortly(norms[0] / norms[DEPTH - 1]),
                        100 * still(fit, test),
                        100 * fit.lastTest("accuracy"));
            }
        }
        lesson.picture("gradients", chart);
        lesson.print("");
        Traffic.stages(job(digits, "ReLU()", rate)).forEach(line -> lesson.print("%s", line));
    }

    private static void curves(Lesson lesson) {
        lesson.print(
                "%-18s%9s%9s%9s%11s%9s%9s%10s", "f", "f(-2)", "f(0)", "f(2)", "f'(-2)", "f'(0)", "f'(2)", "steepest");
        Chart values = new Chart("f(x)", "x", "f").between(-1.5, 4);
        Chart slopes = new Chart("f'(x)", "x", "slope").between(-0.6, 1.6);
        for (String activation : ALL) {
            Curve curve = Curve.of(activation);
            lesson.print(
                    "%-18s%9.4f%9.4f%9.4f%11.4f%9.4f%9.4f%10.4f",
                    bare(activation),
                    curve.value(-2),
                    curve.value(0),
                    curve.value(2),
                    curve.slope(-2),
                    curve.slope(0),
                    curve.slope(2),
                    curve.steepest());
            values.line(bare(activation), Curve.places(), curve.values());
            slopes.line(bare(activation), Curve.places(), curve.slopes());
        }
        lesson.picture("curves", new SideBySide(values, slopes));
    }

    // region job
    private static Model model(Shape image, String activation) {
        boolean saturates = activation.equals("Sigmoid()") || activation.equals("Tanh()");
        List<String> lines = new ArrayList<>(List.of("Flatten()"));
        for (int i = 1; i <= DEPTH; i++) {
            lines.add("linear" + i + " = Linear(" + (i == 1 ? image.elements() : WIDTH) + ", " + WIDTH + ")");
            lines.add("hidden" + i + " = " + activation);
        }
        lines.add("out = Linear(" + WIDTH + ", 10)");
        lines.add("init *.weight = " + (saturates ? "xavier_normal(gain=1)" : "kaiming_normal(nonlinearity=relu)"));
        lines.add("init *.bias = zeros");
        lines.add("output out, " + String.join(", ", hidden()));
        return ModelText.parse(image, lines);
    }

    private static TrainingJob job(DataSource digits, String activation, double rate) {
        return Ketju.job()
                .model(model(digits.train().inputShape(), activation))
                .data(digits)
                .optimizer(new SGD(rate).withMomentum(0.9))
                .batchSize(32)
                .microbatches(2)
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .build();
    }
    // end region

    private static List<String> hidden() {
        return IntStream.rangeClosed(1, DEPTH).mapToObj(i -> "hidden" + i).toList();
    }

    /** Of the gradients of each layer's weights, in a first step. */
    private static double[] norms(Shape image, Points samples, String activation) {
        Untrained untrained = Untrained.of(
                model(image, activation),
                new CrossEntropyLoss(),
                TensorValues.of(
                        Points.flat(samples.values()),
                        image.batched(samples.size()).toArray()),
                TensorValues.of(samples.classes(), samples.size()),
                1);
        return IntStream.rangeClosed(1, DEPTH)
                .mapToDouble(i -> untrained.norm("linear" + i + ".weight"))
                .toArray();
    }

    /** The share of hidden units that give the same number for all samples: no gradient of theirs can tell images apart. */
    private static double still(Fit fit, Points samples) {
        int still = 0;
        for (String name : hidden()) {
            float[][] outputs = fit.outputs(samples.values(), name);
            for (int unit = 0; unit < WIDTH; unit++) {
                boolean moves = false;
                for (float[] output : outputs) {
                    moves |= output[unit] != outputs[0][unit];
                }
                still += moves ? 0 : 1;
            }
        }
        return (double) still / (DEPTH * WIDTH);
    }

    private static String bare(String activation) {
        return activation.replace("()", "");
    }

    private static String shortly(double value) {
        return String.format(Locale.ROOT, value < 0.001 ? "%.1e" : "%.3f", value);
    }
}
