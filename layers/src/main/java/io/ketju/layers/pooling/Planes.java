package io.ketju.layers.pooling;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.pooling.PoolAxis;
import io.ketju.tensor.kernel.pooling.PoolWindow;

/** What a pooling goes over: images, or sequences, which are images of height 1. */
enum Planes {
    SEQUENCES("sequences", "[samples, channels, length]"),
    IMAGES("images", "[samples, channels, height, width]");

    private final String things;
    private final String dimensions;

    Planes(String things, String dimensions) {
        this.things = things;
        this.dimensions = dimensions;
    }

    int height(Shape input) {
        return this == IMAGES ? input.dimension(2) : 1;
    }

    int width(Shape input) {
        return input.dimension(input.rank() - 1);
    }

    /** The tensor as [samples, channels, height, width]. */
    Tensor of(Tensor tensor) {
        if (this == IMAGES) {
            return tensor;
        }
        Shape shape = tensor.shape();
        return tensor.view(Shape.of(shape.dimension(0), shape.dimension(1), 1, shape.dimension(2)));
    }

    /** Planes of this size, as many as the input has. */
    TensorType sized(Shape input, int rows, int columns) {
        int samples = input.dimension(0);
        int channels = input.dimension(1);
        return this == IMAGES
                ? TensorType.floats(samples, channels, rows, columns)
                : TensorType.floats(samples, channels, columns);
    }

    /** Throws unless the input has the dimensions. */
    void require(Shape input) {
        int rank = this == IMAGES ? 4 : 3;
        if (input.rank() != rank) {
            throw new IllegalArgumentException("expected input " + dimensions + ", found " + input);
        }
    }

    /** Throws unless the input has the dimensions, and elements in each plane. */
    void requireElements(Shape input) {
        require(input);
        if (height(input) == 0 || width(input) == 0) {
            throw new IllegalArgumentException("expected " + things + " with elements, found " + input);
        }
    }

    /** The outputs of a window that slides over the input; throws if none fits, or one would hold padding alone. */
    TensorType slide(PoolWindow window, Shape input) {
        require(input);
        PoolAxis rows = window.rows();
        PoolAxis columns = window.columns();
        int height = height(input);
        int width = width(input);
        requireAddressable(rows, columns, input);
        if (rows.outSize(height) < 1 || columns.outSize(width) < 1) {
            throw new IllegalArgumentException("expected " + things + " of at least "
                    + (this == IMAGES ? "[" + least(rows) + ", " + least(columns) + "]" : least(columns))
                    + " for this kernel, found " + input);
        }
        if (rows.emptyWindow(height) >= 0 || columns.emptyWindow(width) >= 0) {
            throw new IllegalArgumentException(
                    "expected " + things + " so large that no window lies in the padding alone, found " + input);
        }
        return sized(input, rows.outSize(height), columns.outSize(width));
    }

    /** A padded copy of a sample may be made, however few of its elements a wide stride visits. */
    private void requireAddressable(PoolAxis rows, PoolAxis columns, Shape input) {
        long height = height(input) + 2L * rows.padding();
        long width = width(input) + 2L * columns.padding();
        long most = Math.max(height + rows.extent(), width + columns.extent());
        if (most > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("expected " + things
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
