package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import org.jspecify.annotations.Nullable;

/** Checks that operands have the sizes of their shape. */
final class ConvolutionChecks {
    private ConvolutionChecks() {}

    static void input(Conv2dShape shape, String name, Tensor x) {
        require(name, x, (long) shape.batch() * shape.inChannels() * shape.plane(), shape);
    }

    static void weight(Conv2dShape shape, String name, Tensor w) {
        require(name, w, (long) shape.outChannels() * shape.taps(), shape);
    }

    static void output(Conv2dShape shape, String name, Tensor y) {
        require(name, y, (long) shape.batch() * shape.outChannels() * shape.positions(), shape);
    }

    static void bias(Conv2dShape shape, int channels, @Nullable Tensor bias) {
        if (bias != null) {
            require("bias", bias, channels, shape);
        }
    }

    static void epilogue(Conv2dShape shape, ConvolutionEpilogue epilogue) {
        bias(shape, shape.outChannels(), epilogue.bias());
        ChannelStatistics statistics = epilogue.statistics();
        if (statistics != null) {
            require("mean", statistics.mean(), shape.outChannels(), shape);
            require("variance", statistics.variance(), shape.outChannels(), shape);
            if (shape.batch() < 1) {
                throw new IllegalArgumentException("statistics of a convolution need a sample, found " + shape);
            }
        }
    }

    private static void require(String name, Tensor tensor, long elements, Conv2dShape shape) {
        if (tensor.elements() != elements) {
            throw new IllegalArgumentException("convolution: expected " + elements + " elements in " + name + ", found "
                    + tensor + " for " + shape);
        }
    }
}
