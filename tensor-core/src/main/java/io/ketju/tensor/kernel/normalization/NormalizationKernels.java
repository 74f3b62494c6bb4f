package io.ketju.tensor.kernel.normalization;

import io.ketju.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Batch, group and layer normalization and RMSNorm, forward and backward. Sizes that do not fit throw
 * {@link IllegalArgumentException}.
 *
 * <p><b>Order of sums.</b> A run of elements side by side (a plane of one sample and channel, a group, a row) is cut
 * into blocks of {@value Sizes#BLOCK} elements. Within a block a sum goes over 16 virtual lanes, as {@code LaneSum}
 * says; the sums of the blocks are added in double, ascending. Batch statistics and gradients of channels then add, in
 * double too, the planes of the samples in ascending order. Only the results are rounded to float.
 * Planes of one element are no runs of their own: there a sum of a channel goes plainly over blocks of
 * {@value Sizes#SAMPLES} samples, ascending from +0, and the blocks are added in double.
 *
 * <p><b>Mean and variance.</b> Of each block first the float mean, {@code pivot = sum(x) / n}; then the sums of
 * {@code d = x - pivot} and of its square ({@code q = fma(d, d, q)} per lane). Mean and squared deviations follow from
 * them in double ({@code squares = q - sum(d)^2 / n}, not below 0) and are merged as Chan, Golub and LeVeque say.
 * A mean a million times the standard deviation does no harm beyond what the rounding of x itself did.
 *
 * <p><b>Formulas.</b> {@code rstd = 1 / sqrt(variance + epsilon)}. Channels: {@code scale = rstd gamma},
 * {@code y = fma(x - mean, scale, beta)}, then the epilogue; {@code dx = fma(-k, x - mean, fma(scale, g, -c))} with g
 * being dy where the epilogue lets it through, else +0, and c and k as {@link Coefficients} says. Rows:
 * {@code h = (x - mean) rstd}, {@code y = fma(h, gamma, beta)}; {@code g = dy gamma},
 * {@code dx = fma(-k, h, fma(rstd, g, -c))} with {@code c = rstd sum(g) / columns} and
 * {@code k = rstd sum(g h) / columns}. An absent gamma is 1, an absent beta +0.
 *
 * <p>Element-wise results may lie where an input of the same size lies: y on x or the residual, dx or
 * dresidual on dy. No other operands overlap.
 */
public interface NormalizationKernels {
    /**
     * Scale and shift of what is normalized.
     *
     * @param gamma PyTorch's weight, of each channel or column; null for ones
     * @param beta PyTorch's bias, likewise; null for zeros
     */
    record Affine(@Nullable Tensor gamma, @Nullable Tensor beta) {
        /** Neither. */
        public static final Affine NONE = new Affine(null, null);
    }

    /**
     * Statistics of a batch, or the running ones of an evaluation.
     *
     * @param mean [channels]
     * @param variance the biased one of a batch, [channels]; running, the unbiased one
     */
    record ChannelStatistics(Tensor mean, Tensor variance) {}

    /**
     * The statistics of a part of a batch.
     *
     * @param norm sizes of the part
     * @param statistics mean and biased variance of the part
     */
    record BatchPart(BatchNorm norm, ChannelStatistics statistics) {}

    /**
     * Statistics of each row, or of each group of a sample.
     *
     * @param mean [rows], of groups [samples · groups]
     * @param rstd {@code 1 / sqrt(variance + epsilon)}, as many
     */
    record RowStatistics(Tensor mean, Tensor rstd) {}

    /**
     * The sums of {@code x - shift} and of its square over each plane, as an epilogue of a convolution can make them.
     *
     * @param sums of {@code x - shift}, [samples, channels]
     * @param squares of its square, [samples, channels]
     * @param shift per channel, such as the running mean. The closer to the mean, the better the variance: what both have
     *     in common with x cancels, and a mean a thousand times the standard deviation leaves nothing without a shift
     */
    record PlaneSums(Tensor sums, Tensor squares, Tensor shift) {
        /**
         * Asks for the shift.
         *
         * @throws NullPointerException if there is none
         */
        public PlaneSums {
            Objects.requireNonNull(shift, "sums over planes need a shift, such as the running mean");
        }
    }

    /**
     * What the backward pass of batch normalization reads, and the gradient of the residual.
     *
     * @param x what was normalized, [samples, channels, spatial]
     * @param dy gradient of the result, of that size
     * @param y the result of the forward pass, with {@code ADD_RELU} only (else the mask is made from x)
     * @param dresidual with {@code ADD_RELU} only: overwritten with g, unless absent
     */
    record BatchNormOperands(
            Tensor x,
            Tensor dy,
            @Nullable Tensor y,
            @Nullable Tensor dresidual) {
        /**
         * Without a residual.
         *
         * @param x what was normalized, [samples, channels, spatial]
         * @param dy gradient of the result, of that size
         */
        public BatchNormOperands(Tensor x, Tensor dy) {
            this(x, dy, null, null);
        }
    }

    /**
     * Where gradients go. Those that are null are not computed.
     *
     * @param dx overwritten, of the size of x
     * @param dgamma added to, of each channel or column
     * @param dbeta added to, of each channel or column
     */
    record Gradients(
            @Nullable Tensor dx,
            @Nullable Tensor dgamma,
            @Nullable Tensor dbeta) {}

    /**
     * Mean and biased variance of each channel of x, the first part of {@link #batchNormForward}.
     *
     * @param norm sizes; the epilogue does not matter
     * @param x [samples, channels, spatial]
     * @param statistics overwritten
     */
    void batchNormStatistics(BatchNorm norm, Tensor x, ChannelStatistics statistics);

    /**
     * Mean and biased variance of each channel from sums over its planes: both sums added in double over the samples,
     * {@code mean = shift + sum / n}, {@code variance = squares / n - (sum / n)^2}, not below 0.
     *
     * @param norm sizes; the epilogue does not matter
     * @param sums of all planes
     * @param statistics overwritten
     */
    void batchNormStatistics(BatchNorm norm, PlaneSums sums, ChannelStatistics statistics);

    /**
     * Moves the running statistics towards those of a batch: {@code fma(momentum, new, (1 - momentum) running)} in
     * double, rounded once, new being the mean and the unbiased variance, as torch.nn.BatchNorm does. A batch that was
     * normalized in parts, each by its own statistics, moves them once, by the statistics of the whole: those of the
     * parts, merged in their order in double as those of blocks are.
     *
     * @param momentum share of the batch, from 0 to 1
     * @param parts in the order of their samples, of as many channels each
     * @param running moved
     * @throws IllegalArgumentException if all parts together have fewer than two elements per channel
     */
    void batchNormCommit(double momentum, List<BatchPart> parts, ChannelStatistics running);

    /**
     * {@link #batchNormCommit(double, List, ChannelStatistics)} for a batch that was normalized as a whole.
     *
     * @param norm sizes of the batch
     * @param momentum share of the batch, from 0 to 1
     * @param batch mean and biased variance of the batch
     * @param running moved
     */
    default void batchNormCommit(BatchNorm norm, double momentum, ChannelStatistics batch, ChannelStatistics running) {
        batchNormCommit(momentum, List.of(new BatchPart(norm, batch)), running);
    }

    /**
     * torch.nn.functional.batch_norm in training, without the running statistics: saves the statistics of the batch
     * and normalizes by them.
     *
     * @param norm sizes and epilogue
     * @param affine per channel
     * @param x [samples, channels, spatial]
     * @param residual with {@code ADD_RELU} only, of the size of x; else null
     * @param saved overwritten with the statistics, for the backward pass
     * @param y overwritten, of the size of x
     */
    void batchNormForward(
            BatchNorm norm, Affine affine, Tensor x, @Nullable Tensor residual, ChannelStatistics saved, Tensor y);

    /**
     * Normalizes by given statistics: an evaluation by the running ones, or the second part of a training pass.
     *
     * @param norm sizes and epilogue
     * @param affine per channel
     * @param x [samples, channels, spatial]
     * @param residual with {@code ADD_RELU} only, of the size of x; else null
     * @param given the statistics, which stay
     * @param y overwritten, of the size of x
     */
    void batchNormNormalize(
            BatchNorm norm, Affine affine, Tensor x, @Nullable Tensor residual, ChannelStatistics given, Tensor y);

    /**
     * The gradients of {@link #batchNormForward}: {@code dbeta += sum(g)}, {@code dgamma += rstd sum(g (x - mean))}
     * with {@code fma(g, x - mean, sum)} per lane, and dx.
     *
     * @param norm that of the forward pass
     * @param affine that of the forward pass
     * @param saved what the forward pass saved
     * @param operands what is read, and the gradient of the residual
     * @param gradients per channel, and of x
     */
    void batchNormBackward(
            BatchNorm norm, Affine affine, ChannelStatistics saved, BatchNormOperands operands, Gradients gradients);

    /**
     * The gradients of {@link #batchNormNormalize} by given statistics: {@code dx = scale g}; the others as above.
     *
     * @param norm that of the forward pass
     * @param affine that of the forward pass
     * @param given the statistics of the forward pass
     * @param operands what is read, and the gradient of the residual
     * @param gradients per channel, and of x
     */
    void batchNormEvaluationBackward(
            BatchNorm norm, Affine affine, ChannelStatistics given, BatchNormOperands operands, Gradients gradients);

    /**
     * torch.nn.functional.group_norm.
     *
     * @param norm sizes
     * @param affine per channel
     * @param x [samples, channels, spatial]
     * @param saved overwritten, of each group of each sample, for the backward pass
     * @param y overwritten, of the size of x
     */
    void groupNormForward(GroupNorm norm, Affine affine, Tensor x, RowStatistics saved, Tensor y);

    /**
     * The gradients of {@link #groupNormForward}. Of each plane the sums of dy and of dy (x - mean), as in batch
     * normalization. dbeta and dgamma add them over the samples, the latter times rstd; dx adds them, times gamma, over
     * the channels of its group, all in double and ascending.
     *
     * @param norm that of the forward pass
     * @param gamma that of the forward pass, or null
     * @param saved what the forward pass saved
     * @param x what was normalized
     * @param dy gradient of the result
     * @param gradients per channel, and of x
     */
    void groupNormBackward(
            GroupNorm norm, @Nullable Tensor gamma, RowStatistics saved, Tensor x, Tensor dy, Gradients gradients);

    /**
     * torch.nn.functional.layer_norm over the last dimension, or the last ones seen as one.
     *
     * @param norm sizes
     * @param affine per column
     * @param x [rows, columns]
     * @param saved overwritten, of each row, for the backward pass
     * @param y overwritten, [rows, columns]
     */
    void layerNormForward(RowNorm norm, Affine affine, Tensor x, RowStatistics saved, Tensor y);

    /**
     * The gradients of {@link #layerNormForward}. The columns of dbeta ({@code dy}) and dgamma
     * ({@code fma(dy, h, sum)}) are added over blocks of {@value Sizes#ROWS} rows from +0, then the blocks from the
     * first on, and their sum to what is there.
     *
     * @param norm that of the forward pass
     * @param gamma that of the forward pass, or null
     * @param saved what the forward pass saved
     * @param x what was normalized
     * @param dy gradient of the result
     * @param gradients per column, and of x
     */
    void layerNormBackward(
            RowNorm norm, @Nullable Tensor gamma, RowStatistics saved, Tensor x, Tensor dy, Gradients gradients);

    /**
     * torch.nn.functional.rms_norm: layer normalization with a mean of 0, {@code rstd = 1 / sqrt(sum(x^2) / columns +
     * epsilon)} with {@code fma(x, x, sum)} per lane. PyTorch's default epsilon is 2^-23.
     *
     * @param norm sizes
     * @param gamma per column, null for ones
     * @param x [rows, columns]
     * @param rstd overwritten, [rows], for the backward pass
     * @param y overwritten, [rows, columns]
     */
    void rmsNormForward(RowNorm norm, @Nullable Tensor gamma, Tensor x, Tensor rstd, Tensor y);

    /**
     * The gradients of {@link #rmsNormForward}, those of layer normalization with a mean of 0 and without c.
     *
     * @param norm that of the forward pass
     * @param gamma that of the forward pass, or null
     * @param rstd what the forward pass saved
     * @param x what was normalized
     * @param dy gradient of the result
     * @param gradients per column, and of x
     */
    void rmsNormBackward(RowNorm norm, @Nullable Tensor gamma, Tensor rstd, Tensor x, Tensor dy, Gradients gradients);
}
