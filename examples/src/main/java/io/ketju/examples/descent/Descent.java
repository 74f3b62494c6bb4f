package io.ketju.examples.descent;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TensorValues;
import io.ketju.actors.run.TrainingSession;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.plot.Axis;
import io.ketju.plot.Plane;
import io.ketju.plot.SideBySide;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Example 3. */
public final class Descent implements Example {
    private static final int STEPS = 60;
    private static final double LOW = 0.01;

    private static final List<String> STEP_SIZES =
            List.of("SGD(lr=0.01)", "SGD(lr=0.05)", "SGD(lr=0.095)", "SGD(lr=0.101)");

    private static final List<String> WITH_MEMORY = List.of(
            "SGD(lr=0.02, momentum=0.9)",
            "SGD(lr=0.02, momentum=0.9, nesterov=true)",
            "ASGD(lr=0.05)",
            "Rprop(lr=0.1)",
            "Lion(lr=0.1)",
            "LAMB(lr=0.1)");

    private static final List<String> BY_COORDINATE = List.of(
            "Adagrad(lr=0.5)",
            "RMSprop(lr=0.1)",
            "Adadelta(lr=20)",
            "Adam(lr=0.2)",
            "AdamW(lr=0.2)",
            "Adamax(lr=0.2)",
            "NAdam(lr=0.2)",
            "RAdam(lr=0.2)",
            "SparseAdam(lr=0.2)");

    private static final List<String> BY_CURVATURE = List.of("LBFGS(max_iter=1)", "LBFGS(max_iter=1, history_size=1)");

    @Override
    public String name() {
        return "descent";
    }

    @Override
    public String question() {
        return "Which way down? Step size, momentum, and the optimizers side by side";
    }

    @Override
    public void run(Lesson lesson) {
        lesson.print("%-44s%10s%10s%10s%14s", "optimizer", "f after 10", "30", "60", "f < " + LOW);
        Plane sizes = walk(lesson, "Step size", STEP_SIZES);
        Plane memory = walk(lesson, "Momentum and signs", WITH_MEMORY);
        Plane coordinates = walk(lesson, "A step size for each coordinate", BY_COORDINATE);
        Plane curvature = walk(lesson, "Curvature", BY_CURVATURE);
        lesson.picture("paths", new SideBySide(List.of(sizes, memory, coordinates, curvature), 2));
        lesson.print("");
        Traffic.lines(job(STEP_SIZES.getFirst())).forEach(line -> lesson.print("%s", line));
    }

    /** All that walk. */
    static Stream<String> optimizers() {
        return Stream.of(STEP_SIZES, WITH_MEMORY, BY_COORDINATE, BY_CURVATURE).flatMap(List::stream);
    }

    private static Plane walk(Lesson lesson, String title, List<String> optimizers) {
        Plane plane = new Plane(title, new Axis(-2.5, 2.5), new Axis(-2.5, 2.5)).heights(Valley::height);
        for (int i = 0; i < optimizers.size(); i++) {
            double[][] path = path(optimizers.get(i));
            lesson.print(
                    "%-44s%10s%10s%10s%14s",
                    optimizers.get(i), height(path, 10), height(path, 30), height(path, STEPS), below(path));
            plane.path(shortened(optimizers.get(i)), i, path[0], path[1]);
        }
        return plane;
    }

    /** What fits beside a picture. */
    private static String shortened(String optimizer) {
        return optimizer
                .replace("lr=0.02, momentum=0.9, nesterov=true", "nesterov")
                .replace("lr=0.02, momentum=0.9", "momentum")
                .replace("max_iter=1, ", "");
    }

    // region walk
    private static TrainingJob job(String optimizer) {
        ModelBuilder model = new ModelBuilder();
        Value row = model.input(Input.samples("row", DType.INT32, Shape.of()));
        Embedding table = new Embedding(1, 2).withInitializer(Initializers.constant(-2));
        boolean sparse = optimizer.startsWith("SparseAdam");
        Value place = model.add("table", sparse ? table.withSparse() : table, row);
        return Ketju.job()
                .model(model.head("valley", new Valley(), List.of(place))
                        .output(place)
                        .build())
                .optimizer(Optimizers.parse(optimizer))
                .batchSize(1)
                .microbatches(1)
                .stepByStep()
                .build();
    }

    /** The places before each step and after the last: what the table gives for row 0. */
    private static double[][] path(String optimizer) {
        double[][] path = new double[2][STEPS + 1];
        Map<String, TensorValues> first = Map.of("row", TensorValues.of(new int[] {0}, 1));
        try (TrainingSession session = Ketju.session(job(optimizer))) {
            for (int step = 0; step <= STEPS; step++) {
                float[] place = session.predict(first).firstEntry().getValue().floats();
                path[0][step] = place[0];
                path[1][step] = place[1];
                if (step < STEPS) {
                    session.step(first);
                }
            }
        }
        return path;
    }
    // end region

    private static String height(double[][] path, int step) {
        double height = Valley.height(path[0][step], path[1][step]);
        return height < 1e4 ? String.format(Locale.ROOT, "%.4f", height) : "far away";
    }

    /** From which step on f stays low. */
    private static String below(double[][] path) {
        int from = STEPS + 1;
        while (from > 0 && Valley.height(path[0][from - 1], path[1][from - 1]) < LOW) {
            from--;
        }
        return from > STEPS ? "-" : "from step " + from;
    }
}
