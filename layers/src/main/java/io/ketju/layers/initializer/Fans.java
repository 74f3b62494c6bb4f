package io.ketju.layers.initializer;

import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;

/** Numbers of inputs and outputs of one unit, as torch.nn.init counts them. */
record Fans(double in, double out) {
    static Fans of(Shape shape) {
        if (shape.rank() < 2) {
            return new Fans(1, 1);
        }
        double receptiveField = (double) shape.elements() / shape.dimension(0) / shape.dimension(1);
        return new Fans(shape.dimension(1) * receptiveField, shape.dimension(0) * receptiveField);
    }

    static void requireMode(String name, String mode) {
        if (!mode.equals(InitializerEntries.FAN_IN) && !mode.equals(InitializerEntries.FAN_OUT)) {
            throw new IllegalArgumentException(
                    name + ": argument 'mode': expected fan_in or fan_out, found '" + Excerpt.of(mode) + "'");
        }
    }

    /** The one that keeps the variance forward ({@code fan_in}) or backward ({@code fan_out}). */
    double of(String mode) {
        return mode.equals(InitializerEntries.FAN_OUT) ? out : in;
    }
}
