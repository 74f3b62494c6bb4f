package io.ketju.layers.pooling;

import io.ketju.layers.OneToOne;
import io.ketju.layers.Planes;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;

/** A pooling to a given size. */
sealed interface AdaptivePool extends OneToOne permits AdaptiveAvgPool, AdaptiveMaxPool {
    Planes planes();

    AdaptiveSize size();

    @Override
    default TensorType output(TensorType input) {
        Shape shape = input.shape();
        Planes planes = planes();
        planes.requireElements(shape);
        return planes.sized(shape, size().rowsOf(planes.height(shape)), size().columnsOf(planes.width(shape)));
    }

    /** One operation per element of each bin: all of the input, or where it is smaller than the output, each output. */
    @Override
    default long forwardFlops(TensorType input) {
        return Math.max(input.shape().elements(), output(input).shape().elements());
    }
}
