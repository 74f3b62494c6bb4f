package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.testing.Operand;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIMD convolution gives the bits of the scalar one, forward and backward, at any width and number of threads. */
class ConvolutionVectorTest {
    private static final ConvolutionKernels SCALAR = new ScalarConvolution();
    private static final List<Conv2dShape> SHAPES = List.of(
            new Conv2dShape(3, 1, 28, 28, 6, Window.square(5, 1, 2)),
            new Conv2dShape(2, 6, 14, 14, 16, Window.square(5, 1, 0)),
            new Conv2dShape(2, 20, 12, 12, 7, Window.square(5, 1, 0)),
            new Conv2dShape(2, 3, 13, 17, 9, Window.square(3, 2, 1)),
            new Conv2dShape(1, 2, 16, 11, 5, new Window(3, 5, 2, 1, 0, 3)),
            new Conv2dShape(1, 4, 9, 9, 31, new Window(1, 1, 1, 1, 0, 0)),
            new Conv2dShape(2, 5, 8, 8, 3, new Window(1, 1, 2, 2, 0, 0)),
            new Conv2dShape(1, 3, 7, 40, 4, new Window(2, 19, 1, 2, 1, 9)),
            new Conv2dShape(1, 40, 5, 5, 66, Window.square(3, 1, 1)),
            new Conv2dShape(1, 1, 1, 1, 1, Window.square(1, 1, 0)),
            new Conv2dShape(1, 2, 3, 3, 2, Window.square(3, 3, 3)),
            new Conv2dShape(1, 1, 37, 41, 2, Window.square(3, 1, 1)));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void layersOfLenetAndAwkwardOnes(int threads) {
        try (TensorCore core = open(threads)) {
            for (Conv2dShape shape : SHAPES) {
                compare(core.kernels().convolution(), shape, 1, false);
            }
        }
    }

    @Test
    void randomShapes() {
        try (TensorCore core = open(2)) {
            for (int seed = 0; seed < 30; seed++) {
                compare(core.kernels().convolution(), random(seed), seed, false);
            }
        }
    }

    @Test
    void specialValues() {
        try (TensorCore core = open(2)) {
            for (int seed = 100; seed < 115; seed++) {
                compare(core.kernels().convolution(), random(seed), seed, true);
            }
        }
    }

    @Test
    void weightsTooManyForPartialSums() {
        try (TensorCore core = open(2)) {
            compare(core.kernels().convolution(), new Conv2dShape(12, 70, 3, 3, 300, Window.square(3, 1, 1)), 5, false);
        }
    }

    private static Conv2dShape random(int seed) {
        CounterRandom random = CounterRandom.of(seed, "shape");
        int kernelHeight = 1 + random.below(0, 5);
        int kernelWidth = 1 + random.below(1, 7);
        Window window = new Window(
                kernelHeight,
                kernelWidth,
                1 + random.below(2, 3),
                1 + random.below(3, 3),
                random.below(4, kernelHeight),
                random.below(5, kernelWidth));
        return new Conv2dShape(
                1 + random.below(6, 3),
                1 + random.below(7, 9),
                kernelHeight + random.below(8, 20),
                kernelWidth + random.below(9, 20),
                1 + random.below(10, 17),
                window);
    }

    private static void compare(ConvolutionKernels kernels, Conv2dShape shape, long seed, boolean special) {
        String what = shape + ", seed " + seed;
        Shape input = Shape.of(shape.batch(), shape.inChannels(), shape.height(), shape.width());
        Shape output = Shape.of(shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth());
        Window window = shape.window();
        Shape weight = Shape.of(shape.outChannels(), shape.inChannels(), window.kernelHeight(), window.kernelWidth());
        Tensor x = operand(seed, "x", input, special).tensor;
        Tensor w = operand(seed, "w", weight, special).tensor;
        Tensor dy = operand(seed, "dy", output, special).tensor;
        Operand bias = Operand.uniform(seed, "bias", Shape.of(shape.outChannels()));
        Operand before = Operand.uniform(seed, "before", output);
        compare("forward, " + what, kernels, before, (k, y) -> k.conv2dForward(shape, x, w, null, y));
        compare("forward with bias, " + what, kernels, before, (k, y) -> k.conv2dForward(shape, x, w, bias.tensor, y));
        Operand dx = Operand.uniform(seed, "dx", input);
        compare("backward input, " + what, kernels, dx, (k, y) -> k.conv2dBackwardInput(shape, dy, w, y));
        Operand dw = Operand.uniform(seed, "dw", weight);
        compare("backward weight, " + what, kernels, dw, (k, y) -> k.conv2dBackwardWeight(shape, x, dy, y));
        compare("backward bias, " + what, kernels, bias, (k, y) -> k.conv2dBackwardBias(shape, dy, y));
    }

    private static Operand operand(long seed, String name, Shape shape, boolean special) {
        return special ? Operand.special(seed, name, shape) : Operand.uniform(seed, name, shape);
    }

    @FunctionalInterface
    private interface Step {
        void run(ConvolutionKernels kernels, Tensor result);
    }

    private static void compare(String what, ConvolutionKernels kernels, Operand before, Step step) {
        Operand expected = before.copy();
        Operand actual = before.copy();
        step.run(SCALAR, expected.tensor);
        step.run(kernels, actual.tensor);
        actual.assertSameBits(what, expected);
    }

    private static TensorCore open(int threads) {
        return TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR));
    }
}
