package io.ketju.examples.initialvalues;

import io.ketju.examples.lesson.Lesson;
import io.ketju.layers.initializer.Initializers;
import io.ketju.plot.Chart;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;

/** Two ways from uniform numbers to normal ones, by hand and as Ketju fills weights. */
final class NormalNumbers {
    private static final int COUNT = 100_000;
    private static final int BINS = 40;
    private static final double END = 4;

    private final CounterRandom random = CounterRandom.of(1, "uniform");
    private long drawn;

    private NormalNumbers() {}

    static Chart compare(Lesson lesson) {
        lesson.print(
                "%-32s%9s%11s%10s%10s%12s",
                "100,000 normal numbers", "mean", "deviation", "kurtosis", "|x| > 2", "uniforms");
        Chart chart = new Chart("Normal numbers", "x", "share for each unit of x");
        for (boolean polar : new boolean[] {false, true}) {
            NormalNumbers numbers = new NormalNumbers();
            float[] values = new float[COUNT];
            for (int i = 0; i < COUNT; i += 2) {
                double[] pair = polar ? numbers.polar() : numbers.boxMuller();
                values[i] = (float) pair[0];
                values[i + 1] = (float) pair[1];
            }
            String name = polar ? "Marsaglia" : "Box and Muller";
            tell(lesson, name + ", by hand", values, "%12d".formatted(numbers.drawn));
            String method = polar ? "polar" : "box_muller";
            float[] weights = weights("normal(std=1, method=" + method + ")");
            tell(lesson, "normal(std=1, method=" + method + ")", weights, "");
            chart.line(name, middles(), histogram(values));
        }
        lesson.print("%-32s%9.4f%11.4f%10.4f%8.2f %%", "the normal distribution", 0.0, 1.0, 3.0, 4.55);
        return chart.reference("density", middles(), density());
    }

    /** Uniform in (0, 1). */
    private double uniform() {
        return (random.bits32(drawn++) >>> 1) * 0x1p-31 + 0x1p-32;
    }

    // region pairs
    /** Box and Muller 1958: a radius and an angle. */
    private double[] boxMuller() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform()));
        double angle = 2 * Math.PI * uniform();
        return new double[] {radius * StrictMath.cos(angle), radius * StrictMath.sin(angle)};
    }

    /** Marsaglia's polar method: a point of the square, again until it lies in the disc. */
    private double[] polar() {
        while (true) {
            double x = 2 * uniform() - 1;
            double y = 2 * uniform() - 1;
            double s = x * x + y * y;
            if (s > 0 && s < 1) {
                double factor = StrictMath.sqrt(-2 * StrictMath.log(s) / s);
                return new double[] {x * factor, y * factor};
            }
        }
    }
    // end region

    private static float[] weights(String initializer) {
        try (TensorArena arena = new TensorArena(4L * COUNT)) {
            Tensor weight = arena.allocate(Shape.of(COUNT));
            Initializers.parse(initializer).fill(weight, CounterRandom.of(1, "weight"));
            return weight.toFloats();
        }
    }

    private static void tell(Lesson lesson, String name, float[] values, String drawn) {
        double mean = 0;
        for (float value : values) {
            mean += value / (double) values.length;
        }
        double second = 0;
        double fourth = 0;
        int far = 0;
        for (float value : values) {
            double square = (value - mean) * (value - mean);
            second += square / values.length;
            fourth += square * square / values.length;
            far += Math.abs(value) > 2 ? 1 : 0;
        }
        lesson.print(
                "%-32s%9.4f%11.4f%10.4f%8.2f %%%s",
                name, mean, StrictMath.sqrt(second), fourth / (second * second), 100.0 * far / values.length, drawn);
    }

    private static double[] middles() {
        double[] middles = new double[BINS];
        for (int i = 0; i < BINS; i++) {
            middles[i] = -END + (i + 0.5) * 2 * END / BINS;
        }
        return middles;
    }

    private static double[] histogram(float[] values) {
        double[] shares = new double[BINS];
        double width = 2 * END / BINS;
        for (float value : values) {
            int bin = (int) Math.floor((value + END) / width);
            if (bin >= 0 && bin < BINS) {
                shares[bin] += 1 / (width * values.length);
            }
        }
        return shares;
    }

    private static double[] density() {
        double[] middles = middles();
        double[] density = new double[BINS];
        for (int i = 0; i < BINS; i++) {
            density[i] = StrictMath.exp(-middles[i] * middles[i] / 2) / StrictMath.sqrt(2 * Math.PI);
        }
        return density;
    }
}
