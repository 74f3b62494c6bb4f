package io.ketju.tensor.kernel.activation;

import static io.ketju.tensor.simd.VectorMemory.address;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Operand;
import io.ketju.tensor.testing.Samples;
import org.junit.jupiter.api.Test;

/** Vector activations against the scalar ones, bit for bit. Runs at every vector width. */
class ActivationsVectorTest {
    private static final int[] SIZES = {0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 33, 100, 1025};
    /** More than two tiles, and a rest. */
    private static final int LARGE = 2 * Ranges.TILE + 5;

    private final ActivationKernels scalar = new ScalarActivations();
    private final ActivationKernels vector = new VectorActivations(new InlineTiles());

    @Test
    void everyFunctionForwardAndBackward() {
        for (Activation activation : ActivationSamples.ALL) {
            same(vector, activation, 15);
            same(vector, activation, 521);
        }
        for (int size : SIZES) {
            same(vector, Activation.HARDSWISH, size);
        }
    }

    @Test
    void severalTilesOnSeveralThreads() {
        for (int threads : new int[] {1, 3}) {
            try (TensorCore core = TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR))) {
                same(core.kernels().activation(), Activation.RELU, LARGE);
            }
        }
    }

    @Test
    void inPlace() {
        for (Activation activation : ActivationSamples.ALL) {
            Operand x = Operand.special(3, "in place", Shape.of(75));
            Operand dy = Operand.uniform(3, "dy", Shape.of(75));
            Operand y = x.copy();
            Operand dx = dy.copy();
            scalar.forward(activation, x.tensor, y.tensor);
            scalar.backward(activation, x.tensor, dy.tensor, dx.tensor);
            vector.backward(activation, x.tensor, dy.tensor, dy.tensor);
            vector.forward(activation, x.tensor, x.tensor);
            x.assertSameBits(activation + " in place", y);
            dy.assertSameBits(activation + " backward in place", dx);
        }
    }

    @Test
    void rowsByAddress() {
        Operand spare = Operand.uniform(1, "spare", Shape.of((int) ActivationRows.SPARE_BYTES / 4));
        for (Activation activation : ActivationSamples.ALL) {
            for (int size : new int[] {0, 5, 32, 37}) {
                Operand x = Operand.special(size, "row", Shape.of(size));
                Operand dy = Operand.special(size, "dy", Shape.of(size));
                Operand dx = dy.copy();
                Operand y = x.copy();
                scalar.backward(activation, x.tensor, dy.tensor, dx.tensor);
                ActivationRows.backward(activation, address(x.tensor), address(dy.tensor), size, address(spare.tensor));
                dy.assertSameBits(activation + " backward of a row of " + size, dx);
                scalar.forward(activation, x.tensor, y.tensor);
                ActivationRows.forward(activation, address(x.tensor), size, address(spare.tensor));
                x.assertSameBits(activation + " of a row of " + size, y);
            }
        }
        spare.assertSameBits("spare memory", spare);
    }

    @Test
    void preluOfEverySize() {
        for (int inner : new int[] {1, 3, 16, 17, 49, 64, 100, 1025}) {
            for (int channels : new int[] {1, 5}) {
                prelu(new PReluShape(3, channels, inner));
            }
        }
        prelu(new PReluShape(0, 2, 5));
        prelu(new PReluShape(2, 1, Ranges.TILE + 5));
    }

    @Test
    void expAndLog() {
        for (int size : SIZES) {
            Operand x = Operand.special(size, "x", Shape.of(size));
            Operand expected = x.copy();
            Operand actual = x.copy();
            scalar.exp(x.tensor, expected.tensor);
            vector.exp(x.tensor, actual.tensor);
            actual.assertSameBits("exp of " + size, expected);
            scalar.log(x.tensor, expected.tensor);
            vector.log(x.tensor, actual.tensor);
            actual.assertSameBits("log of " + size, expected);
        }
    }

    private void same(ActivationKernels kernels, Activation activation, int size) {
        try (Samples samples = new Samples(size)) {
            Tensor x = samples.wild(size);
            Tensor dy = samples.wild(size);
            Operand expected = Operand.uniform(1, "expected", Shape.of(size));
            Operand actual = Operand.uniform(2, "actual", Shape.of(size));
            scalar.forward(activation, x, expected.tensor);
            kernels.forward(activation, x, actual.tensor);
            actual.assertSameBits(activation + " of " + size, expected);
            scalar.backward(activation, x, dy, expected.tensor);
            kernels.backward(activation, x, dy, actual.tensor);
            actual.assertSameBits(activation + " backward of " + size, expected);
        }
    }

    private void prelu(PReluShape shape) {
        Shape all = Shape.of(shape.samples(), shape.channels(), shape.inner());
        Operand x = Operand.special(5, "x", all);
        Operand dy = Operand.uniform(5, "dy", all);
        Operand w = Operand.uniform(5, "w", Shape.of(shape.channels()));
        Operand expected = Operand.uniform(6, "y", all);
        Operand actual = Operand.uniform(7, "y", all);
        scalar.preluForward(shape, x.tensor, w.tensor, expected.tensor);
        vector.preluForward(shape, x.tensor, w.tensor, actual.tensor);
        actual.assertSameBits("prelu " + shape, expected);
        scalar.preluBackwardInput(shape, x.tensor, w.tensor, dy.tensor, expected.tensor);
        vector.preluBackwardInput(shape, x.tensor, w.tensor, dy.tensor, actual.tensor);
        actual.assertSameBits("prelu backward " + shape, expected);
        Operand finite = Operand.uniform(8, "finite", all);
        Operand dw = w.copy();
        scalar.preluBackwardWeight(shape, finite.tensor, dy.tensor, w.tensor);
        vector.preluBackwardWeight(shape, finite.tensor, dy.tensor, dw.tensor);
        dw.assertSameBits("prelu weight gradient " + shape, w);
    }
}
