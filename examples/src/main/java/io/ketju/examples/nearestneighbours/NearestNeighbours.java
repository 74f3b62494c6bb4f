package io.ketju.examples.nearestneighbours;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.TrainingJob;
import io.ketju.examples.lesson.Example;
import io.ketju.examples.lesson.Fit;
import io.ketju.examples.lesson.Lesson;
import io.ketju.examples.lesson.Points;
import io.ketju.examples.lesson.Traffic;
import io.ketju.layers.optimizer.Adam;
import io.ketju.plot.ImageGrid;
import io.ketju.tensor.core.TensorCore;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Example 1. */
public final class NearestNeighbours implements Example {
    private static final int EPOCHS = 10;
    private static final int MOST = 5;
    private static final int SIDE = 28;
    private static final int SHOWN = 8;
    private static final int[] VOTERS = {1, 3, MOST};
    /** How bright the background becomes, from black to white. */
    private static final double[] BACKGROUNDS = {0, 0.1, 0.2, 0.4};

    /** What black and white are as inputs. */
    private record Shades(float black, float white) {
        static Shades of(float[][] images) {
            float black = Float.POSITIVE_INFINITY;
            float white = Float.NEGATIVE_INFINITY;
            for (float[] image : images) {
                for (float pixel : image) {
                    black = Math.min(black, pixel);
                    white = Math.max(white, pixel);
                }
            }
            return new Shades(black, white);
        }

        // region background
        /** The images with grey in place of black; the clothes stay as they are. */
        float[][] changed(float[][] images, double background) {
            float darkest = (float) (black + background * (white - black));
            float[][] changed = new float[images.length][];
            for (int i = 0; i < images.length; i++) {
                changed[i] = images[i].clone();
                for (int p = 0; p < changed[i].length; p++) {
                    changed[i][p] = Math.max(changed[i][p], darkest);
                }
            }
            return changed;
        }
        // end region
    }

    @Override
    public String name() {
        return "nearest-neighbours";
    }

    @Override
    public String question() {
        return "Why learn at all? The nearest training images against a linear classifier";
    }

    @Override
    public String full() {
        return "all of Fashion-MNIST";
    }

    @Override
    public void run(Lesson lesson) {
        DataSource data = lesson.data("fashion-mnist-5k", "fashion-mnist");
        Points train = Points.of(data.train());
        Points test = Points.of(data.test());
        Shades shades = Shades.of(test.values());
        lesson.print("%d training images of %d pixels, %d test images", train.size(), SIDE * SIDE, test.size());
        lesson.print("%-28s%38s", "", "accuracy where black becomes");
        lesson.print("%-28s%14s%8s%8s%8s", "", "black", "10 %", "20 %", "40 %");
        try (TensorCore core = TensorCore.open(Runtime.getRuntime().availableProcessors())) {
            Neighbours neighbours = new Neighbours(train, core);
            ask(lesson, "L2", neighbours, test, shades);
            ask(lesson, "L1", neighbours, test, shades);
            lesson.picture("nearest", picture(data.test().classNames(), neighbours, train, test, shades));
        }
        TrainingJob job = job(data);
        try (Fit fit = Fit.of(job)) {
            line(
                    lesson,
                    "linear classifier",
                    Arrays.stream(BACKGROUNDS)
                            .map(background -> test.accuracy(fit.outputs(shades.changed(test.values(), background))))
                            .toArray());
        }
        lesson.print("");
        lesson.print("%-28s%14s%34s", "", "numbers kept", "multiplications for a test image");
        long kept = (long) train.size() * SIDE * SIDE;
        lesson.print("%-28s%14d%34d", "nearest neighbours, L2", kept, kept);
        lesson.print("%-28s%14d%34d", "linear classifier", job.model().parameterCount(), SIDE * SIDE * 10);
        lesson.print("");
        Traffic.lines(job).forEach(line -> lesson.print("%s", line));
    }

    // region job
    private static TrainingJob job(DataSource data) {
        return Ketju.job()
                .model("linear_classifier(784, 10)")
                .data(data)
                .optimizer(new Adam(0.0005))
                .batchSize(100)
                .microbatches(2)
                .epochs(EPOCHS)
                .checkpointEveryEpochs(EPOCHS)
                .build();
    }
    // end region

    /** Asks 1, 3 and 5 neighbours, which are looked for once for each background. */
    private static void ask(Lesson lesson, String distance, Neighbours neighbours, Points test, Shades shades) {
        double[][] accuracies = new double[VOTERS.length][BACKGROUNDS.length];
        for (int b = 0; b < BACKGROUNDS.length; b++) {
            float[][] images = shades.changed(test.values(), BACKGROUNDS[b]);
            int[][] nearest =
                    distance.equals("L2") ? neighbours.euclidean(images, MOST) : neighbours.manhattan(images, MOST);
            for (int v = 0; v < VOTERS.length; v++) {
                int k = VOTERS[v];
                long right = IntStream.range(0, nearest.length)
                        .filter(i -> neighbours.vote(nearest[i], k) == test.classes()[i])
                        .count();
                accuracies[v][b] = (double) right / test.size();
            }
        }
        for (int v = 0; v < VOTERS.length; v++) {
            line(lesson, distance + " distance, k = " + VOTERS[v], accuracies[v]);
        }
    }

    private static void line(Lesson lesson, String name, double[] accuracies) {
        lesson.print(
                "%-28s%12.1f %%%6.1f %%%6.1f %%%6.1f %%",
                name, 100 * accuracies[0], 100 * accuracies[1], 100 * accuracies[2], 100 * accuracies[3]);
    }

    /** Test images and what is nearest to them, before and after their background is changed. */
    private static ImageGrid picture(
            List<String> names, Neighbours neighbours, Points train, Points test, Shades shades) {
        ImageGrid grid =
                new ImageGrid("Test images, the nearest ones, and both once more on grey", SIDE, SIDE, 3, SHOWN);
        float[][] shown = Arrays.copyOf(test.values(), SHOWN);
        for (double background : new double[] {0, BACKGROUNDS[BACKGROUNDS.length - 1]}) {
            float[][] images = shades.changed(shown, background);
            int[][] nearest = neighbours.euclidean(images, 1);
            for (int i = 0; i < SHOWN; i++) {
                grid.grey(names.get(test.classes()[i]), images[i], shades.black(), shades.white());
            }
            for (int i = 0; i < SHOWN; i++) {
                int found = nearest[i][0];
                grid.grey(names.get(train.classes()[found]), train.values()[found], shades.black(), shades.white());
            }
        }
        return grid;
    }
}
