package io.ketju.tensor.kernel.pooling;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The sizes of one pooling from x to y, checked, and the bins of its axes. */
record PoolShape(int planes, PoolBins rows, PoolBins columns, int height, int width) {
    private static final int NARROW = 4;

    /** Of nothing. */
    static final PoolShape NONE = new PoolShape(0, new PoolBins.Adaptive(1, 1), new PoolBins.Adaptive(1, 1), 1, 1);

    private record Made(PoolWindow window, AverageDivisor average, Shape x, Shape y, PoolShape shape) {
        boolean isFor(PoolWindow window, AverageDivisor average, Shape x, Shape y) {
            return this.average.equals(average) && this.x.equals(x) && this.y.equals(y) && this.window.equals(window);
        }
    }

    private static final AtomicReferenceArray<@Nullable Made> LATELY = new AtomicReferenceArray<>(64);

    /** Those of the same sizes that were asked for lately are not made again. */
    static PoolShape of(PoolWindow window, AverageDivisor average, Tensor x, Tensor y) {
        int place = ((31 * x.shape().hashCode() + window.hashCode()) * 0x9E3779B9) >>> 26;
        Made made = LATELY.get(place);
        if (made == null || !made.isFor(window, average, x.shape(), y.shape())) {
            made = new Made(window, average, x.shape(), y.shape(), make(window, average, x, y));
            LATELY.set(place, made);
        }
        return made.shape;
    }

    private static PoolShape make(PoolWindow window, AverageDivisor average, Tensor x, Tensor y) {
        Shape in = x.shape();
        requireImages(x, y);
        int height = in.dimension(2);
        int width = in.dimension(3);
        PoolBins rows = new PoolBins.Sliding(window.rows(), height, average);
        PoolBins columns = new PoolBins.Sliding(window.columns(), width, average.ofColumns());
        Shape out = y.shape();
        if (rows.count() < 1 || columns.count() < 1) {
            throw new IllegalArgumentException("pooling: expected x at least as large as " + window + ", found " + in);
        }
        if (out.dimension(2) != rows.count() || out.dimension(3) != columns.count()) {
            throw new IllegalArgumentException("pooling: expected planes of y of " + rows.count() + " x "
                    + columns.count() + " for " + window + " over x " + in + ", found y " + out);
        }
        requireContents(window.rows(), height, window);
        requireContents(window.columns(), width, window);
        return new PoolShape(in.dimension(0) * in.dimension(1), rows, columns, height, width);
    }

    static PoolShape adaptive(Tensor x, Tensor y) {
        requireImages(x, y);
        Shape in = x.shape();
        Shape out = y.shape();
        if (in.dimension(2) < 1 || in.dimension(3) < 1) {
            throw new IllegalArgumentException("adaptive pooling: expected planes with elements, found x " + in);
        }
        PoolBins rows = new PoolBins.Adaptive(in.dimension(2), out.dimension(2));
        PoolBins columns = new PoolBins.Adaptive(in.dimension(3), out.dimension(3));
        return new PoolShape(in.dimension(0) * in.dimension(1), rows, columns, in.dimension(2), in.dimension(3));
    }

    /** Checks the gradients of max pooling: dy and argmax [batch, C, outHeight, outWidth], dx [batch, C, H, W]. */
    static void requireGradients(Tensor dy, Tensor argmax, Tensor dx) {
        requireImages(dx, dy);
        requirePositions(dy, argmax);
    }

    static void requirePositions(Tensor y, Tensor argmax) {
        if (argmax.dtype() != DType.INT32 || !argmax.shape().equals(y.shape())) {
            throw new IllegalArgumentException(
                    "max pooling: expected argmax int32" + y.shape() + ", found argmax " + argmax);
        }
    }

    int outHeight() {
        return rows.count();
    }

    int outWidth() {
        return columns.count();
    }

    int plane() {
        return height * width;
    }

    int outPlane() {
        return rows.count() * columns.count();
    }

    /** Whether each plane has one output, which takes all of it. */
    boolean global() {
        return rows instanceof PoolBins.Adaptive && outPlane() == 1;
    }

    /** Whether adaptive bins are those of windows side by side, and so narrow that rows have many of them. */
    boolean narrow() {
        return outPlane() > 0
                && height % rows.count() == 0
                && width % columns.count() == 0
                && width / columns.count() <= NARROW;
    }

    /** The window of {@link #narrow} bins. */
    PoolWindow window() {
        int h = height / rows.count();
        int w = width / columns.count();
        return new PoolWindow(PoolAxis.of(h, h, 0), PoolAxis.of(w, w, 0));
    }

    private static void requireImages(Tensor x, Tensor y) {
        Shape in = x.shape();
        Shape out = y.shape();
        if (in.rank() != 4
                || out.rank() != 4
                || in.dimension(0) != out.dimension(0)
                || in.dimension(1) != out.dimension(1)) {
            throw new IllegalArgumentException("pooling: expected x [batch, C, H, W] and y [batch, C, outHeight, "
                    + "outWidth], found x " + in + " and y " + out);
        }
    }

    private static void requireContents(PoolAxis axis, int size, PoolWindow window) {
        int empty = axis.emptyWindow(size);
        if (empty >= 0) {
            throw new IllegalArgumentException("pooling: expected positions of x in every window of " + window
                    + ", found none in window " + empty);
        }
    }
}
