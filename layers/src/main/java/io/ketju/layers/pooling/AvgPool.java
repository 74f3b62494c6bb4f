package io.ketju.layers.pooling;

import io.ketju.layers.Footprint;
import io.ketju.layers.Pass;
import io.ketju.layers.Planes;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.pooling.AverageDivisor;

/** The mean of each window. */
sealed interface AvgPool extends SlidingPool permits AvgPool1d, AvgPool2d {
    /** What sums are divided by; what ceil mode adds behind the padding never counts. */
    AverageDivisor divisor();

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

    /** From {@code count_include_pad}. */
    static AverageDivisor counting(Arguments arguments) {
        return arguments.flag("count_include_pad") ? AverageDivisor.WINDOW : AverageDivisor.INSIDE;
    }

    /** With what is not as it is by default. */
    static Spec addTo(Spec spec, AverageDivisor divisor) {
        Spec result = divisor.padded() ? spec : spec.with("count_include_pad", false);
        return divisor.fixed() == 0 ? result : result.with("divisor_override", divisor.fixed());
    }
}
