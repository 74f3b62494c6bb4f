package io.ketju.layers.pooling;

import io.ketju.layers.OneToOne;
import io.ketju.layers.Planes;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.pooling.PoolWindow;

/** A pooling whose window slides over planes. */
sealed interface SlidingPool extends OneToOne permits MaxPool, AvgPool, LPPool {
    Planes planes();

    /** The window, that of planes of height 1 where there are sequences. */
    PoolWindow window();

    @Override
    default TensorType output(TensorType input) {
        return PoolWindows.slide(planes(), window(), input.shape());
    }

    /** One operation per element of each window. */
    @Override
    default long forwardFlops(TensorType input) {
        PoolWindow window = window();
        return (long) output(input).shape().elements()
                * window.rows().kernel()
                * window.columns().kernel();
    }
}
