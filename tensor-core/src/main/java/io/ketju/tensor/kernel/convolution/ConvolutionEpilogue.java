package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What a forward convolution does with its sums in the same pass, in this order.
 *
 * @param bias [outChannels], added
 * @param activation applied, with the bits of the activation kernels
 * @param statistics overwritten with mean and variance of each channel of y, with the bits that
 *     {@code batchNormStatistics} gives for it
 */
public record ConvolutionEpilogue(
        @Nullable Tensor bias,
        @Nullable Activation activation,
        @Nullable ChannelStatistics statistics) {
    public static final ConvolutionEpilogue NONE = new ConvolutionEpilogue(null, null, null);

    /** A bias, or nothing. */
    public static ConvolutionEpilogue bias(@Nullable Tensor bias) {
        return new ConvolutionEpilogue(bias, null, null);
    }

    public ConvolutionEpilogue with(Activation activation) {
        return new ConvolutionEpilogue(bias, activation, statistics);
    }

    public ConvolutionEpilogue with(ChannelStatistics statistics) {
        return new ConvolutionEpilogue(bias, activation, statistics);
    }
}
