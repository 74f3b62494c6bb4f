package io.ketju.layers.pooling;

import io.ketju.layers.Footprint;
import io.ketju.layers.Pass;
import io.ketju.layers.Planes;
import io.ketju.tensor.TensorType;

/** The mean of each bin. */
sealed interface AdaptiveAvgPool extends AdaptivePool permits AdaptiveAvgPool1d, AdaptiveAvgPool2d {
    @Override
    default Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    @Override
    default void forward(Pass pass) {
        pass.kernels().pooling().adaptiveAveragePool2dForward(Planes.of(pass.input(0)), Planes.of(pass.output(0)));
    }

    @Override
    default void backwardInput(Pass pass) {
        pass.kernels()
                .pooling()
                .adaptiveAveragePool2dBackward(Planes.of(pass.gradOutput(0)), Planes.of(pass.gradInput(0)));
    }
}
