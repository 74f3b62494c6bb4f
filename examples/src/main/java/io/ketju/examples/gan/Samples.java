package io.ketju.examples.gan;

import io.ketju.actors.job.Measured;
import io.ketju.examples.lesson.Points;
import io.ketju.plot.Chart;
import io.ketju.plot.ImageGrid;
import java.util.Arrays;
import java.util.List;

/** What a classifier says of samples that were made, what they look like, and how the two networks fared. */
final class Samples {
    private static final double SURE = 0.9;
    private static final List<String> HEADS = List.of("real", "fake", "generator");

    private Samples() {}

    /** The share of samples of which one class has a probability above 0.9. */
    static double sure(float[][] probabilities) {
        return Arrays.stream(probabilities)
                        .filter(p -> p[Points.largest(p)] > SURE)
                        .count()
                / (double) probabilities.length;
    }

    /** Classes of which at least one of a hundred sure samples is. */
    static long classes(float[][] probabilities) {
        long[] found = new long[10];
        Arrays.stream(probabilities).filter(p -> p[Points.largest(p)] > SURE).forEach(p -> found[Points.largest(p)]++);
        return Arrays.stream(found)
                .filter(count -> count * 100 >= Arrays.stream(found).sum() && count > 0)
                .count();
    }

    /** The first samples, each with the class that the classifier is sure of. */
    static void show(ImageGrid grid, float[][] made, float[][] told, int shown) {
        for (int i = 0; i < shown; i++) {
            boolean sure = told[i][Points.largest(told[i])] > SURE;
            grid.grey(sure ? Integer.toString(Points.largest(told[i])) : "?", made[i], 1, -1);
        }
    }

    /** The first samples, and the real ones that are nearest to them. */
    static void compare(ImageGrid grid, float[][] made, Points real, int shown) {
        for (int i = 0; i < shown; i++) {
            grid.grey("made", made[i], 1, -1);
        }
        for (int i = 0; i < shown; i++) {
            float[] sample = made[i];
            float[] closest = Arrays.stream(real.values())
                    .min((a, b) -> Double.compare(distance(a, sample), distance(b, sample)))
                    .orElseThrow();
            grid.grey("real", closest, 1, -1);
        }
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }

    /** The three losses of a step. */
    static double[] losses(Measured measured) {
        return HEADS.stream()
                .mapToDouble(head -> measured.get(head + "/loss").orElse(Double.NaN))
                .toArray();
    }

    /** Means over a hundred steps. */
    static Chart losses(List<double[]> losses) {
        Chart chart = new Chart("Losses", "hundreds of steps", "binary cross entropy");
        for (int head = 0; head < HEADS.size(); head++) {
            double[] means = new double[losses.size() / 100];
            for (int i = 0; i < means.length * 100; i++) {
                means[i / 100] += losses.get(i)[head] / 100;
            }
            chart.line(HEADS.get(head), means);
        }
        return chart;
    }
}
