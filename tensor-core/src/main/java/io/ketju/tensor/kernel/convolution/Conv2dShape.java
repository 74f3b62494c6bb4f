package io.ketju.tensor.kernel.convolution;

/**
 * One 2-D convolution (cross-correlation, as PyTorch's Conv2d). x [batch, inChannels, height, width], w [outChannels,
 * inChannels, kernelHeight, kernelWidth], y [batch, outChannels, outHeight(), outWidth()].
 */
public record Conv2dShape(int batch, int inChannels, int height, int width, int outChannels, Window window) {
    /** Kernel size, stride and zero padding in rows and columns; shared by convolution and pooling. */
    public record Window(int kernelHeight, int kernelWidth, int strideY, int strideX, int padY, int padX) {
        /** A square window. */
        public static Window square(int kernel, int stride, int padding) {
            return new Window(kernel, kernel, stride, stride, padding, padding);
        }

        public int outHeight(int height) {
            return (height + 2 * padY - kernelHeight) / strideY + 1;
        }

        public int outWidth(int width) {
            return (width + 2 * padX - kernelWidth) / strideX + 1;
        }
    }

    public int outHeight() {
        return window.outHeight(height);
    }

    public int outWidth() {
        return window.outWidth(width);
    }

    /** Length of one forward sum: inChannels · kernelHeight · kernelWidth. */
    public int taps() {
        return inChannels * window.kernelHeight() * window.kernelWidth();
    }
}
