package io.ketju.tensor.kernel.convolution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.testing.Golden;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The definition of convolutions against PyTorch (src/test/golden/convolution.py) and against sums in double. */
class ScalarConvolutionTest {
    /** Sums of a few dozen products of numbers below 1. */
    private static final double TOLERANCE = 2e-6;

    private static final Golden GOLDEN = Golden.read("convolution.txt");

    private final ConvolutionKernels kernels = new ScalarConvolution();

    @Test
    void convolutionsOfPytorch() {
        golden("dilated", new Conv2dShape(2, 3, 8, 7, 4, new Window(3, 2, 2, 1, 2, 1).dilated(2, 3)));
        golden("groups", new Conv2dShape(2, 4, 5, 6, 6, Window.square(3, 2, 1), 2));
        golden("depthwise", new Conv2dShape(2, 3, 6, 5, 6, Window.square(3, 1, 1), 3));
        golden("conv1d", Conv2dShape.conv1d(2, 3, 11, 4, Window.line(3, 2, 2).dilated(1, 2)));
    }

    @Test
    void transposedConvolutionsOfPytorch() {
        golden("transposed", new ConvTranspose2dShape(2, 3, 4, 3, 2, Window.square(3, 2, 1)).withOutputPadding(1, 1));
        golden(
                "transposedgroups",
                new ConvTranspose2dShape(1, 4, 3, 4, 6, new Window(2, 3, 3, 2, 0, 1).dilated(2, 1))
                        .withGroups(2)
                        .withOutputPadding(2, 1));
        golden("transposed1d", ConvTranspose2dShape.conv1d(2, 3, 6, 2, Window.line(4, 2, 1)));
    }

    /** Every product of a convolution once, added to all that it belongs to. */
    @Test
    void sumsInDouble() {
        sumsInDouble(new Conv2dShape(2, 3, 9, 8, 4, new Window(3, 2, 1, 2, 1, 0)));
        sumsInDouble(new Conv2dShape(2, 40, 5, 5, 3, Window.square(3, 2, 1)));
        sumsInDouble(new Conv2dShape(1, 4, 11, 12, 6, new Window(3, 3, 2, 3, 2, 4).dilated(3, 2), 2));
        sumsInDouble(new Conv2dShape(3, 5, 7, 6, 10, Window.square(5, 2, 2), 5));
    }

    /** 0 times infinity is NaN where a tap meets padding, but a tap that the stride leaves out is no product. */
    @Test
    void tapsThatAStrideLeavesOutAreNotPartOfTheSum() {
        Conv2dShape shape = new Conv2dShape(1, 1, 5, 5, 1, Window.square(3, 2, 1));
        Tensor w = operand(2, 9);
        w.setFloat(0, Float.POSITIVE_INFINITY);
        Tensor dx = Golden.zeros(25);
        kernels.conv2dBackwardInput(shape, operand(4, 9), w, dx);
        for (int i = 0; i < 25; i++) {
            // Tap (0, 0) belongs to the elements of odd row and column: the rest by the stride of their number +
            // padding.
            boolean met = i / 5 % 2 == 1 && i % 5 % 2 == 1;
            assertThat(Float.isFinite(dx.getFloat(i))).as("element %d", i).isEqualTo(!met);
        }
    }

    /** 4 of 9 taps belong to every element of odd row and column, so a chain ends after a quarter of its length of channels. */
    @Test
    void chainsCountTheTapsOfTheirPhase() {
        int channels = MatrixKernels.K_BLOCK / 4 + 36;
        Conv2dShape shape = new Conv2dShape(1, 1, 4, 4, channels, Window.square(3, 2, 1));
        Tensor dy = operand(4, 4 * channels);
        Tensor w = operand(2, 9 * channels);
        for (int i = 0; i < w.elements(); i++) {
            // Else all sums would be exact, and the chains might end anywhere.
            w.setFloat(i, w.getFloat(i) / 3);
        }
        Tensor dx = Golden.zeros(16);
        kernels.conv2dBackwardInput(shape, dy, w, dx);
        float total = 0;
        float chain = 0;
        for (int oc = 0; oc < channels; oc++) {
            // Element (1, 1) is met by taps (0, 0) of output (1, 1), (0, 2) of (1, 0), (2, 0) of (0, 1), (2, 2) of (0,
            // 0).
            chain = Math.fma(dy.getFloat(4 * oc + 3), w.getFloat(9 * oc), chain);
            chain = Math.fma(dy.getFloat(4 * oc + 2), w.getFloat(9 * oc + 2), chain);
            chain = Math.fma(dy.getFloat(4 * oc + 1), w.getFloat(9 * oc + 6), chain);
            chain = Math.fma(dy.getFloat(4 * oc), w.getFloat(9 * oc + 8), chain);
            if (oc == MatrixKernels.K_BLOCK / 4 - 1) {
                total += chain;
                chain = 0;
            }
        }
        assertThat(dx.getFloat(5)).isEqualTo(total + chain);
    }

    @Test
    void sizesThatDoNotFit() {
        Window window = Window.square(3, 1, 0);
        assertThatThrownBy(() -> new Conv2dShape(1, 3, 2, 9, 4, window)).hasMessageContaining("holds the window");
        assertThatThrownBy(() -> new Conv2dShape(1, 3, 9, 9, 4, window, 2)).hasMessageContaining("3 to 4 in 2 groups");
        assertThatThrownBy(() -> new Conv2dShape(1, 3, 9, 9, 4, window.dilated(0, 1)))
                .hasMessageContaining("dilation of at least 1");
        assertThatThrownBy(() -> new ConvTranspose2dShape(1, 3, 9, 9, 4, window).withOutputPadding(0, 1))
                .hasMessageContaining("output padding from 0 to the stride - 1");
        Conv2dShape shape = new Conv2dShape(1, 3, 9, 9, 4, window);
        Tensor x = Golden.zeros(3 * 81);
        Tensor y = Golden.zeros(4 * 49);
        assertThatThrownBy(() -> kernels.conv2dForward(shape, x, Golden.zeros(107), null, y))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected 108 elements in w");
        assertThatThrownBy(() -> kernels.conv2dForward(shape, x, Golden.zeros(108), Golden.zeros(3), y))
                .hasMessageContaining("expected 4 elements in bias");
        assertThatThrownBy(() -> kernels.conv2dBackwardInput(shape, x, Golden.zeros(108), x))
                .hasMessageContaining("expected 196 elements in dy");
    }

    @Test
    void layoutsAreForgotten() {
        LayoutCache<TapImage> cache = new LayoutCache<>(TapImage::ofInput);
        Conv2dShape first = new Conv2dShape(1, 1, 3, 3, 1, Window.square(3, 1, 1));
        TapImage kept = cache.get(first);
        for (int i = 1; i < 1000; i++) {
            cache.get(new Conv2dShape(1, 1, 3, 3 + i, 1, Window.square(3, 1, 1)));
            assertThat(cache.get(first)).isSameAs(kept);
        }
        assertThat(cache.size()).isEqualTo(128);
    }

    private void golden(String name, Conv2dShape shape) {
        Tensor x = operand(1, shape.batch() * shape.inChannels() * shape.plane());
        Tensor w = operand(2, shape.outChannels() * shape.taps());
        Tensor y = Golden.zeros(shape.batch() * shape.outChannels() * shape.positions());
        Tensor dx = Golden.zeros(x.elements());
        Tensor dw = Golden.zeros(w.elements());
        Tensor db = Golden.zeros(shape.outChannels());
        Tensor dy = operand(4, y.elements());
        kernels.conv2dForward(shape, x, w, operand(3, shape.outChannels()), y);
        kernels.conv2dBackwardInput(shape, dy, w, dx);
        kernels.conv2dBackwardWeight(shape, x, dy, dw);
        kernels.conv2dBackwardBias(shape, dy, db);
        assertClose(name, y, dx, dw, db);
    }

    private void golden(String name, ConvTranspose2dShape shape) {
        Conv2dShape adjoint = shape.adjoint();
        Tensor x = operand(1, shape.batch() * shape.inChannels() * shape.height() * shape.width());
        Tensor w = operand(2, adjoint.outChannels() * adjoint.taps());
        Tensor y = Golden.zeros(shape.batch() * shape.outChannels() * shape.outHeight() * shape.outWidth());
        Tensor dx = Golden.zeros(x.elements());
        Tensor dw = Golden.zeros(w.elements());
        Tensor db = Golden.zeros(shape.outChannels());
        Tensor dy = operand(4, y.elements());
        kernels.convTranspose2dForward(shape, x, w, operand(3, shape.outChannels()), y);
        kernels.convTranspose2dBackwardInput(shape, dy, w, dx);
        kernels.convTranspose2dBackwardWeight(shape, x, dy, dw);
        kernels.convTranspose2dBackwardBias(shape, dy, db);
        assertClose(name, y, dx, dw, db);
    }

    private static void assertClose(String name, Tensor y, Tensor dx, Tensor dw, Tensor db) {
        GOLDEN.assertClose(name + ".y", y, TOLERANCE);
        GOLDEN.assertClose(name + ".dx", dx, TOLERANCE);
        GOLDEN.assertClose(name + ".dw", dw, TOLERANCE);
        GOLDEN.assertClose(name + ".db", db, TOLERANCE);
    }

    private void sumsInDouble(Conv2dShape shape) {
        Tensor x = operand(1, shape.batch() * shape.inChannels() * shape.plane());
        Tensor w = operand(2, shape.outChannels() * shape.taps());
        Tensor y = Golden.zeros(shape.batch() * shape.outChannels() * shape.positions());
        Tensor dy = operand(4, y.elements());
        Tensor dx = Golden.zeros(x.elements());
        Tensor dw = operand(5, w.elements());
        double[] sums = new double[y.elements()];
        double[] inputs = new double[x.elements()];
        double[] weights = new double[w.elements()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = dw.getFloat(i);
        }
        eachProduct(shape, (atY, atX, atW) -> {
            sums[atY] += (double) x.getFloat(atX) * w.getFloat(atW);
            inputs[atX] += (double) dy.getFloat(atY) * w.getFloat(atW);
            weights[atW] += (double) dy.getFloat(atY) * x.getFloat(atX);
        });
        kernels.conv2dForward(shape, x, w, null, y);
        kernels.conv2dBackwardInput(shape, dy, w, dx);
        kernels.conv2dBackwardWeight(shape, x, dy, dw);
        assertClose("y of " + shape, y, sums);
        assertClose("dx of " + shape, dx, inputs);
        assertClose("dw of " + shape, dw, weights);
    }

    private static void assertClose(String what, Tensor actual, double[] expected) {
        for (int i = 0; i < expected.length; i++) {
            // 400 products of a rounding error of 6e-8 each, of sums below 30.
            double bound = 1e-5 * Math.max(1, Math.abs(expected[i]));
            assertThat((double) actual.getFloat(i))
                    .as("%s, element %d", what, i)
                    .isCloseTo(expected[i], Offset.offset(bound));
        }
    }

    private interface Product {
        void of(int atY, int atX, int atW);
    }

    /** From x outwards: each element of x meets each weight of its channel once at most. */
    private static void eachProduct(Conv2dShape shape, Product product) {
        Window window = shape.window();
        int inputs = shape.inChannels() / shape.groups();
        int outputs = shape.outChannels() / shape.groups();
        for (int atX = 0; atX < shape.batch() * shape.inChannels() * shape.plane(); atX++) {
            int channel = atX / shape.plane() % shape.inChannels();
            int sample = atX / shape.plane() / shape.inChannels();
            for (int tap = 0; tap < outputs * window.kernelHeight() * window.kernelWidth(); tap++) {
                int kw = tap % window.kernelWidth();
                int kh = tap / window.kernelWidth() % window.kernelHeight();
                int oc = channel / inputs * outputs + tap / window.kernelWidth() / window.kernelHeight();
                int row = atX / shape.width() % shape.height() + window.padY() - kh * window.dilationY();
                int column = atX % shape.width() + window.padX() - kw * window.dilationX();
                boolean met = row >= 0
                        && column >= 0
                        && row % window.strideY() == 0
                        && column % window.strideX() == 0
                        && row / window.strideY() < shape.outHeight()
                        && column / window.strideX() < shape.outWidth();
                if (met) {
                    int atY = ((sample * shape.outChannels() + oc) * shape.outHeight() + row / window.strideY())
                                    * shape.outWidth()
                            + column / window.strideX();
                    int atW =
                            ((oc * inputs + channel % inputs) * window.kernelHeight() + kh) * window.kernelWidth() + kw;
                    product.of(atY, atX, atW);
                }
            }
        }
    }

    /** Multiples of 1/32 between -1 and 1, as the script makes them. */
    private static Tensor operand(int seed, int elements) {
        Tensor tensor = Golden.zeros(elements);
        for (int i = 0; i < elements; i++) {
            tensor.setFloat(i, ((i * 37 + seed * 11) % 61 - 30) / 32f);
        }
        return tensor;
    }
}
