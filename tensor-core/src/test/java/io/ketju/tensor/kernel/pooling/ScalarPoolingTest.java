package io.ketju.tensor.kernel.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.testing.Operand;
import org.junit.jupiter.api.Test;

/**
 * The definition against PyTorch 2.13, x and dy being {@code s(n, 5)} and {@code s(n, 4)}:
 *
 * <pre>
 * def s(n, f): return torch.tensor([((i + 1) * f % 13 - 6) / 5 for i in range(n)])
 * x = s(25, 5).view(1, 1, 5, 5).requires_grad_()
 * y = F.avg_pool2d(x, 3, 2, 1, ceil_mode=True)                    # and the pools of the other tests
 * y.backward(s(y.numel(), 4).view_as(y)); print(y, x.grad)
 * </pre>
 */
class ScalarPoolingTest {
    private static final float ROUNDING = 2e-6f;

    private final PoolingKernels kernels = new ScalarPooling();
    private final Tensor x = sequence(5, 1, 1, 5, 5);
    private final Tensor dx = sequence(1, 1, 1, 5, 5);

    @Test
    void averageWithPaddingAndCeilMode() {
        PoolAxis axis = PoolAxis.of(3, 2, 1).withCeilMode();
        Tensor y = sequence(1, 1, 1, 3, 3);
        kernels.averagePool2dForward(new PoolWindow(axis, axis), AverageDivisor.WINDOW, x, y);
        assertClose(y, 0.088889f, -0.022222f, 0.266667f, -0.066667f, -0.044444f, 0.2f, -0.177778f, 0.155556f, 0);
        kernels.averagePool2dBackward(new PoolWindow(axis, axis), AverageDivisor.WINDOW, sequence(4, 1, 1, 3, 3), dx);
        assertStart(dx, -0.044444f, 0, 0.044444f, 0.177778f, 0.133333f, -0.111111f, -0.044444f, 0.066667f, 0.311111f);
    }

    @Test
    void averageOfWhatIsInside() {
        PoolWindow window = new PoolWindow(
                PoolAxis.of(2, 2, 1).withCeilMode(), PoolAxis.of(3, 2, 1).withCeilMode());
        Tensor y = sequence(1, 1, 1, 3, 3);
        kernels.averagePool2dForward(window, AverageDivisor.INSIDE, x, y);
        assertClose(y, 0.3f, 0.066667f, 0.7f, 0, -0.233333f, 0.4f, -0.4f, 0.233333f, 0);
        kernels.averagePool2dBackward(window, AverageDivisor.INSIDE, sequence(4, 1, 1, 3, 3), dx);
        assertStart(dx, -0.2f, -0.066667f, 0.133333f, 0.733333f, 0.6f, -0.15f, -0.116667f, 0.033333f, 0.283333f);
    }

    @Test
    void adaptiveAverage() {
        Tensor y = sequence(1, 1, 1, 2, 3);
        kernels.adaptiveAveragePool2dForward(x, y);
        assertClose(y, 0.1f, -0.133333f, 0.5f, -0.3f, 0.044444f, 0.1f);
        kernels.adaptiveAveragePool2dBackward(sequence(4, 1, 1, 2, 3), dx);
        assertStart(dx, -0.066667f, -0.022222f, 0.044444f, 0.244444f, 0.2f, -0.066667f, -0.022222f, 0.044444f);
    }

    @Test
    void averageOfWholePlanes() {
        Tensor y = sequence(1, 1, 1, 1, 1);
        kernels.adaptiveAveragePool2dForward(x, y);
        double sum = 0;
        for (float value : x.toFloats()) {
            sum += value;
        }
        assertThat(y.getFloat(0)).isCloseTo((float) (sum / 25), within(ROUNDING));
    }

    @Test
    void adaptiveMaximum() {
        Tensor y = sequence(1, 1, 1, 3, 2);
        Tensor argmax = Operand.ints(y.shape()).tensor;
        kernels.adaptiveMaxPool2dForward(x, y, argmax);
        assertClose(y, 0.8f, 1.2f, 1.2f, 1.2f, 1.2f, 1.2f);
        kernels.maxPool2dBackward(sequence(4, 1, 1, 3, 2), argmax, dx);
        assertStart(dx, 0, -0.4f, 0, 0, 0.4f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1.8f);
    }

    @Test
    void maximumWithDilation() {
        PoolAxis axis = PoolAxis.of(2, 2, 1).withDilation(2).withCeilMode();
        assertThat(axis.outSize(5)).isEqualTo(3);
        Tensor y = sequence(1, 1, 1, 3, 3);
        Tensor argmax = Operand.ints(y.shape()).tensor;
        kernels.maxPool2dForward(new PoolWindow(axis, axis), x, y, argmax);
        assertClose(y, 0.6f, 0.6f, 0, 0.6f, 0.6f, 0, 0.2f, 0.2f, -0.4f);
        kernels.maxPool2dBackward(sequence(4, 1, 1, 3, 3), argmax, dx);
        assertStart(dx, 0, 0, 0, 0, 0, 0, -0.4f, 0, 2.2f, 0, 0, 0, 0, 0, 0, 0, -0.8f, 0, 0.8f);
    }

    @Test
    void wrongOperandsAreNamed() {
        Tensor y = sequence(1, 1, 1, 2, 2);
        assertThatThrownBy(() -> kernels.averagePool2dForward(PoolWindow.square(2, 1, 0), AverageDivisor.WINDOW, x, y))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected planes of y of 4 x 4")
                .hasMessageContaining("found y [1, 1, 2, 2]");
        assertThatThrownBy(() -> PoolAxis.of(3, 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pooling: expected padding of at most half of kernel 3 with dilation 1, found 2");
        PoolAxis missing = new PoolAxis(2, 1, 2, 3, false);
        Tensor one = sequence(1, 1, 1, 1, 1);
        assertThatThrownBy(() ->
                        kernels.averagePool2dForward(new PoolWindow(missing, missing), AverageDivisor.WINDOW, one, y))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found none in window 0");
    }

    private static Tensor sequence(int factor, int... dimensions) {
        Tensor tensor = Operand.uniform(1, "x", Shape.of(dimensions)).tensor;
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, ((i + 1) * factor % 13 - 6) / 5f);
        }
        return tensor;
    }

    private static void assertClose(Tensor actual, float... expected) {
        assertThat(actual.elements()).isEqualTo(expected.length);
        assertStart(actual, expected);
    }

    private static void assertStart(Tensor actual, float... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.getFloat(i)).as("element %d", i).isCloseTo(expected[i], within(ROUNDING));
        }
    }
}
