package io.ketju.layers.convolution;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Arguments.Pair;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;

/** What windows over images have in common: how they are written, checked and moved. */
final class Windows {
    private Windows() {}

    /** A window over images from {@code kernel_size}, {@code stride}, {@code padding} and {@code dilation}. */
    static Window ofConvolution(Arguments arguments) {
        Pair kernel = arguments.pair("kernel_size");
        Pair stride = arguments.pair("stride");
        Pair dilation = arguments.pair("dilation");
        Pair padding = padding(arguments, kernel, stride, dilation);
        return new Window(
                kernel.rows(),
                kernel.columns(),
                stride.rows(),
                stride.columns(),
                padding.rows(),
                padding.columns(),
                dilation.rows(),
                dilation.columns());
    }

    /** A window over sequences, which are images of height 1. */
    static Window line(Arguments arguments) {
        Pair kernel = new Pair(1, arguments.integer("kernel_size"));
        Pair stride = new Pair(1, arguments.integer("stride"));
        Pair dilation = new Pair(1, arguments.integer("dilation"));
        boolean word = arguments.word("padding").matches("[a-z]+");
        Pair padding = word ? padding(arguments, kernel, stride, dilation) : new Pair(0, arguments.integer("padding"));
        return Window.line(kernel.columns(), stride.columns(), padding.columns())
                .dilated(1, dilation.columns());
    }

    /** As numbers before the input; {@code same} keeps the size, {@code valid} is none. */
    private static Pair padding(Arguments arguments, Pair kernel, Pair stride, Pair dilation) {
        String written = arguments.word("padding");
        if (!written.matches("[a-z]+")) {
            return arguments.pair("padding");
        }
        if (arguments.word("padding", "same", "valid").equals("valid")) {
            return Pair.of(0);
        }
        String name = arguments.spec().name();
        if (Math.max(stride.rows(), stride.columns()) > 1) {
            throw new IllegalArgumentException(name + ": argument 'padding': expected numbers or valid for a stride of "
                    + stride + ", found same");
        }
        return new Pair((kernel.rows() - 1) * dilation.rows() / 2, (kernel.columns() - 1) * dilation.columns() / 2);
    }

    /** Throws {@link IllegalArgumentException} unless kernel, stride and dilation are at least 1 and the padding is not negative. */
    static void requireWindow(String layer, Window window) {
        Arguments.requirePositive(layer, "kernel_size", Math.min(window.kernelHeight(), window.kernelWidth()));
        Arguments.requirePositive(layer, "stride", Math.min(window.strideY(), window.strideX()));
        Arguments.requirePositive(layer, "dilation", Math.min(window.dilationY(), window.dilationX()));
        int padding = Math.min(window.padY(), window.padX());
        if (padding < 0) {
            throw new IllegalArgumentException(layer + ": argument 'padding': expected at least 0, found " + padding);
        }
    }

    /** Throws {@link IllegalArgumentException} unless both kinds of channels can be cut into so many groups. */
    static void requireGroups(String layer, int inChannels, int outChannels, int groups) {
        Arguments.requirePositive(layer, "in_channels", inChannels);
        Arguments.requirePositive(layer, "out_channels", outChannels);
        Arguments.requirePositive(layer, "groups", groups);
        if (inChannels % groups != 0 || outChannels % groups != 0) {
            throw new IllegalArgumentException(layer + ": argument 'groups': expected a divisor of in_channels "
                    + inChannels + " and out_channels " + outChannels + ", found " + groups);
        }
    }

    /** Shape [samples, channels, outHeight, outWidth] of images [samples, ., height, width] under a window; throws if none fits. */
    static Shape slide(Window window, Shape input, int channels) {
        int height = padded(input.dimension(2), window.padY());
        int width = padded(input.dimension(3), window.padX());
        if (height < window.extentY() || width < window.extentX()) {
            throw new IllegalArgumentException("expected images of at least ["
                    + (window.extentY() - 2 * window.padY()) + ", "
                    + (window.extentX() - 2 * window.padX()) + "] for this kernel, found " + input);
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

    /** Kernel size, then what is not as it is by default; of an image or of a sequence. */
    static Spec addTo(Spec spec, Window window, boolean line) {
        Spec result = spec.with("kernel_size", shown(window.kernelHeight(), window.kernelWidth(), line));
        result = addTo(result, "stride", shown(window.strideY(), window.strideX(), line), 1);
        result = addTo(result, "padding", shown(window.padY(), window.padX(), line), 0);
        return addTo(result, "dilation", shown(window.dilationY(), window.dilationX(), line), 1);
    }

    private static Spec addTo(Spec spec, String argument, Pair value, int usual) {
        return value.equals(Pair.of(usual)) ? spec : spec.with(argument, value);
    }

    private static Pair shown(int rows, int columns, boolean line) {
        return line ? Pair.of(columns) : new Pair(rows, columns);
    }

    static Window withStride(Window window, int rows, int columns) {
        return new Window(
                window.kernelHeight(),
                window.kernelWidth(),
                rows,
                columns,
                window.padY(),
                window.padX(),
                window.dilationY(),
                window.dilationX());
    }

    static Window withPadding(Window window, int rows, int columns) {
        return new Window(
                window.kernelHeight(),
                window.kernelWidth(),
                window.strideY(),
                window.strideX(),
                rows,
                columns,
                window.dilationY(),
                window.dilationX());
    }
}
