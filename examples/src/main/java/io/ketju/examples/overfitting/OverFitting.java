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
import io.ketju.layers.optimizer.Penalty;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.plot.Chart;
import io.ketju.plot.Picture;
import io.ketju.plot.SideBySide;
import io.ketju.tensor.Shape;
import io.ketju.tensor.random.CounterRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Example 7. */
public final class OverFitting implements Example {
    private static final int SAMPLES = 20;
    private static final int PLACES = 121;
    private static final int STEPS = 2000;

    /** An epoch is so many steps with the same samples: what an epoch costs beside its steps is not paid for each. */
    private static final int STEPS_OF_EPOCH = 100;

    private static final int EPOCHS = STEPS / STEPS_OF_EPOCH;
    private static final double NOISE = 0.25;

    /**
     * One network.
     *
     * @param hidden its hidden layers in words
     * @param heldBack what holds it back, in words, or nothing
     * @param weightDecay of AdamW
     * @param penalties of the loss
     */
    private record Net(
            String hidden, String heldBack, double weightDecay, List<Penalty> penalties, List<String> layers) {
        static Net free(String hidden, List<String> layers) {
            return new Net(hidden, "", 0, List.of(), layers);
        }
    }

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
                    new ColumnSamples(name, column("input", x), column("target", y)),
                    SAMPLES,
                    2,
                    BatchOrder.sequential());
        }

        private static FloatColumn column(String name, float[] values) {
            float[] all = new float[STEPS_OF_EPOCH * values.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = values[i % values.length];
            }
            return new FloatColumn(name, Shape.of(1), all);
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

    /** 18,000 steps of the curve, 1,200 of digits. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        Optional<DataSource> mnist = lesson.full() ? Optional.of(DataSource.named("mnist")) : Optional.empty();
        lesson.print(
                "%-24s%12s  %-18s%12s%14s",
                "hidden layers", "parameters", "held back by", "error, seen", "error, true");
        lesson.picture(
                "fits", new SideBySide(nets().map(net -> fit(lesson, net)).toList(), 3));
        WeightImages.compare(lesson);
        mnist.ifPresent(digits -> Digits.compare(lesson, digits));
        lesson.print("");
        Traffic.stages(job(Net.free("two of 256 units", hidden(256, "")))).forEach(line -> lesson.print("%s", line));
    }

    private static Stream<Net> nets() {
        String wide = "two of 256 units";
        List<String> layers = hidden(256, "");
        List<Penalty> l2 = List.of(new Penalty(Penalty.Norm.L2, 0.001));
        return Stream.concat(
                IntStream.of(2, 4, 16, 64, 256)
                        .mapToObj(width -> Net.free("two of " + width + " units", hidden(width, ""))),
                Stream.of(
                        Net.free("one of 256 units", List.of("Linear(1, 256)", "Tanh()", "Linear(256, 1)")),
                        new Net(wide, "L2 0.001", 0, l2, layers),
                        new Net(wide, "weight decay 3", 3, List.of(), layers),
                        new Net(wide, "dropout 0.3", 0, List.of(), hidden(256, "Dropout(0.3)"))));
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
    private static TrainingJob job(Net net) {
        return Ketju.job()
                .model(ModelText.parse(Shape.of(1), net.layers()))
                .loss(new MSELoss())
                .metrics(List.of())
                .data(NOISY.batches("seen"))
                .optimizer(Optimizers.parse("AdamW(lr=0.005, weight_decay=" + net.weightDecay() + ")"))
                .penalties(net.penalties().toArray(Penalty[]::new))
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .seed(2)
                .build();
    }
    // end region

    private static Picture fit(Lesson lesson, Net net) {
        TrainingJob job = job(net);
        try (Fit fit = Fit.of(job)) {
            float[][] seen = outputs(fit, NOISY);
            float[][] all = outputs(fit, TRUE);
            lesson.print(
                    "%-24s%12d  %-18s%12.4f%14.4f",
                    net.hidden(), parameters(job), net.heldBack(), error(seen, NOISY), error(all, TRUE));
            return new Chart(net.heldBack().isEmpty() ? net.hidden() : net.hidden() + ", " + net.heldBack(), "x", "y")
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
