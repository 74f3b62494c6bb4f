package io.ketju.layers.loss;

import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * A number beside a loss that says in people's terms how good the outputs are; nothing learns from it. A micro-batch gives
 * sums, which are added in micro-batch order over a mini-batch, an epoch or a test set; the value is made of the sums at the
 * end. So it does not depend on how samples were split. A loss lists those that make sense of its outputs:
 * {@link Loss#metrics}. Immutable.
 */
public interface Metric {
    /** What it is called in job files, reports and columns: lower-case words joined by {@code _}. */
    String name();

    /** Whether the value is a share, 0 to 1, which people read in percent. */
    default boolean share() {
        return false;
    }

    /**
     * Tensors that {@link #measure} needs for itself.
     *
     * @param inputs of the head
     */
    default List<TensorType> room(List<TensorType> inputs) {
        return List.of();
    }

    /** Sums of one micro-batch, always as many; after the loss has accepted the targets. */
    double[] measure(MetricPass pass);

    /** The value of added sums; NaN if there was nothing to measure. */
    double value(List<Double> sums);
}
