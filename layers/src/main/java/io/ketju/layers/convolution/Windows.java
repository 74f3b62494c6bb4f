package io.ketju.layers.convolution;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;

/** Checks that layers over images share. */
public final class Windows {
    private Windows() {}

    /** A window from {@code kernel_size}, {@code stride} and {@code padding}; by default the stride is as large as the kernel. */
    public static Window of(Arguments arguments) {
        Arguments.Pair kernel = arguments.pair("kernel_size");
        Arguments.Pair stride = arguments.pair("stride", kernel);
        Arguments.Pair padding = arguments.pair("padding");
        return new Window(
                kernel.rows(), kernel.columns(), stride.rows(), stride.columns(), padding.rows(), padding.columns());
    }

    public static void requireWindow(String layer, Window window) {
        Arguments.requirePositive(layer, "kernel_size", Math.min(window.kernelHeight(), window.kernelWidth()));
        Arguments.requirePositive(layer, "stride", Math.min(window.strideY(), window.strideX()));
        int padding = Math.min(window.padY(), window.padX());
        if (padding < 0) {
            throw new IllegalArgumentException(layer + ": argument 'padding': expected at least 0, found " + padding);
        }
    }

    /** Shape [samples, channels, outHeight, outWidth] of images [samples, ., height, width] under a window; throws if none fits. */
    public static Shape slide(Window window, Shape input, int channels) {
        int height = padded(input.dimension(2), window.padY());
        int width = padded(input.dimension(3), window.padX());
        if (height < window.kernelHeight() || width < window.kernelWidth()) {
            throw new IllegalArgumentException("expected images of at least ["
                    + (window.kernelHeight() - 2 * window.padY()) + ", "
                    + (window.kernelWidth() - 2 * window.padX()) + "] for this kernel, found " + input);
        }
        // A padded copy of a sample is made, however few of its elements a wide stride visits.
        Shape.of(input.dimension(1), height, width);
        return Shape.of(
                input.dimension(0),
                channels,
                window.outHeight(input.dimension(2)),
                window.outWidth(input.dimension(3)));
    }

    private static int padded(int size, int padding) {
        long padded = size + 2L * padding;
        if (padded > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("expected an image of at most 2^31-1 rows and columns with its padding,"
                    + " found " + size + " padded by " + padding);
        }
        return (int) padded;
    }

    /** Kernel size, then stride and padding where they are not what they are by default. */
    public static Spec addTo(Spec spec, Window window, Arguments.Pair defaultStride) {
        Spec result = spec.with("kernel_size", kernel(window));
        Arguments.Pair stride = new Arguments.Pair(window.strideY(), window.strideX());
        Arguments.Pair padding = new Arguments.Pair(window.padY(), window.padX());
        result = stride.equals(defaultStride) ? result : result.with("stride", stride);
        return padding.equals(Arguments.Pair.of(0)) ? result : result.with("padding", padding);
    }

    public static Arguments.Pair kernel(Window window) {
        return new Arguments.Pair(window.kernelHeight(), window.kernelWidth());
    }

    public static Window withStride(Window window, int rows, int columns) {
        return new Window(window.kernelHeight(), window.kernelWidth(), rows, columns, window.padY(), window.padX());
    }

    public static Window withPadding(Window window, int rows, int columns) {
        return new Window(
                window.kernelHeight(), window.kernelWidth(), window.strideY(), window.strideX(), rows, columns);
    }
}
