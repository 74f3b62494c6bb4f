package io.ketju.layers.pooling;

import io.ketju.layers.Footprint;
import io.ketju.layers.Pass;
import io.ketju.layers.Planes;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.pooling.AverageDivisor;

/** The mean of each window. */
sealed interface AvgPool extends SlidingPool permits AvgPool1d, AvgPool2d {
    /** Whether the padding's zeros are counted; what ceil mode adds behind the padding never is. */
    boolean countIncludePad();

    @Override
    default Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    @Override
    default void forward(Pass pass) {
        pass.kernels()
                .pooling()
                .averagePool2dForward(window(), divisor(), Planes.of(pass.input(0)), Planes.of(pass.output(0)));
    }

    @Override
    default void backwardInput(Pass pass) {
        pass.kernels()
                .pooling()
                .averagePool2dBackward(
                        window(), divisor(), Planes.of(pass.gradOutput(0)), Planes.of(pass.gradInput(0)));
    }

    private AverageDivisor divisor() {
        return countIncludePad() ? AverageDivisor.WINDOW : AverageDivisor.INSIDE;
    }
}
