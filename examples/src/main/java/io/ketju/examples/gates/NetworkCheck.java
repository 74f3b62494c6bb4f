package io.ketju.examples.gates;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainedModel;
import io.ketju.actors.run.TrainingSession;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.loss.QuadraticCost;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The gradients of a network that is trained as three stages against differences of its formula in double: one backward
 * against two forwards for each parameter.
 */
final class NetworkCheck {
    private static final int IN = 2;
    private static final int HIDDEN = 3;
    private static final float[] X = {0.5f, -1, 1.5f, 2, -0.5f, 0.25f, 1, 1};
    private static final float[] Y = {1, -1, 0.5f, 0};
    private static final double STEP = 1e-5;
    private static final List<String> NAMES = List.of("0.weight", "0.bias", "2.weight", "2.bias");

    private NetworkCheck() {}

    static void run(Lesson lesson) {
        TrainingJob job = job();
        double[] before;
        double[] after;
        try (TrainingSession session = Ketju.session(job)) {
            before = parameters(session);
            session.step(Map.of("input", TensorValues.of(X, Y.length, IN), "target", TensorValues.of(Y, Y.length, 1)));
            after = parameters(session);
        }
        lesson.print(
                "A network of %d parameters as three stages: one backward, and %d forwards",
                before.length, 2 * before.length);
        lesson.print("%-14s%12s%14s", "parameter", "gradient", "difference");
        double largest = 0;
        for (int i = 0; i < before.length; i++) {
            double gradient = before[i] - after[i]; // the step was 1 · gradient
            double difference = difference(before, i);
            largest = Math.max(largest, Math.abs(gradient - difference));
            lesson.print("%-14s%12.5f%14.5f", name(i), gradient, difference);
        }
        lesson.print("largest error %s 1e-6", largest < 1e-6 ? "below" : "NOT below");
        lesson.print("");
        Traffic.lines(job).forEach(line -> lesson.print("%s", line));
    }

    // region job
    private static TrainingJob job() {
        return Ketju.job()
                .model(ModelText.parse(Shape.of(IN), List.of("Linear(2, 3)", "Sigmoid()", "Linear(3, 1)")))
                .loss(new QuadraticCost())
                .optimizer(new SGD(1))
                .stageBounds(List.of(0, 1, 2, 3))
                .batchSize(Y.length)
                .microbatches(2)
                .stepByStep()
                .build();
    }
    // end region

    private static double[] parameters(TrainingSession session) {
        try (TrainedModel model = session.model()) {
            return NAMES.stream()
                    .flatMapToDouble(name -> {
                        float[] values = model.parameter(name);
                        double[] wide = new double[values.length];
                        Arrays.setAll(wide, i -> values[i]);
                        return Arrays.stream(wide);
                    })
                    .toArray();
        }
    }

    private static String name(int index) {
        int[] ends = {IN * HIDDEN, IN * HIDDEN + HIDDEN, IN * HIDDEN + 2 * HIDDEN, IN * HIDDEN + 2 * HIDDEN + 1};
        int part = 0;
        int first = 0;
        while (index >= ends[part]) {
            first = ends[part++];
        }
        return NAMES.get(part) + "[" + (index - first) + "]";
    }

    private static double difference(double[] parameters, int index) {
        double[] more = parameters.clone();
        double[] less = parameters.clone();
        more[index] += STEP;
        less[index] -= STEP;
        return (loss(more) - loss(less)) / (2 * STEP);
    }

    // region formula
    /** The mean over the samples of 1/2 (w2 · sigmoid(W1 x + b1) + b2 - y)². */
    private static double loss(double[] p) {
        double sum = 0;
        for (int n = 0; n < Y.length; n++) {
            double out = p[IN * HIDDEN + 2 * HIDDEN];
            for (int h = 0; h < HIDDEN; h++) {
                double z = p[IN * HIDDEN + h] + p[IN * h] * X[IN * n] + p[IN * h + 1] * X[IN * n + 1];
                out += p[IN * HIDDEN + HIDDEN + h] / (1 + StrictMath.exp(-z));
            }
            sum += (out - Y[n]) * (out - Y[n]) / 2;
        }
        return sum / Y.length;
    }
    // end region
}
