package io.ketju.examples.autoencoder;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.data.BatchOrder;
import io.ketju.data.Dataset;
import io.ketju.data.SampleBatches;
import io.ketju.data.column.ColumnSamples;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.FlatInputs;
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
    private static final int BATCH = 64;
    private static final int SHOWN = 10;

    /** Images, how wide the layers beside the narrow place are, and how long is learnt. */
    private record Task(DataSource data, int hidden, int epochs) {
        int side() {
            return data.test().inputShape().dimension(1);
        }

        int pixels() {
            return data.test().inputShape().elements();
        }

        String[] linear(int code) {
            return new String[] {"Linear(" + pixels() + ", " + code + ")", "Linear(" + code + ", " + pixels() + ")"};
        }

        String[] deep(int code) {
            return new String[] {
                "Linear(" + pixels() + ", " + hidden + ")",
                "ReLU()",
                "code = Linear(" + hidden + ", " + code + ")",
                "Linear(" + code + ", " + hidden + ")",
                "ReLU()",
                "out = Linear(" + hidden + ", " + pixels() + ")",
                "output out, code"
            };
        }
    }

    @Override
    public String name() {
        return "autoencoder";
    }

    @Override
    public String question() {
        return "How few numbers are enough to draw a digit again? Learning without labels";
    }

    @Override
    public String full() {
        return "all of MNIST";
    }

    @Override
    public void run(Lesson lesson) {
        Task task = new Task(lesson.data("digits", "mnist"), lesson.either(64, 128), lesson.either(60, 12));
        Points test = Points.of(task.data().test());
        lesson.print("%-48s%10s%14s", "network", "numbers", "squared error");
        lesson.print(
                "%-48s%10d%14.4f",
                "the mean image", 0, ofMean(Points.of(task.data().train()), test));
        ImageGrid grid =
                new ImageGrid("Test digits, and what comes out", task.side(), task.side(), 56 / task.side(), SHOWN);
        for (int i = 0; i < SHOWN; i++) {
            grid.grey(Integer.toString(test.classes()[i]), test.values()[i], 2.5, -1);
        }
        for (int code : new int[] {2, 8}) {
            learn(lesson, task, test, grid, code, false);
            learn(lesson, task, test, grid, code, true);
        }
        lesson.picture("digits", grid);
        lesson.print("");
        Traffic.lines(job(task, task.deep(8))).forEach(line -> lesson.print("%s", line));
    }

    // region job
    private static TrainingJob job(Task task, String... layers) {
        return Ketju.job()
                .model(ModelText.parse(Shape.of(task.pixels()), List.of(layers)))
                .loss(new MSELoss())
                .metrics(List.of())
                .data(
                        batches("train", task.data().train(), BatchOrder.shuffled(1)),
                        batches("test", task.data().test(), BatchOrder.sequential()))
                .optimizer(new Adam(0.002))
                .stages(2)
                .epochs(task.epochs())
                .checkpointEveryEpochs(task.epochs())
                .build();
    }

    /** What goes in is what shall come out: the target is the image itself, and nobody looks at its class. */
    private static SampleBatches batches(String name, Dataset images, BatchOrder order) {
        return new SampleBatches(
                new ColumnSamples(name, new FlatInputs("input", images), new FlatInputs("target", images)),
                BATCH,
                4,
                order);
    }
    // end region

    private static void learn(Lesson lesson, Task task, Points test, ImageGrid grid, int code, boolean deep) {
        String[] layers = deep ? task.deep(code) : task.linear(code);
        String sides = task.pixels() + "-" + task.hidden();
        try (Fit fit = Fit.of(job(task, layers))) {
            String shown = deep
                    ? sides + "-" + code + "-" + task.hidden() + "-" + task.pixels() + " with ReLU"
                    : String.join(", ", layers);
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
        double[] mean = new double[test.values()[0].length];
        for (float[] image : train.values()) {
            for (int p = 0; p < mean.length; p++) {
                mean[p] += image[p] / (double) train.size();
            }
        }
        double sum = 0;
        for (float[] image : test.values()) {
            for (int p = 0; p < mean.length; p++) {
                sum += (image[p] - mean[p]) * (image[p] - mean[p]);
            }
        }
        return sum / test.size() / mean.length;
    }
}
