package io.ketju.examples.gates;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.loss.QuadraticCost;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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

    private NetworkCheck() {}

    static void run(Lesson lesson) {
        TrainingJob job = job();
        OneStep step = new OneStep(
                job, Map.of("input", TensorValues.of(X, Y.length, IN), "target", TensorValues.of(Y, Y.length, 1)));
        double[] all = step.parts().stream()
                .flatMapToDouble(part -> Arrays.stream(part.before))
                .toArray();
        lesson.print(
                "A network of %d parameters as three stages: one backward, and %d forwards",
                all.length, 2 * all.length);
        double largest = 0;
        int first = 0;
        for (OneStep.Part part : step.parts()) {
            double[] differences = new double[part.before.length];
            for (int i = 0; i < differences.length; i++) {
                differences[i] = difference(all, first++);
                largest = Math.max(largest, Math.abs(part.lost[i] - differences[i])); // the step was 1 · gradient
            }
            lesson.print("%-9s%-7sgradient   %s", part.name, part.shape, numbers(part.lost));
            lesson.print("%-16sdifference %s", "", numbers(differences));
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

    private static String numbers(double... numbers) {
        return Arrays.stream(numbers)
                .mapToObj(number -> String.format(Locale.ROOT, "%8.5f", number))
                .collect(Collectors.joining(" "));
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
