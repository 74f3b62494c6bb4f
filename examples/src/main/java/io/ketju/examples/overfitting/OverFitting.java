package io.ketju.examples.overfitting;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.BatchOrder;
import io.ketju.data.SampleBatches;
import io.ketju.data.column.ColumnSamples;
import io.ketju.data.column.FloatColumn;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.plot.Chart;
import io.ketju.plot.SideBySide;
import io.ketju.tensor.Shape;
import io.ketju.tensor.random.CounterRandom;
import java.util.List;
import java.util.Optional;

/** Example 7. */
public final class OverFitting implements Example {
    private static final int SAMPLES = 20;
    private static final int PLACES = 121;
    private static final int STEPS = 2000;
    private static final double NOISE = 0.25;

    /** Places and heights of a curve. */
    private static final class Curve {
        private final float[] x;
        private final float[] y;

        private Curve(float[] x, float[] y) {
            this.x = x;
            this.y = y;
        }

        static Curve of(int count, double noise) {
            float[] x = new float[count];
            float[] y = new float[count];
            CounterRandom random = CounterRandom.of(4, "noise");
            for (int i = 0; i < count; i++) {
                x[i] = (float) (-1 + 2.0 * i / (count - 1));
                y[i] = (float) (StrictMath.sin(3 * x[i]) + noise * random.normal(i));
            }
            return new Curve(x, y);
        }

        SampleBatches batches(String name) {
            return new SampleBatches(
                    new ColumnSamples(
                            name, new FloatColumn("input", Shape.of(1), x), new FloatColumn("target", Shape.of(1), y)),
                    SAMPLES,
                    2,
                    BatchOrder.sequential());
        }
    }

    private static final Curve NOISY = Curve.of(SAMPLES, NOISE);
    private static final Curve TRUE = Curve.of(PLACES, 0);

    @Override
    public String name() {
        return "over-fitting";
    }

    @Override
    public String question() {
        return "When does a network learn the noise? Width, weight decay and dropout";
    }

    @Override
    public String full() {
        return "digits of MNIST as well: a thousand of them, then all";
    }

    /** 10,000 steps. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        Optional<DataSource> mnist = lesson.full() ? Optional.of(DataSource.named("mnist")) : Optional.empty();
        lesson.print(
                "%-32s%12s%14s%14s%14s", "hidden layers", "parameters", "weight decay", "error, seen", "error, true");
        lesson.picture(
                "fits",
                new SideBySide(
                        List.of(
                                fit(lesson, "2 units", 0, hidden(2, "")),
                                fit(lesson, "16 units", 0, hidden(16, "")),
                                fit(lesson, "256 units", 0, hidden(256, "")),
                                fit(lesson, "256 units", 3, hidden(256, "")),
                                fit(lesson, "256 units, dropout", 0, hidden(256, "Dropout(0.3)"))),
                        3));
        mnist.ifPresent(digits -> Digits.compare(lesson, digits));
        lesson.print("");
        Traffic.stages(job(0, hidden(256, ""))).forEach(line -> lesson.print("%s", line));
    }

    private static List<String> hidden(int width, String behind) {
        List<String> layers = List.of(
                "Linear(1, " + width + ")",
                "Tanh()",
                behind,
                "Linear(" + width + ", " + width + ")",
                "Tanh()",
                behind,
                "Linear(" + width + ", 1)");
        return layers.stream().filter(layer -> !layer.isEmpty()).toList();
    }

    // region job
    private static TrainingJob job(double weightDecay, List<String> layers) {
        return Ketju.job()
                .model(ModelText.parse(Shape.of(1), layers))
                .loss(new MSELoss())
                .metrics(List.of())
                .data(NOISY.batches("seen"), TRUE.batches("true"))
                .optimizer(Optimizers.parse("AdamW(lr=0.005, weight_decay=" + weightDecay + ")"))
                .stages(2)
                .epochs(STEPS)
                .checkpointEveryEpochs(STEPS)
                .seed(2)
                .build();
    }
    // end region

    private static Chart fit(Lesson lesson, String name, double weightDecay, List<String> layers) {
        TrainingJob job = job(weightDecay, layers);
        try (Fit fit = Fit.of(job)) {
            float[][] seen = outputs(fit, NOISY);
            float[][] all = outputs(fit, TRUE);
            lesson.print(
                    "%-32s%12d%14.1f%14.4f%14.4f",
                    "two of " + name, parameters(job), weightDecay, error(seen, NOISY), error(all, TRUE));
            return new Chart(weightDecay > 0 ? name + ", weight decay" : name, "x", "y")
                    .between(-2, 2)
                    .line("network", doubles(TRUE.x), column(all))
                    .reference("sin 3x", doubles(TRUE.x), doubles(TRUE.y))
                    .points("samples", doubles(NOISY.x), doubles(NOISY.y));
        }
    }

    private static long parameters(TrainingJob job) {
        return StagePlan.all(job.pipeline()).stream()
                .mapToLong(StagePlan::parameters)
                .sum();
    }

    private static float[][] outputs(Fit fit, Curve curve) {
        float[][] inputs = new float[curve.x.length][];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = new float[] {curve.x[i]};
        }
        return fit.outputs(inputs);
    }

    private static double error(float[][] outputs, Curve curve) {
        double sum = 0;
        for (int i = 0; i < outputs.length; i++) {
            double off = outputs[i][0] - curve.y[i];
            sum += off * off;
        }
        return sum / outputs.length;
    }

    private static double[] column(float[][] rows) {
        double[] column = new double[rows.length];
        for (int i = 0; i < column.length; i++) {
            column[i] = rows[i][0];
        }
        return column;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }
}
