package io.ketju.layers.pooling;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Pass;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;

/**
 * The mean of each plane: [samples, channels, height, width] to [samples, channels, 1, 1], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html">torch.nn.AdaptiveAvgPool2d</a> with
 * {@code output_size=1}, the only one that there is yet.
 */
public record AdaptiveAvgPool2d() implements OneToOne {
    public static final Entry<Layer> ENTRY = Description.of("AdaptiveAvgPool2d", "The mean of each plane")
            .required("output_size", "1, the only one that there is yet")
            .shapes("[samples, channels, H, W] to [samples, channels, 1, 1]")
            .source("torch.nn.AdaptiveAvgPool2d")
            .readBy(AdaptiveAvgPool2d::of);

    private static AdaptiveAvgPool2d of(Arguments arguments) {
        Arguments.Pair size = arguments.pair("output_size");
        if (!size.equals(Arguments.Pair.of(1))) {
            throw new IllegalArgumentException("AdaptiveAvgPool2d: argument 'output_size': expected 1, found " + size);
        }
        return new AdaptiveAvgPool2d();
    }

    @Override
    public Spec spec() {
        return Spec.of("AdaptiveAvgPool2d", 1);
    }

    @Override
    public TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (shape.rank() != 4 || shape.sample().elements() == 0) {
            throw new IllegalArgumentException("expected input [samples, channels, height, width], found " + shape);
        }
        return TensorType.floats(shape.dimension(0), shape.dimension(1), 1, 1);
    }

    @Override
    public Footprint footprint(TensorType input) {
        return Footprint.NOTHING;
    }

    @Override
    public long forwardFlops(TensorType input) {
        return input.shape().elements();
    }

    @Override
    public void forward(Pass pass) {
        pass.kernels().pooling().adaptiveAveragePool2dForward(pass.input(0), pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        pass.kernels().pooling().adaptiveAveragePool2dBackward(pass.gradOutput(0), pass.gradInput(0));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
