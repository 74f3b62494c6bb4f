package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;

/**
 * One transposed 2-D convolution, as PyTorch's ConvTranspose2d. x [batch, inChannels, height, width], w [inChannels,
 * outChannels / groups, kernelHeight, kernelWidth], y [batch, outChannels, outHeight(), outWidth()]. It is the input
 * gradient of the convolution {@link #adjoint()}, which leads from y to x: stride, padding and dilation of the window
 * are those of that convolution.
 *
 * @param batch samples, at least 0
 * @param inChannels channels of x, a multiple of the groups
 * @param height rows of x, at least 1
 * @param width columns of x, at least 1
 * @param outChannels channels of y, a multiple of the groups
 * @param window taps, stride, padding and dilation of the adjoint convolution
 * @param groups both kinds of channels are cut into so many, as in {@link Conv2dShape}
 * @param outputPaddingY rows of y beyond the last one that a window must reach, less than the stride: which of the heights that the adjoint
 *     convolution maps to that of x
 * @param outputPaddingX columns, likewise
 */
public record ConvTranspose2dShape(
        int batch,
        int inChannels,
        int height,
        int width,
        int outChannels,
        Window window,
        int groups,
        int outputPaddingY,
        int outputPaddingX) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is out of its range, or y would be empty
     */
    public ConvTranspose2dShape {
        window.check();
        Conv2dShape.checkChannels(batch, inChannels, outChannels, groups);
        if (outputPaddingY < 0
                || outputPaddingX < 0
                || outputPaddingY >= window.strideY()
                || outputPaddingX >= window.strideX()) {
            throw new IllegalArgumentException(
                    "transposed convolution: expected output padding from 0 to the stride - 1," + " found "
                            + outputPaddingY + " and " + outputPaddingX + " for " + window);
        }
        if (height < 1
                || width < 1
                || outHeight(window, height, outputPaddingY) < 1
                || outWidth(window, width, outputPaddingX) < 1) {
            throw new IllegalArgumentException("transposed convolution: expected an image with an output, found "
                    + height + " x " + width + " for " + window);
        }
    }

    /**
     * One in a single group, without output padding.
     *
     * @param batch samples
     * @param inChannels channels of x
     * @param height rows of x
     * @param width columns of x
     * @param outChannels channels of y
     * @param window taps, stride, padding and dilation of the adjoint convolution
     */
    public ConvTranspose2dShape(int batch, int inChannels, int height, int width, int outChannels, Window window) {
        this(batch, inChannels, height, width, outChannels, window, 1, 0, 0);
    }

    /**
     * {@return one of sequences [batch, inChannels, length], as PyTorch's ConvTranspose1d}
     *
     * @param batch samples
     * @param inChannels channels of x
     * @param length elements of one channel of x
     * @param outChannels channels of y
     * @param window of height 1: see {@link Window#line}
     */
    public static ConvTranspose2dShape conv1d(int batch, int inChannels, int length, int outChannels, Window window) {
        return new ConvTranspose2dShape(batch, inChannels, 1, length, outChannels, window);
    }

    /**
     * {@return the same sizes with the channels in groups}
     *
     * @param groups divides both numbers of channels
     */
    public ConvTranspose2dShape withGroups(int groups) {
        return new ConvTranspose2dShape(
                batch, inChannels, height, width, outChannels, window, groups, outputPaddingY, outputPaddingX);
    }

    /**
     * {@return the same with so many more rows and columns of y}
     *
     * @param rows less than the stride
     * @param columns less than the stride
     */
    public ConvTranspose2dShape withOutputPadding(int rows, int columns) {
        return new ConvTranspose2dShape(batch, inChannels, height, width, outChannels, window, groups, rows, columns);
    }

    /** {@return the rows of y} */
    public int outHeight() {
        return outHeight(window, height, outputPaddingY);
    }

    /** {@return the columns of y} */
    public int outWidth() {
        return outWidth(window, width, outputPaddingX);
    }

    /** {@return the convolution from y to x, with the same weights, whose input gradient this is} */
    public Conv2dShape adjoint() {
        return new Conv2dShape(batch, outChannels, outHeight(), outWidth(), inChannels, window, groups);
    }

    private static int outHeight(Window window, int height, int padding) {
        return (height - 1) * window.strideY() - 2 * window.padY() + window.extentY() + padding;
    }

    private static int outWidth(Window window, int width, int padding) {
        return (width - 1) * window.strideX() - 2 * window.padX() + window.extentX() + padding;
    }
}
