package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import org.jspecify.annotations.Nullable;

/**
 * What a forward convolution does with its sums in the same pass, in this order. What is null is left out.
 *
 * @param bias [outChannels], added
 * @param activation applied, with the bits of the activation kernels
 * @param statistics overwritten with mean and variance of each channel of y, [outChannels] each, with the bits that
 *     {@code batchNormStatistics} gives for it
 */
public record ConvolutionEpilogue(
        @Nullable Tensor bias,
        @Nullable Activation activation,
        @Nullable ChannelStatistics statistics) {
    /** Leaves the sums as they are. */
    public static final ConvolutionEpilogue NONE = new ConvolutionEpilogue(null, null, null);

    /**
     * {@return one that adds a bias, or nothing}
     *
     * @param bias [outChannels] or null
     */
    public static ConvolutionEpilogue bias(@Nullable Tensor bias) {
        return new ConvolutionEpilogue(bias, null, null);
    }

    /**
     * {@return the same with an activation}
     *
     * @param activation of each element, in place of the one before
     */
    public ConvolutionEpilogue with(Activation activation) {
        return new ConvolutionEpilogue(bias, activation, statistics);
    }

    /**
     * {@return the same with statistics of the result}
     *
     * @param statistics what they are written to, [outChannels] each
     */
    public ConvolutionEpilogue with(ChannelStatistics statistics) {
        return new ConvolutionEpilogue(bias, activation, statistics);
    }
}
