package io.ketju.layers.pooling;

import io.ketju.layers.Planes;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Arguments.Pair;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import io.ketju.tensor.kernel.pooling.PoolWindow;

/** The windows of poolings as arguments, read, checked and printed; and what they make of planes. */
final class PoolWindows {
    private PoolWindows() {}

    /** The description with {@code kernel_size}, {@code stride} and {@code padding}, whose numbers are written thus. */
    static Description describe(Description description, String padding, String numbers) {
        return describe(description, numbers).optional("padding", 0, padding + "; at most half of a window");
    }

    /** The description with {@code kernel_size} and {@code stride}, whose numbers are written thus. */
    static Description describe(Description description, String numbers) {
        return description
                .required("kernel_size", "positions that a window takes: " + numbers)
                .derived("stride", "kernel_size", "step of the window: " + numbers);
    }

    /** A window over images. */
    static PoolWindow images(Arguments arguments) {
        Pair kernel = arguments.pair("kernel_size");
        Pair stride = arguments.pair("stride", kernel);
        Pair padding = arguments.pair("padding", Pair.of(0));
        Pair dilation = arguments.pair("dilation", Pair.of(1));
        boolean ceil = arguments.flag("ceil_mode");
        String layer = arguments.spec().name();
        return new PoolWindow(
                checked(layer, kernel.rows(), stride.rows(), padding.rows(), dilation.rows(), ceil),
                checked(layer, kernel.columns(), stride.columns(), padding.columns(), dilation.columns(), ceil));
    }

    /** A window over sequences. */
    static PoolAxis sequences(Arguments arguments) {
        int kernel = arguments.integer("kernel_size");
        return checked(
                arguments.spec().name(),
                kernel,
                arguments.integer("stride", kernel),
                arguments.integer("padding", 0),
                arguments.integer("dilation", 1),
                arguments.flag("ceil_mode"));
    }

    /** A square window. */
    static PoolWindow square(PoolAxis axis) {
        return new PoolWindow(axis, axis);
    }

    /** The windows of a kernel side by side. */
    static PoolAxis sideBySide(String layer, int kernel) {
        return checked(layer, kernel, kernel, 0, 1, false);
    }

    static PoolAxis withStride(String layer, PoolAxis axis, int stride) {
        return checked(layer, axis.kernel(), stride, axis.padding(), axis.dilation(), axis.ceilMode());
    }

    static PoolAxis withPadding(String layer, PoolAxis axis, int padding) {
        return checked(layer, axis.kernel(), axis.stride(), padding, axis.dilation(), axis.ceilMode());
    }

    static PoolAxis withDilation(String layer, PoolAxis axis, int dilation) {
        return checked(layer, axis.kernel(), axis.stride(), axis.padding(), dilation, axis.ceilMode());
    }

    private static PoolAxis checked(String layer, int kernel, int stride, int padding, int dilation, boolean ceil) {
        Arguments.requirePositive(layer, "kernel_size", kernel);
        Arguments.requirePositive(layer, "stride", stride);
        Arguments.requirePositive(layer, "dilation", dilation);
        long extent = (kernel - 1L) * dilation + 1;
        if (extent > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(layer + ": argument 'dilation': expected a window of at most 2^31-1"
                    + " positions with kernel_size " + kernel + ", found " + dilation);
        }
        if (padding < 0) {
            throw new IllegalArgumentException(layer + ": argument 'padding': expected at least 0, found " + padding);
        }
        // Otherwise a window could lie in the padding alone.
        if (2L * padding > extent) {
            throw new IllegalArgumentException(layer + ": argument 'padding': expected at most half of kernel_size "
                    + kernel + (dilation == 1 ? "" : " with dilation " + dilation) + ", found " + padding);
        }
        return new PoolAxis(kernel, stride, padding, dilation, ceil);
    }

    /** Throws unless texts can say it: they have one ceil mode for both axes, and nothing of rows over sequences. */
    static void requireWritable(String layer, Planes planes, PoolWindow window) {
        if (planes == Planes.SEQUENCES && !window.rows().equals(PoolWindow.FLAT)) {
            throw new IllegalArgumentException(
                    layer + ": expected a window over planes of height 1, found " + window.rows() + " over rows");
        }
        if (planes == Planes.IMAGES
                && window.rows().ceilMode() != window.columns().ceilMode()) {
            throw new IllegalArgumentException(
                    layer + ": expected one ceil mode for rows and columns, found " + window);
        }
    }

    /** That of a window over sequences, which has one number for each. */
    static Spec addTo(Spec spec, PoolAxis axis) {
        return addTo(spec, square(axis));
    }

    /** Kernel size, then what is not as it is by default. */
    static Spec addTo(Spec spec, PoolWindow window) {
        PoolAxis rows = window.rows();
        PoolAxis columns = window.columns();
        Pair kernel = new Pair(rows.kernel(), columns.kernel());
        Pair stride = new Pair(rows.stride(), columns.stride());
        Spec result = spec.with("kernel_size", kernel);
        result = stride.equals(kernel) ? result : result.with("stride", stride);
        result = unless(0, result, "padding", new Pair(rows.padding(), columns.padding()));
        result = unless(1, result, "dilation", new Pair(rows.dilation(), columns.dilation()));
        return columns.ceilMode() ? result.with("ceil_mode", true) : result;
    }

    private static Spec unless(int usual, Spec spec, String name, Pair value) {
        return value.equals(Pair.of(usual)) ? spec : spec.with(name, value);
    }

    /** The outputs of a window that slides over the input; throws if none fits, or one would hold padding alone. */
    static TensorType slide(Planes planes, PoolWindow window, Shape input) {
        planes.require(input);
        PoolAxis rows = window.rows();
        PoolAxis columns = window.columns();
        int height = planes.height(input);
        int width = planes.width(input);
        requireAddressable(planes, rows, columns, input);
        if (rows.outSize(height) < 1 || columns.outSize(width) < 1) {
            throw new IllegalArgumentException("expected " + planes.things() + " of at least "
                    + (planes == Planes.IMAGES ? "[" + least(rows) + ", " + least(columns) + "]" : least(columns))
                    + " for this kernel, found " + input);
        }
        if (rows.emptyWindow(height) >= 0 || columns.emptyWindow(width) >= 0) {
            throw new IllegalArgumentException("expected " + planes.things()
                    + " so large that no window lies in the padding alone, found " + input);
        }
        return planes.sized(input, rows.outSize(height), columns.outSize(width));
    }

    /** A padded copy of a sample may be made, however few of its elements a wide stride visits. */
    private static void requireAddressable(Planes planes, PoolAxis rows, PoolAxis columns, Shape input) {
        long height = planes.height(input) + 2L * rows.padding();
        long width = planes.width(input) + 2L * columns.padding();
        long most = Math.max(height + rows.extent(), width + columns.extent());
        if (most > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("expected " + planes.things()
                    + " of at most 2^31-1 positions a side with their padding and the window, found " + input);
        }
        Shape.of(input.dimension(1), (int) height, (int) width);
    }

    /** The smallest size over which there is a window. */
    private static int least(PoolAxis axis) {
        int all = axis.extent() - 2 * axis.padding();
        return Math.max(1, axis.ceilMode() ? all - (axis.stride() - 1) : all);
    }
}
