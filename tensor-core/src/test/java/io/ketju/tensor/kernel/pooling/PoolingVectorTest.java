package io.ketju.tensor.kernel.pooling;

import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.testing.Operand;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pooling gives the values, positions and gradients of the scalar kernels, at any width and number of threads. */
class PoolingVectorTest {
    private static final PoolingKernels SCALAR = new ScalarPooling();
    private static final List<PoolWindow> WINDOWS = List.of(
            PoolWindow.square(2, 2, 0),
            new PoolWindow(
                    PoolAxis.of(2, 2, 0).withCeilMode(), PoolAxis.of(2, 2, 0).withCeilMode()),
            PoolWindow.square(3, 2, 1),
            PoolWindow.square(3, 1, 1),
            PoolWindow.square(1, 1, 0),
            new PoolWindow(PoolAxis.of(1, 2, 0), PoolAxis.of(3, 1, 1)),
            new PoolWindow(PoolAxis.of(5, 3, 2), PoolAxis.of(2, 2, 1)),
            new PoolWindow(
                    PoolAxis.of(2, 3, 1).withCeilMode(), PoolAxis.of(3, 3, 1).withCeilMode()),
            new PoolWindow(PoolAxis.of(2, 1, 0).withDilation(3), new PoolAxis(3, 2, 2, 2, false)),
            new PoolWindow(
                    PoolAxis.of(3, 4, 0), PoolAxis.of(2, 5, 1).withDilation(3).withCeilMode()));
    private static final List<AverageDivisor> DIVISORS =
            List.of(AverageDivisor.WINDOW, AverageDivisor.INSIDE, AverageDivisor.INSIDE.withFixed(-7));
    private static final int[][] PLANES = {{5, 5}, {7, 65}, {6, 4}, {30, 31}};
    private static final int[][] SIZES = {{1, 1}, {2, 2}, {7, 7}, {3, 5}, {1, 4}, {8, 40}};

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void windows(int threads) {
        try (TensorCore core = open(threads)) {
            for (PoolWindow window : WINDOWS) {
                for (int[] plane : PLANES) {
                    Shape in = Shape.of(3, 7, plane[0], plane[1]);
                    Shape out = Shape.of(
                            3,
                            7,
                            window.rows().outSize(plane[0]),
                            window.columns().outSize(plane[1]));
                    Operand equal = Operand.uniform(3, "x", in);
                    equal.tensor.clear();
                    maximum(core.kernels().pooling(), window, equal, out);
                    maximum(core.kernels().pooling(), window, lowest(in), out);
                    maximum(core.kernels().pooling(), window, Operand.special(2, "x", in), out);
                    average(core.kernels().pooling(), window, Operand.special(2, "x", in), out);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void linesAreFlatPlanes(int threads) {
        PoolWindow window = PoolWindow.line(PoolAxis.of(3, 2, 1));
        try (TensorCore core = open(threads)) {
            for (int length : new int[] {2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 34, 63, 64, 65, 100, 1000}) {
                Shape in = Shape.of(3, 20, 1, length);
                Shape out = Shape.of(3, 20, 1, window.columns().outSize(length));
                maximum(core.kernels().pooling(), window, Operand.special(7, "x", in), out);
                average(core.kernels().pooling(), window, Operand.special(8, "x", in), out);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void adaptive(int threads) {
        try (TensorCore core = open(threads)) {
            for (int[] size : SIZES) {
                for (int[] plane : PLANES) {
                    Shape in = Shape.of(2, 9, plane[0], plane[1]);
                    Shape out = Shape.of(2, 9, size[0], size[1]);
                    adaptive(core.kernels().pooling(), Operand.special(12, "x", in), out);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 48, 49, 100, 784, 12544})
    void averagesOfWholePlanes(int columns) {
        try (TensorCore core = open(3)) {
            adaptive(
                    core.kernels().pooling(),
                    Operand.special(13, "x", Shape.of(3, 7, 1, columns)),
                    Shape.of(3, 7, 1, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void noPlanes(int batch) {
        try (TensorCore core = open(1)) {
            Shape in = Shape.of(batch, 0, 4, 4);
            Shape out = Shape.of(batch, 0, 2, 2);
            maximum(core.kernels().pooling(), PoolWindow.square(2, 2, 0), Operand.uniform(1, "x", in), out);
            average(core.kernels().pooling(), PoolWindow.square(2, 2, 0), Operand.uniform(1, "x", in), out);
            adaptive(core.kernels().pooling(), Operand.uniform(1, "x", in), out);
        }
    }

    private static TensorCore open(int threads) {
        return TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR));
    }

    /** All elements -infinity, which no padding may beat. */
    private static Operand lowest(Shape shape) {
        Operand x = Operand.uniform(4, "x", shape);
        for (int i = 0; i < shape.elements(); i++) {
            x.tensor.setFloat(i, Float.NEGATIVE_INFINITY);
        }
        return x;
    }

    private static void maximum(PoolingKernels kernels, PoolWindow window, Operand x, Shape out) {
        String what = window + " over " + x.tensor;
        Operand y = Operand.uniform(4, "y", out);
        Operand expectedY = y.copy();
        Operand argmax = Operand.ints(out);
        Operand expectedArgmax = argmax.copy();
        SCALAR.maxPool2dForward(window, x.tensor, expectedY.tensor, expectedArgmax.tensor);
        kernels.maxPool2dForward(window, x.tensor, y.tensor, argmax.tensor);
        y.assertSameBits("maxima, " + what, expectedY);
        argmax.assertSameBits("positions, " + what, expectedArgmax);
        gradient(kernels, argmax, x.tensor.shape(), what);
    }

    private static void gradient(PoolingKernels kernels, Operand argmax, Shape in, String what) {
        Operand dy = Operand.special(5, "dy", argmax.tensor.shape());
        Operand dx = Operand.uniform(6, "dx", in);
        Operand expectedDx = dx.copy();
        SCALAR.maxPool2dBackward(dy.tensor, argmax.tensor, expectedDx.tensor);
        kernels.maxPool2dBackward(dy.tensor, argmax.tensor, dx.tensor);
        dx.assertSameBits("gradient of maxima, " + what, expectedDx);
    }

    private static void average(PoolingKernels kernels, PoolWindow window, Operand x, Shape out) {
        for (AverageDivisor divisor : DIVISORS) {
            String what = window + ", " + divisor + ", over " + x.tensor;
            Operand y = Operand.uniform(4, "y", out);
            Operand expectedY = y.copy();
            SCALAR.averagePool2dForward(window, divisor, x.tensor, expectedY.tensor);
            kernels.averagePool2dForward(window, divisor, x.tensor, y.tensor);
            y.assertSameBits("averages, " + what, expectedY);
            Operand dy = Operand.special(5, "dy", out);
            Operand dx = Operand.uniform(6, "dx", x.tensor.shape());
            Operand expectedDx = dx.copy();
            SCALAR.averagePool2dBackward(window, divisor, dy.tensor, expectedDx.tensor);
            kernels.averagePool2dBackward(window, divisor, dy.tensor, dx.tensor);
            dx.assertSameBits("gradient of averages, " + what, expectedDx);
        }
    }

    private static void adaptive(PoolingKernels kernels, Operand x, Shape out) {
        String what = "adaptive pooling of " + x.tensor + " to " + out;
        Operand y = Operand.uniform(4, "y", out);
        Operand expectedY = y.copy();
        Operand argmax = Operand.ints(out);
        Operand expectedArgmax = argmax.copy();
        SCALAR.adaptiveMaxPool2dForward(x.tensor, expectedY.tensor, expectedArgmax.tensor);
        kernels.adaptiveMaxPool2dForward(x.tensor, y.tensor, argmax.tensor);
        y.assertSameBits("maxima, " + what, expectedY);
        argmax.assertSameBits("positions, " + what, expectedArgmax);
        gradient(kernels, argmax, x.tensor.shape(), what);
        SCALAR.adaptiveAveragePool2dForward(x.tensor, expectedY.tensor);
        kernels.adaptiveAveragePool2dForward(x.tensor, y.tensor);
        y.assertSameBits("averages, " + what, expectedY);
        Operand dy = Operand.special(5, "dy", out);
        Operand dx = Operand.uniform(6, "dx", x.tensor.shape());
        Operand expectedDx = dx.copy();
        SCALAR.adaptiveAveragePool2dBackward(dy.tensor, expectedDx.tensor);
        kernels.adaptiveAveragePool2dBackward(dy.tensor, dx.tensor);
        dx.assertSameBits("gradient of averages, " + what, expectedDx);
    }
}
