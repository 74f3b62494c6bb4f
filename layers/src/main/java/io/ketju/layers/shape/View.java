package io.ketju.layers.shape;

import io.ketju.layers.Footprint;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.tensor.TensorType;

/** A layer that gives its input another shape: nothing is copied, forward or backward. */
interface View extends OneToOne {
    @Override
    default Footprint footprint(TensorType input) {
        return Footprint.VIEW;
    }

    @Override
    default long forwardFlops(TensorType input) {
        return 0;
    }

    @Override
    default void forward(Pass pass) {
        throw new UnsupportedOperationException("a view has nothing to compute");
    }

    @Override
    default void backwardInput(Pass pass) {
        throw new UnsupportedOperationException("a view has nothing to compute");
    }
}
