package io.ketju.tensor.kernel;

import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.Conv2dShape.Window;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pooling gives the maxima, positions and gradients of the scalar kernels, at any width and number of threads. */
class PoolingVectorTest {
    private static final PoolingKernels SCALAR = new ScalarPooling();
    private static final List<Window> WINDOWS = List.of(
            Window.square(2, 2, 0),
            Window.square(3, 2, 1),
            Window.square(3, 1, 1),
            new Window(1, 3, 2, 1, 0, 1),
            new Window(5, 2, 3, 2, 2, 1));
    private static final int[][] PLANES = {{28, 28}, {5, 5}, {7, 65}, {6, 3}, {64, 31}};

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void ordinaryAndSpecialValues(int threads) {
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR))) {
            for (Window window : WINDOWS) {
                for (int[] plane : PLANES) {
                    Shape shape = Shape.of(9, 3, plane[0], plane[1]);
                    compare(core.kernels(), window, Operand.uniform(1, "x", shape));
                    compare(core.kernels(), window, Operand.special(2, "x", shape));
                    Operand equal = Operand.uniform(3, "x", shape);
                    equal.tensor.clear();
                    compare(core.kernels(), window, equal);
                }
            }
        }
    }

    private static void compare(PoolingKernels kernels, Window window, Operand x) {
        Shape in = x.tensor.shape();
        Shape out = Shape.of(
                in.dimension(0), in.dimension(1), window.outHeight(in.dimension(2)), window.outWidth(in.dimension(3)));
        String what = window + " over " + in;
        Operand y = Operand.uniform(4, "y", out);
        Operand expectedY = y.copy();
        Operand argmax = Operand.ints(out);
        Operand expectedArgmax = argmax.copy();
        SCALAR.maxPool2dForward(window, x.tensor, expectedY.tensor, expectedArgmax.tensor);
        kernels.maxPool2dForward(window, x.tensor, y.tensor, argmax.tensor);
        y.assertSameBits("maxima, " + what, expectedY);
        argmax.assertSameBits("positions, " + what, expectedArgmax);
        Operand dy = Operand.special(5, "dy", out);
        Operand dx = Operand.uniform(6, "dx", in);
        Operand expectedDx = dx.copy();
        SCALAR.maxPool2dBackward(dy.tensor, expectedArgmax.tensor, expectedDx.tensor);
        kernels.maxPool2dBackward(dy.tensor, argmax.tensor, dx.tensor);
        dx.assertSameBits("gradient, " + what, expectedDx);
    }
}
