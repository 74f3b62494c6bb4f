package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;

/**
 * One transposed 2-D convolution, as PyTorch's ConvTranspose2d. x [batch, inChannels, height, width], w [inChannels,
 * outChannels / groups, kernelHeight, kernelWidth], y [batch, outChannels, outHeight(), outWidth()]. It is the input
 * gradient of the convolution {@link #adjoint()}, which leads from y to x: stride, padding and dilation of the window
 * are those of that convolution.
 *
 * @param outputPaddingY rows of y beyond the last one that a window must reach, less than the stride: which of the
 *     heights that the adjoint convolution maps to that of x
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

    /** In one group, without output padding. */
    public ConvTranspose2dShape(int batch, int inChannels, int height, int width, int outChannels, Window window) {
        this(batch, inChannels, height, width, outChannels, window, 1, 0, 0);
    }

    /** Of sequences [batch, inChannels, length], as PyTorch's ConvTranspose1d. See {@link Window#line}. */
    public static ConvTranspose2dShape conv1d(int batch, int inChannels, int length, int outChannels, Window window) {
        return new ConvTranspose2dShape(batch, inChannels, 1, length, outChannels, window);
    }

    /** The same sizes with the channels in groups. */
    public ConvTranspose2dShape withGroups(int groups) {
        return new ConvTranspose2dShape(
                batch, inChannels, height, width, outChannels, window, groups, outputPaddingY, outputPaddingX);
    }

    /** The same with so many more rows and columns of y. */
    public ConvTranspose2dShape withOutputPadding(int rows, int columns) {
        return new ConvTranspose2dShape(batch, inChannels, height, width, outChannels, window, groups, rows, columns);
    }

    public int outHeight() {
        return outHeight(window, height, outputPaddingY);
    }

    public int outWidth() {
        return outWidth(window, width, outputPaddingX);
    }

    /** The convolution from y to x, with the same weights, whose input gradient this is. */
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
