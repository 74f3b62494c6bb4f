package io.ketju.tensor.kernel.softmax;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The scalar softmax against PyTorch 2.13 in double precision: {@code y = F.softmax(x, 1); y.backward(dy)}. */
class ScalarSoftmaxTest {
    private static final float[] X = {0.5f, -1.25f, 2, 0, 0.75f, -0.5f};
    private static final float[] DY = {1, -2, 0.5f, 0.25f, 3, -1};

    private final TensorArena arena = new TensorArena(1 << 16);
    private final SoftmaxKernels kernels = new ScalarSoftmax();

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void softmax() {
        Tensor y = tensor(DY);
        kernels.softmaxForward(tensor(X), y);
        assertClose(y, 0.1768202f, 0.03072674f, 0.7924531f, 0.2685623f, 0.5685464f, 0.1628913f);
        Tensor dx = tensor(X);
        kernels.softmaxBackward(y, tensor(DY), dx);
        assertClose(dx, 0.08636017f, -0.07717307f, -0.009187099f, -0.3652148f, 0.7903429f, -0.4251281f);
    }

    @Test
    void logSoftmax() {
        Tensor y = tensor(DY);
        kernels.logSoftmaxForward(tensor(X), y);
        assertClose(y, -1.732622f, -3.482622f, -0.232622f, -1.314672f, -0.5646723f, -1.814672f);
        Tensor dx = tensor(X);
        kernels.logSoftmaxBackward(y, tensor(DY), dx);
        assertClose(dx, 1.08841f, -1.984637f, 0.8962265f, -0.3542652f, 1.720771f, -1.366505f);
    }

    @Test
    void hugeInputsDoNotOverflowAndANaNSpoilsItsRowOnly() {
        Tensor y = tensor(DY);
        kernels.softmaxForward(tensor(3e38f, -3e38f, 3e38f, Float.NaN, 1, 2), y);
        assertThat(y.toFloats()).containsExactly(0.5f, 0, 0.5f, Float.NaN, Float.NaN, Float.NaN);
    }

    /** Within a few rounding errors of single precision. */
    private static void assertClose(Tensor actual, float... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.getFloat(i)).as("element %d", i).isCloseTo(expected[i], Offset.offset(1e-6f));
        }
    }

    private Tensor tensor(float... values) {
        Tensor tensor = arena.allocate(Shape.of(2, 3));
        tensor.copyFrom(values);
        return tensor;
    }
}
