package io.ketju.examples.autoencoder;

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
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.loss.MSELoss;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.Adam;
import io.ketju.plot.Axis;
import io.ketju.plot.ImageGrid;
import io.ketju.plot.Plane;
import io.ketju.tensor.Shape;
import java.util.List;

/** Example 25. */
public final class Autoencoder implements Example {
    private static final int PIXELS = 64;
    private static final int EPOCHS = 60;
    private static final int BATCH = 64;
    private static final int SHOWN = 10;

    @Override
    public String name() {
        return "autoencoder";
    }

    @Override
    public String question() {
        return "How few numbers are enough to draw a digit again? Learning without labels";
    }

    @Override
    public void run(Lesson lesson) {
        DataSource digits = DataSource.named("digits");
        Points train = Points.of(digits.train());
        Points test = Points.of(digits.test());
        lesson.print("%-48s%10s%14s", "network", "numbers", "squared error");
        lesson.print("%-48s%10d%14.4f", "the mean image", 0, ofMean(train, test));
        ImageGrid grid = new ImageGrid("Test digits, and what comes out", 8, 8, 7, SHOWN);
        for (int i = 0; i < SHOWN; i++) {
            grid.grey(Integer.toString(test.classes()[i]), test.values()[i], 2.5, -1);
        }
        learn(lesson, train, test, grid, 2, "Linear(64, 2)", "Linear(2, 64)");
        learn(lesson, train, test, grid, 2, deep(2));
        learn(lesson, train, test, grid, 8, "Linear(64, 8)", "Linear(8, 64)");
        learn(lesson, train, test, grid, 8, deep(8));
        lesson.picture("digits", grid);
        lesson.print("");
        Traffic.lines(job(train, test, deep(8))).forEach(line -> lesson.print("%s", line));
    }

    private static String[] deep(int code) {
        return new String[] {
            "Linear(64, 64)",
            "ReLU()",
            "code = Linear(64, " + code + ")",
            "Linear(" + code + ", 64)",
            "ReLU()",
            "out = Linear(64, 64)",
            "output out, code"
        };
    }

    // region job
    private static TrainingJob job(Points train, Points test, String... layers) {
        return Ketju.job()
                .model(ModelText.parse(Shape.of(PIXELS), List.of(layers)))
                .loss(new MSELoss())
                .metrics(List.of())
                .data(batches("train", train, BatchOrder.shuffled(1)), batches("test", test, BatchOrder.sequential()))
                .optimizer(new Adam(0.002))
                .stages(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .build();
    }

    /** What goes in is what shall come out: the target is the image itself, and nobody looks at its class. */
    private static SampleBatches batches(String name, Points points, BatchOrder order) {
        float[] images = Points.flat(points.values());
        return new SampleBatches(
                new ColumnSamples(
                        name,
                        new FloatColumn("input", Shape.of(PIXELS), images),
                        new FloatColumn("target", Shape.of(PIXELS), images)),
                BATCH,
                4,
                order);
    }
    // end region

    private static void learn(Lesson lesson, Points train, Points test, ImageGrid grid, int code, String... layers) {
        try (Fit fit = Fit.of(job(train, test, layers))) {
            boolean deep = layers.length > 2;
            String shown = deep ? "64-64-" + code + "-64-64 with ReLU" : String.join(", ", layers);
            lesson.print("%-48s%10d%14.4f", shown, code, fit.lastTest("loss"));
            float[][] again = fit.outputs(test.values());
            for (int i = 0; i < SHOWN; i++) {
                grid.grey((deep ? "deep " : "linear ") + code, again[i], 2.5, -1);
            }
            if (deep && code == 2) {
                lesson.picture("codes", codes(fit, test));
            }
        }
    }

    /** Where the test digits lie in the narrow place; their classes were never used. */
    private static Plane codes(Fit fit, Points test) {
        Points codes = new Points(fit.outputs(test.values(), "code"), test.classes());
        double most = 0;
        for (float[] code : codes.values()) {
            most = Math.max(most, Math.max(Math.abs(code[0]), Math.abs(code[1])));
        }
        Axis axis = new Axis(-1.05 * most, 1.05 * most);
        Plane plane = new Plane("Two numbers of each digit", axis, axis);
        for (int c = 0; c < 10; c++) {
            plane.points(Integer.toString(c), c, codes.column(c, 0), codes.column(c, 1));
        }
        return plane;
    }

    private static double ofMean(Points train, Points test) {
        double[] mean = new double[PIXELS];
        for (float[] image : train.values()) {
            for (int p = 0; p < PIXELS; p++) {
                mean[p] += image[p] / (double) train.size();
            }
        }
        double sum = 0;
        for (float[] image : test.values()) {
            for (int p = 0; p < PIXELS; p++) {
                sum += (image[p] - mean[p]) * (image[p] - mean[p]);
            }
        }
        return sum / test.size() / PIXELS;
    }
}
