package io.ketju.examples.xor;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.Adam;
import io.ketju.plot.Axis;
import io.ketju.plot.Picture;
import io.ketju.plot.Plane;
import io.ketju.plot.SideBySide;
import io.ketju.tensor.Shape;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.List;

/** Example 6. */
public final class Xor implements Example {
    private static final int RING = 200;

    /** What a network is shown of a point. */
    private enum Features {
        PLAIN(2),
        PRODUCT(3),
        RADIUS(3);

        private final int count;

        Features(int count) {
            this.count = count;
        }

        private float[] of(float x, float y) {
            return switch (this) {
                case PLAIN -> new float[] {x, y};
                case PRODUCT -> new float[] {x, y, x * y};
                case RADIUS -> new float[] {x, y, x * x + y * y};
            };
        }

        private Points of(Points points) {
            float[][] shown =
                    Arrays.stream(points.values()).map(at -> of(at[0], at[1])).toArray(float[][]::new);
            return new Points(shown, points.classes());
        }
    }

    @Override
    public String name() {
        return "xor";
    }

    @Override
    public String question() {
        return "What is a hidden layer for? XOR and two rings";
    }

    /** What is learnt from, what is tested with, and the piece of the plane that is drawn. */
    private record Data(String name, Points train, Points test, Axis axis) {}

    @Override
    public void run(Lesson lesson) {
        Points four = new Points(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, new int[] {0, 1, 1, 0});
        Data xor = new Data("XOR", four, four, new Axis(-0.5, 1.5));
        Data rings = new Data("rings", rings(0), rings(1), new Axis(-1.6, 1.6));
        String[] hidden = {"Linear(2, 8)", "Tanh()", "Linear(8, 2)"};
        lesson.print("%-8s%-34s%10s%10s", "data", "network", "loss", "accuracy");
        lesson.picture(
                "xor",
                new SideBySide(
                        learn(lesson, xor, Features.PLAIN, "Linear(2, 2)"),
                        learn(lesson, xor, Features.PRODUCT, "Linear(3, 2)"),
                        learn(lesson, xor, Features.PLAIN, "Linear(2, 4)", "Tanh()", "Linear(4, 2)")));
        lesson.picture(
                "rings",
                new SideBySide(
                        learn(lesson, rings, Features.PLAIN, "Linear(2, 2)"),
                        learn(lesson, rings, Features.RADIUS, "Linear(3, 2)"),
                        learn(lesson, rings, Features.PLAIN, hidden)));
        lesson.print("");
        lesson.print("One step of the last one, as two stages with two micro-batches:");
        Traffic.lines(job(rings, Features.PLAIN, hidden)).forEach(line -> lesson.print("%s", line));
    }

    /** Two noisy rings: radius 0.5, class 0, and 1.2, class 1. */
    private static Points rings(int which) {
        CounterRandom random = CounterRandom.of(6, "rings " + which);
        float[][] values = new float[2 * RING][];
        int[] classes = new int[2 * RING];
        for (int i = 0; i < values.length; i++) {
            classes[i] = i % 2;
            double angle = 2 * Math.PI * random.stream("angle").uniform(i);
            double radius =
                    (i % 2 == 0 ? 0.5 : 1.2) + 0.1 * random.stream("noise").normal(i);
            values[i] =
                    new float[] {(float) (radius * StrictMath.cos(angle)), (float) (radius * StrictMath.sin(angle))};
        }
        return new Points(values, classes);
    }

    // region job
    private static TrainingJob job(Data data, Features features, String... layers) {
        return Ketju.job()
                .model(ModelText.parse(Shape.of(features.count), List.of(layers)))
                .data(features.of(data.train()).with("points", features.of(data.test())))
                .optimizer(new Adam(0.05))
                .batchSize(data.train().size())
                .microbatches(2)
                .stages(Math.min(2, layers.length))
                .epochs(300)
                .checkpointEveryEpochs(300)
                .seed(3)
                .build();
    }
    // end region

    private static Picture learn(Lesson lesson, Data data, Features features, String... layers) {
        try (Fit fit = Fit.of(job(data, features, layers))) {
            String network = String.join(", ", layers);
            String shown = features == Features.PLAIN ? network : network + " with " + made(features);
            lesson.print(
                    "%-8s%-34s%10.4f%8.1f %%",
                    data.name(), shown, fit.lastTest("loss"), 100 * fit.lastTest("accuracy"));
            Points train = data.train();
            Plane plane = new Plane(shown, data.axis(), data.axis());
            float[][] ground = Arrays.stream(plane.places())
                    .map(place -> features.of((float) place[0], (float) place[1]))
                    .toArray(float[][]::new);
            return plane.probability(Arrays.stream(fit.predict(ground))
                            .mapToDouble(classes -> classes[1])
                            .toArray())
                    .points("class 0", 0, train.column(0, 0), train.column(0, 1))
                    .points("class 1", 1, train.column(1, 0), train.column(1, 1));
        }
    }

    private static String made(Features features) {
        return features == Features.PRODUCT ? "x·y" : "x² + y²";
    }
}
