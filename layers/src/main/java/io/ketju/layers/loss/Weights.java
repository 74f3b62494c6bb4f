package io.ketju.layers.loss;

import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.List;

/**
 * Weights of classes or labels that a loss is told.
 *
 * @param loss its name, for messages
 * @param argument name of the argument
 * @param values at least 0 each; empty if all are 1
 */
record Weights(String loss, String argument, List<Double> values) {
    Weights {
        values = List.copyOf(values);
        for (double value : values) {
            if (!(value >= 0 && value <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException(
                        loss + ": argument '" + argument + "': expected numbers of at least 0, found " + value);
            }
        }
    }

    /** Whether there are any. */
    boolean given() {
        return !values.isEmpty();
    }

    Spec addTo(Spec spec) {
        return given() ? spec.with(argument, Spec.tuple(values)) : spec;
    }

    /** There are as many as an output has in its last dimension. */
    void requireLabels(Shape output) {
        if (given() && output.dimension(-1) != values.size()) {
            throw new IllegalArgumentException(loss + ": expected model output [samples, ..., " + values.size()
                    + "], as many as weights, found " + output);
        }
    }

    /** Fills a tensor with them, again and again. */
    Tensor fill(Tensor tensor) {
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, (float) (double) values.get(i % values.size()));
        }
        return tensor;
    }
}
