package io.ketju.examples.gates;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.QuadraticCost;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** f = sum (W x)²: its gradients by the formulas, and by two layers that are two stages. */
final class VectorCheck {
    private static final float[][] W = {{0.1f, 0.5f, -0.2f}, {-0.3f, 0.8f, 0.4f}};
    private static final float[] X = {0.2f, 0.4f, -1};

    private VectorCheck() {}

    /** Numbers that were written down. */
    private record Given(List<Float> numbers) implements Initializer {
        static Given of(float... numbers) {
            return new Given(
                    IntStream.range(0, numbers.length).mapToObj(i -> numbers[i]).toList());
        }

        @Override
        public void fill(Tensor parameter, CounterRandom random) {
            for (int i = 0; i < numbers.size(); i++) {
                parameter.setFloat(i, numbers.get(i));
            }
        }

        @Override
        public Spec spec() {
            return Spec.of("given");
        }
    }

    static void run(Lesson lesson) {
        OneStep layers = new OneStep(
                job(),
                Map.of(
                        "input",
                        TensorValues.of(new float[] {1}, 1, 1),
                        "target",
                        TensorValues.of(new float[W.length], 1, W.length)));
        OneStep.Part x = layers.parts().getFirst();
        OneStep.Part w = layers.parts().getLast();
        double[][] product = column(product());
        lesson.print("f = sum (W x)² of a matrix and a vector: by hand, and by two layers");
        line(lesson, "W", "given", matrix(w.shape, w.before));
        line(lesson, "x", "given", matrix(x.shape, x.before));
        line(lesson, "W x", "by hand", product);
        line(lesson, "", "layers", matrix(Shape.of(W.length, 1), wide(layers.output)));
        line(lesson, "f", "by hand", new double[][] {{squares()}});
        line(lesson, "", "layers", new double[][] {{2 * layers.loss}});
        line(lesson, "df/dW", "by hand", weightGradient());
        line(lesson, "", "layers", matrix(w.shape, w.lost));
        line(lesson, "df/dx", "by hand", inputGradient());
        line(lesson, "", "layers", matrix(x.shape, x.lost));
    }

    // region vector-job
    /** x is the weight of a layer whose input is 1; the cost is f / 2, so that twice its gradient is that of f. */
    private static TrainingJob job() {
        Linear x = new Linear(1, 3).withoutBias().withInitializer(Given.of(X));
        Linear w = new Linear(3, 2).withoutBias().withInitializer(Given.of(Points.flat(W)));
        return Ketju.job()
                .model(Shape.of(1), Sequential.of(x, w))
                .loss(new QuadraticCost())
                .optimizer(new SGD(2))
                .stages(2)
                .batchSize(1)
                .microbatches(1)
                .stepByStep()
                .build();
    }
    // end region

    private static double[] product() {
        double[] product = new double[W.length];
        for (int row = 0; row < W.length; row++) {
            for (int i = 0; i < X.length; i++) {
                product[row] += (double) W[row][i] * X[i];
            }
        }
        return product;
    }

    private static double squares() {
        return Arrays.stream(product()).map(value -> value * value).sum();
    }

    /** 2 (W x) xᵀ: a row for each row of W. */
    private static double[][] weightGradient() {
        double[] product = product();
        double[][] gradient = new double[W.length][X.length];
        for (int row = 0; row < W.length; row++) {
            for (int i = 0; i < X.length; i++) {
                gradient[row][i] = 2 * product[row] * X[i];
            }
        }
        return gradient;
    }

    /** 2 Wᵀ (W x): as many as x. */
    private static double[][] inputGradient() {
        double[] product = product();
        double[] gradient = new double[X.length];
        for (int row = 0; row < W.length; row++) {
            for (int i = 0; i < X.length; i++) {
                gradient[i] += 2 * W[row][i] * product[row];
            }
        }
        return column(gradient);
    }

    private static double[][] column(double... numbers) {
        return Arrays.stream(numbers).mapToObj(number -> new double[] {number}).toArray(double[][]::new);
    }

    private static double[] wide(float... numbers) {
        return IntStream.range(0, numbers.length).mapToDouble(i -> numbers[i]).toArray();
    }

    private static double[][] matrix(Shape shape, double... numbers) {
        int columns = shape.dimension(1);
        return IntStream.range(0, shape.dimension(0))
                .mapToObj(row -> Arrays.copyOfRange(numbers, row * columns, (row + 1) * columns))
                .toArray(double[][]::new);
    }

    /** Rows from top to bottom, separated by strokes. */
    private static void line(Lesson lesson, String name, String by, double[]... rows) {
        String numbers = Arrays.stream(rows)
                .map(row -> Arrays.stream(row)
                        .mapToObj(number -> String.format(Locale.ROOT, "%6.3f", number))
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining("  |"));
        lesson.print("%-7s%-9s%-8s%s", name, by, Shape.of(rows.length, rows[0].length), numbers);
    }
}
