package io.ketju.examples.activations;

import io.ketju.actors.run.TensorValues;
import io.ketju.examples.lesson.Named;
import io.ketju.examples.lesson.Untrained;
import io.ketju.layers.loss.L1Loss;
import io.ketju.layers.model.ModelText;
import io.ketju.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** An activation function and its slope at many places, both as Ketju computes them: forward and backward of its layer. */
final class Curve {
    static final double END = 4;

    private static final int PLACES = 161;

    private final double[] values;
    private final double[] slopes;

    private Curve(double[] values, double[] slopes) {
        this.values = values;
        this.slopes = slopes;
    }

    // region backward
    /**
     * One sample of all places x goes through f(x + b), b = 0. The loss is the mean of |f - t| with targets far below, so that the gradient
     * of b at each place is f'(x) over their number.
     */
    static Curve of(String activation) {
        double[] x = places();
        float[] input = new float[PLACES];
        float[] target = new float[PLACES];
        for (int i = 0; i < PLACES; i++) {
            input[i] = (float) x[i];
            target[i] = -100;
        }
        Untrained untrained = Untrained.of(
                ModelText.parse(Shape.of(PLACES), List.of("x = Bias(" + PLACES + ")", "f = " + activation)),
                new L1Loss(),
                TensorValues.of(input, 1, PLACES),
                TensorValues.of(target, 1, PLACES),
                1);
        double[] slopes = doubles(untrained.gradient("x.bias"));
        Arrays.setAll(slopes, i -> slopes[i] * PLACES);
        return new Curve(doubles(Named.of(untrained.outputs(), "f").floats()), slopes);
    }
    // end region

    static double[] places() {
        double[] places = new double[PLACES];
        Arrays.setAll(places, i -> -END + 2 * END * i / (PLACES - 1));
        return places;
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    double[] values() {
        return values;
    }

    double[] slopes() {
        return slopes;
    }

    /** f at a place that is one of them. */
    double value(double x) {
        return values[index(x)];
    }

    double slope(double x) {
        return slopes[index(x)];
    }

    double steepest() {
        return Arrays.stream(slopes).max().orElse(0);
    }

    private static int index(double x) {
        return (int) Math.round((x + END) / (2 * END) * (PLACES - 1));
    }
}
