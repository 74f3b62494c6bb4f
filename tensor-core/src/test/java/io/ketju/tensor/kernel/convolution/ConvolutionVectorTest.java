package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
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
            new Conv2dShape(3, 14, 7, 7, 33, Window.square(3, 1, 1)),
            new Conv2dShape(1, 1, 1, 1, 1, Window.square(1, 1, 0)),
            new Conv2dShape(1, 2, 3, 3, 2, Window.square(3, 3, 3)),
            new Conv2dShape(1, 1, 37, 41, 2, Window.square(3, 1, 1)),
            // Several samples at once, several bands, several chunks of planes, several blocks of taps.
            new Conv2dShape(9, 5, 7, 7, 8, Window.square(3, 1, 1)),
            new Conv2dShape(5, 3, 1, 49, 11, Window.square(1, 1, 0)),
            new Conv2dShape(1, 2, 75, 70, 2, Window.square(3, 2, 1)),
            new Conv2dShape(1, 1, 5, 4, 390, Window.square(3, 1, 1)),
            new Conv2dShape(1, 60, 9, 8, 3, Window.square(3, 2, 1)),
            // Strides with phases that no tap meets, or that have no position.
            new Conv2dShape(2, 4, 9, 8, 5, Window.square(1, 2, 0)),
            new Conv2dShape(2, 4, 10, 11, 5, new Window(2, 1, 3, 4, 1, 0)),
            new Conv2dShape(2, 2, 2, 2, 3, Window.square(2, 4, 1)),
            new Conv2dShape(1, 3, 14, 15, 5, new Window(3, 3, 2, 2, 4, 5)),
            // Dilation, with and without a divisor in common with the stride.
            new Conv2dShape(2, 3, 12, 13, 5, Window.square(3, 1, 2).dilated(2, 2)),
            new Conv2dShape(2, 3, 17, 19, 5, Window.square(3, 2, 2).dilated(2, 3)),
            new Conv2dShape(1, 3, 20, 18, 4, new Window(4, 3, 4, 2, 3, 1).dilated(6, 4)),
            // Groups.
            new Conv2dShape(3, 8, 10, 9, 12, Window.square(3, 1, 1), 4),
            new Conv2dShape(2, 6, 11, 9, 4, Window.square(3, 2, 1).dilated(1, 2), 2),
            new Conv2dShape(2, 9, 5, 6, 6, Window.square(1, 1, 0), 3),
            // Depthwise, with and without a multiplier.
            new Conv2dShape(3, 20, 7, 7, 20, Window.square(3, 1, 1), 20),
            new Conv2dShape(2, 33, 14, 15, 33, Window.square(3, 2, 1), 33),
            new Conv2dShape(1, 2, 60, 58, 4, Window.square(3, 1, 1), 2),
            new Conv2dShape(1, 17, 35, 30, 17, Window.square(5, 2, 2), 17),
            new Conv2dShape(1, 3, 21, 20, 6, new Window(2, 5, 3, 4, 1, 3).dilated(2, 1), 3),
            new Conv2dShape(1, 2, 12, 12, 2, Window.square(17, 1, 8), 2),
            new Conv2dShape(1, 2, 9, 9, 80, Window.square(3, 1, 1), 2),
            // Depthwise in several strips, and planes of one group in all lanes.
            new Conv2dShape(2, 4, 170, 70, 8, Window.square(3, 2, 1), 4),
            new Conv2dShape(9, 1, 80, 61, 2, Window.square(5, 1, 2)),
            // Columns side by side: several samples, blocks of taps and panels, the last of which are cut.
            new Conv2dShape(13, 60, 7, 7, 70, Window.square(3, 1, 1)),
            new Conv2dShape(3, 70, 14, 13, 130, Window.square(3, 2, 1)),
            new Conv2dShape(7, 40, 5, 5, 90, Window.square(1, 1, 0)),
            new Conv2dShape(1, 24, 40, 44, 132, Window.square(1, 2, 0)),
            // Sequences.
            Conv2dShape.conv1d(2, 4, 50, 7, Window.line(5, 2, 2)),
            Conv2dShape.conv1d(2, 18, 70, 18, Window.line(3, 1, 4).dilated(1, 4))
                    .withGroups(18));
    private static final List<ConvTranspose2dShape> TRANSPOSED = List.of(
            new ConvTranspose2dShape(2, 5, 7, 6, 4, Window.square(3, 2, 1)).withOutputPadding(1, 0),
            new ConvTranspose2dShape(3, 6, 4, 4, 8, Window.square(4, 2, 1)),
            new ConvTranspose2dShape(2, 3, 1, 1, 5, Window.square(4, 1, 0)),
            new ConvTranspose2dShape(2, 6, 5, 7, 9, new Window(3, 2, 3, 1, 0, 1).dilated(2, 3))
                    .withGroups(3)
                    .withOutputPadding(2, 0),
            new ConvTranspose2dShape(2, 7, 9, 8, 7, Window.square(3, 2, 1))
                    .withGroups(7)
                    .withOutputPadding(1, 1),
            ConvTranspose2dShape.conv1d(2, 4, 20, 6, Window.line(4, 2, 1)));

    private static final List<Conv2dShape> FUSED = List.of(
            new Conv2dShape(3, 3, 13, 17, 9, Window.square(3, 2, 1)),
            new Conv2dShape(3, 1, 70, 66, 2, Window.square(3, 1, 1)),
            new Conv2dShape(2, 4, 24, 24, 5, Window.square(1, 1, 0)),
            new Conv2dShape(2, 6, 12, 9, 6, Window.square(3, 1, 1), 6),
            new Conv2dShape(5, 3, 3, 3, 4, Window.square(3, 1, 0)));
    private static final List<Activation> ACTIVATIONS =
            List.of(Activation.RELU, Activation.RELU6, Activation.SILU, Activation.GELU, Activation.HARDSWISH);

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
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
            for (int seed = 0; seed < 25; seed++) {
                compare(core.kernels().convolution(), random(seed), seed, false);
            }
        }
    }

    @Test
    void specialValues() {
        try (TensorCore core = open(2)) {
            for (int seed = 100; seed < 112; seed++) {
                compare(core.kernels().convolution(), random(seed), seed, true);
            }
        }
    }

    @Test
    void weightsTooManyForPartialSums() {
        try (TensorCore core = open(2)) {
            compare(core.kernels().convolution(), new Conv2dShape(12, 70, 2, 2, 300, Window.square(3, 1, 1)), 5, false);
        }
    }

    @Test
    void moreGradientsThanArePackedTogether() {
        try (TensorCore core = open(2)) {
            Conv2dShape shape = new Conv2dShape(18, 12, 8, 16, 512, Window.square(3, 1, 1));
            compare(core.kernels().convolution(), shape, 6, false);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void transposed(int threads) {
        try (TensorCore core = open(threads)) {
            ConvolutionKernels kernels = core.kernels().convolution();
            for (ConvTranspose2dShape shape : TRANSPOSED) {
                Conv2dShape adjoint = shape.adjoint();
                Tensor x = operand(3, "x", output(adjoint), false).tensor;
                Tensor w = operand(3, "w", weight(adjoint), false).tensor;
                Tensor dy = operand(3, "dy", input(adjoint), false).tensor;
                Operand bias = Operand.uniform(3, "bias", Shape.of(shape.outChannels()));
                Operand y = Operand.uniform(3, "y", input(adjoint));
                compare(
                        "forward, " + shape,
                        kernels,
                        y,
                        (k, to) -> k.convTranspose2dForward(shape, x, w, bias.tensor, to));
                compare(
                        "without bias, " + shape,
                        kernels,
                        y,
                        (k, to) -> k.convTranspose2dForward(shape, x, w, null, to));
                Operand dx = Operand.uniform(3, "dx", output(adjoint));
                compare(
                        "backward input, " + shape,
                        kernels,
                        dx,
                        (k, to) -> k.convTranspose2dBackwardInput(shape, dy, w, to));
                Operand dw = Operand.uniform(3, "dw", weight(adjoint));
                compare(
                        "backward weight, " + shape,
                        kernels,
                        dw,
                        (k, to) -> k.convTranspose2dBackwardWeight(shape, x, dy, to));
                compare(
                        "backward bias, " + shape,
                        kernels,
                        bias,
                        (k, to) -> k.convTranspose2dBackwardBias(shape, dy, to));
            }
        }
    }

    @Test
    void epilogues() {
        try (TensorCore core = open(2)) {
            ConvolutionKernels kernels = core.kernels().convolution();
            for (Conv2dShape shape : FUSED) {
                Tensor x = operand(4, "x", input(shape), false).tensor;
                Tensor w = operand(4, "w", weight(shape), false).tensor;
                Tensor bias = operand(4, "bias", Shape.of(shape.outChannels()), false).tensor;
                Operand before = Operand.uniform(4, "before", output(shape));
                for (Activation activation : ACTIVATIONS) {
                    ConvolutionEpilogue epilogue =
                            ConvolutionEpilogue.bias(bias).with(activation);
                    compare(
                            activation + ", " + shape,
                            kernels,
                            before,
                            (k, y) -> k.conv2dForwardFused(shape, x, w, epilogue, y));
                }
                for (ConvolutionEpilogue epilogue : List.of(
                        ConvolutionEpilogue.NONE, ConvolutionEpilogue.bias(bias).with(Activation.RELU6))) {
                    Operand statistics = Operand.uniform(4, "statistics", Shape.of(2, shape.outChannels()));
                    compare(
                            "statistics, " + shape,
                            kernels,
                            statistics,
                            (k, to) -> k.conv2dForwardFused(
                                    shape,
                                    x,
                                    w,
                                    epilogue.with(new ChannelStatistics(to.samples(0, 1), to.samples(1, 1))),
                                    before.copy().tensor));
                }
            }
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
                random.below(5, kernelWidth),
                1 + random.below(11, 3) / 2,
                1 + random.below(12, 4) / 2);
        int groups = 1 + random.below(13, 4) % 3;
        return new Conv2dShape(
                1 + random.below(6, 3),
                groups * (1 + random.below(7, 9 / groups)),
                window.extentY() + random.below(8, 20),
                window.extentX() + random.below(9, 20),
                groups * (1 + random.below(10, 17 / groups)),
                window,
                groups);
    }

    private static void compare(ConvolutionKernels kernels, Conv2dShape shape, long seed, boolean special) {
        String what = shape + ", seed " + seed;
        Shape input = input(shape);
        Shape output = output(shape);
        Shape weight = weight(shape);
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

    private static Shape input(Conv2dShape shape) {
        return Shape.of(shape.batch(), shape.inChannels(), shape.height(), shape.width());
    }

    private static Shape output(Conv2dShape shape) {
        return Shape.of(shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth());
    }

    private static Shape weight(Conv2dShape shape) {
        Window window = shape.window();
        return Shape.of(
                shape.outChannels(), shape.inChannels() / shape.groups(), window.kernelHeight(), window.kernelWidth());
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
