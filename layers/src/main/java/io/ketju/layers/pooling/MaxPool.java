package io.ketju.layers.pooling;

import io.ketju.layers.Footprint;
import io.ketju.layers.Pass;
import io.ketju.layers.Planes;
import io.ketju.tensor.DType;
import io.ketju.tensor.TensorType;

/** The maximum of each window. Padding never wins; the gradient goes to the first of equal maxima. */
sealed interface MaxPool extends SlidingPool permits MaxPool1d, MaxPool2d {
    /** Forward keeps the positions of the maxima. */
    @Override
    default Footprint footprint(TensorType input) {
        return Footprint.NOTHING.keeping(
                new TensorType(DType.INT32, output(input).shape()));
    }

    @Override
    default void forward(Pass pass) {
        pass.kernels()
                .pooling()
                .maxPool2dForward(
                        window(), Planes.of(pass.input(0)), Planes.of(pass.output(0)), Planes.of(pass.kept(0)));
    }

    @Override
    default void backwardInput(Pass pass) {
        pass.kernels()
                .pooling()
                .maxPool2dBackward(
                        Planes.of(pass.gradOutput(0)), Planes.of(pass.kept(0)), Planes.of(pass.gradInput(0)));
    }
}
