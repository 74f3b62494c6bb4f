package io.ketju.examples.lenet;

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
import io.ketju.examples.lesson.Work;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Value;
import io.ketju.layers.optimizer.Adam;
import io.ketju.plot.HeatMap;
import io.ketju.plot.ImageGrid;
import io.ketju.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Example 12. */
public final class LeNet implements Example {
    private static final int SIDE = 28;
    private static final int KERNEL = 5;
    private static final int FILTERS = 6;
    private static final int EPOCHS = 6;
    private static final int CLASSES = 10;
    private static final int SHOWN = 3;

    // region layers
    private static final List<String> LAYERS = List.of(
            "conv1 = Conv2d(1, 6, kernel_size=5, padding=2)",
            "relu1 = ReLU()",
            "pool1 = MaxPool2d(2)",
            "conv2 = Conv2d(6, 16, kernel_size=5)",
            "relu2 = ReLU()",
            "pool2 = MaxPool2d(2)",
            "Flatten()",
            "Linear(400, 120)",
            "ReLU()",
            "Linear(120, 84)",
            "ReLU()",
            "out = Linear(84, 10)",
            "output out, relu1, relu2");
    // end region

    private static final List<ReceptiveField.Window> WINDOWS = List.of(
            new ReceptiveField.Window("conv1", KERNEL, 1),
            new ReceptiveField.Window("pool1", 2, 2),
            new ReceptiveField.Window("conv2", KERNEL, 1),
            new ReceptiveField.Window("pool2", 2, 2));

    @Override
    public String name() {
        return "lenet";
    }

    @Override
    public String question() {
        return "What do the filters of a convolutional network see, and how much of the image?";
    }

    @Override
    public String full() {
        return "all of Fashion-MNIST";
    }

    /** It looks at 5,000 images six times. */
    @Override
    public boolean quick() {
        return false;
    }

    @Override
    public void run(Lesson lesson) {
        DataSource data = lesson.data("fashion-mnist-5k", "fashion-mnist");
        TrainingJob job = job(data);
        layers(lesson, job.model());
        fields(lesson);
        Points test = Points.of(data.test());
        try (Fit fit = Fit.of(job)) {
            lesson.print("test accuracy after each epoch:%s", percents(fit.test("accuracy")));
            List<String> names = data.test().classNames();
            lesson.picture("filters", filters(fit.model().parameter("conv1.weight")));
            maps(lesson, fit, test, names);
            confusion(lesson, fit, test, names);
        }
        lesson.print("");
        Traffic.lines(job).forEach(line -> lesson.print("%s", line));
    }

    // region job
    private static TrainingJob job(DataSource data) {
        return Ketju.job()
                .model(ModelText.parse(Shape.of(1, SIDE, SIDE), LAYERS))
                .data(data)
                .optimizer(new Adam(0.002))
                .batchSize(50)
                .microbatches(2)
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .build();
    }
    // end region

    private static void layers(Lesson lesson, Model model) {
        ModelTypes types = model.types(1);
        List<Long> work = Work.perNode(model);
        lesson.print("%-48s%14s%12s%15s", "layer", "output", "parameters", "multiply-adds");
        for (int i = 0; i < work.size(); i++) {
            long parameters = model.nodes().get(i).layer().parameters().stream()
                    .mapToLong(parameter -> parameter.shape().elements())
                    .sum();
            if (parameters > 0) {
                lesson.print(
                        "%-48s%14s%12d%15d",
                        model.nodes().get(i).layer().spec(),
                        types.of(new Value(i, 0)).shape().sample(),
                        parameters,
                        work.get(i));
            }
        }
        lesson.print("%-48s%14s%12d%15d", "all", "", model.parameterCount(), Work.multiplyAdds(model));
        lesson.print("");
    }

    private static void fields(Lesson lesson) {
        List<String> names = WINDOWS.stream().map(ReceptiveField.Window::name).toList();
        List<ReceptiveField.Field> fields = ReceptiveField.fields(WINDOWS);
        List<float[]> seen = ReceptiveField.seen(SIDE, names);
        ImageGrid grid = new ImageGrid("Pixels that the middle number sees, and how often", SIDE, SIDE, 5, seen.size());
        lesson.print("%-8s%8s%8s%22s%16s", "layer", "kernel", "stride", "receptive field r", "pixels tried");
        for (int i = 0; i < names.size(); i++) {
            int size = fields.get(i).size();
            lesson.print(
                    "%-8s%8d%8d%22s%16d",
                    names.get(i),
                    WINDOWS.get(i).kernel(),
                    WINDOWS.get(i).stride(),
                    size + " x " + size,
                    ReceptiveField.rows(seen.get(i), SIDE));
            grid.signed(names.get(i), seen.get(i));
        }
        lesson.print("");
        lesson.picture("fields", grid);
    }

    private static ImageGrid filters(float[] weights) {
        ImageGrid grid = new ImageGrid("Filters of conv1", KERNEL, KERNEL, 16, FILTERS);
        float[][] rows = Points.rows(weights, FILTERS);
        for (int i = 0; i < FILTERS; i++) {
            grid.signed(Integer.toString(i), rows[i]);
        }
        return grid;
    }

    /** Images, what each filter makes of them, and what the second convolution makes of that. */
    private static void maps(Lesson lesson, Fit fit, Points test, List<String> names) {
        float[][] images = Arrays.copyOf(test.values(), SHOWN);
        Map<String, TensorValues> outputs =
                fit.model().outputs(Map.of("input", TensorValues.of(Points.flat(images), SHOWN, 1, SIDE, SIDE)));
        ImageGrid first = new ImageGrid("Images, and behind relu1", SIDE, SIDE, 3, 1 + FILTERS);
        float[][] near = Points.rows(Named.of(outputs, "relu1").floats(), SHOWN * FILTERS);
        for (int i = 0; i < SHOWN; i++) {
            first.grey(names.get(test.classes()[i]), images[i], -1, 2.2);
            for (int f = 0; f < FILTERS; f++) {
                float[] map = near[i * FILTERS + f];
                first.grey(Integer.toString(f), map, 0, most(map));
            }
        }
        TensorValues far = Named.of(outputs, "relu2");
        int channels = far.shape().dimension(1);
        int side = far.shape().dimension(2);
        ImageGrid second = new ImageGrid("Behind relu2", side, side, 4, channels);
        float[][] rows = Points.rows(far.floats(), SHOWN * channels);
        for (int i = 0; i < rows.length; i++) {
            second.grey(Integer.toString(i % channels), rows[i], 0, most(rows[i]));
        }
        lesson.picture("maps", first);
        lesson.picture("deeper", second);
    }

    private static double most(float[] values) {
        double most = 1e-6;
        for (float value : values) {
            most = Math.max(most, value);
        }
        return most;
    }

    private static void confusion(Lesson lesson, Fit fit, Points test, List<String> names) {
        long[][] counts = new long[CLASSES][CLASSES];
        float[][] scores = fit.outputs(test.values(), "out");
        for (int i = 0; i < scores.length; i++) {
            counts[test.classes()[i]][Points.largest(scores[i])]++;
        }
        lesson.picture("confusion", HeatMap.confusion("What test images are (rows) and are taken for", names, counts));
        int[] worst = IntStream.range(0, CLASSES * CLASSES)
                .filter(cell -> cell / CLASSES != cell % CLASSES)
                .boxed()
                .sorted((a, b) -> Long.compare(counts[b / CLASSES][b % CLASSES], counts[a / CLASSES][a % CLASSES]))
                .limit(3)
                .mapToInt(Integer::intValue)
                .toArray();
        for (int cell : worst) {
            lesson.print(
                    "%d of the images of a %s are taken for a %s",
                    counts[cell / CLASSES][cell % CLASSES], names.get(cell / CLASSES), names.get(cell % CLASSES));
        }
    }

    private static String percents(double[] shares) {
        StringBuilder line = new StringBuilder();
        for (double share : shares) {
            line.append(String.format(Locale.ROOT, " %.1f %%", 100 * share));
        }
        return line.toString();
    }
}
