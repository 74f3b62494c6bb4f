package io.ketju.tensor.kernel.softmax;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Samples;
import org.junit.jupiter.api.Test;

/** Vector softmax against the scalar one, bit for bit. Runs at every vector width. */
class SoftmaxVectorTest {
    private static final int ROWS = 9;

    private final SoftmaxKernels scalar = new ScalarSoftmax();
    private final SoftmaxKernels vector = new VectorSoftmax(new InlineTiles());

    /** A kernel with two inputs and one output. */
    private interface Gradient {
        void run(SoftmaxKernels kernels, Tensor y, Tensor dy, Tensor dx);
    }

    /** A kernel with one input and one output. */
    private interface Forward {
        void run(SoftmaxKernels kernels, Tensor x, Tensor y);
    }

    @Test
    void forward() {
        sameForward("softmax", SoftmaxKernels::softmaxForward);
        sameForward("logSoftmax", SoftmaxKernels::logSoftmaxForward);
    }

    @Test
    void softmaxInPlace() {
        for (int columns : Samples.AWKWARD_SIZES) {
            try (Samples samples = new Samples(columns)) {
                Tensor x = samples.normal(ROWS, columns);
                Tensor expected = samples.dirty(x.shape());
                scalar.softmaxForward(x, expected);
                vector.softmaxForward(x, x);
                samples.assertSameBits("softmax in place", x, expected);
            }
        }
    }

    @Test
    void backward() {
        sameBackward("softmaxBackward", SoftmaxKernels::softmaxBackward);
        sameBackward("logSoftmaxBackward", SoftmaxKernels::logSoftmaxBackward);
    }

    private void sameForward(String name, Forward kernel) {
        for (int columns : Samples.AWKWARD_SIZES) {
            for (boolean wild : new boolean[] {false, true}) {
                try (Samples samples = new Samples(columns)) {
                    Tensor x = wild ? samples.wild(ROWS, columns) : samples.normal(ROWS, columns);
                    Tensor expected = samples.dirty(x.shape());
                    Tensor actual = samples.dirty(x.shape());
                    kernel.run(scalar, x, expected);
                    kernel.run(vector, x, actual);
                    samples.assertSameBits(name, actual, expected);
                }
            }
        }
    }

    private void sameBackward(String name, Gradient kernel) {
        for (int columns : Samples.AWKWARD_SIZES) {
            for (boolean wild : new boolean[] {false, true}) {
                try (Samples samples = new Samples(columns)) {
                    Tensor y = wild ? samples.wild(ROWS, columns) : samples.normal(ROWS, columns);
                    Tensor dy = wild ? samples.wild(ROWS, columns) : samples.normal(ROWS, columns);
                    Tensor expected = samples.dirty(y.shape());
                    Tensor actual = samples.dirty(y.shape());
                    kernel.run(scalar, y, dy, expected);
                    kernel.run(vector, y, dy, actual);
                    samples.assertSameBits(name, actual, expected);
                    kernel.run(vector, y, dy, dy);
                    samples.assertSameBits(name + " in place of dy", dy, expected);
                }
            }
        }
    }
}
