package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Vector activations against the scalar ones, bit for bit. Runs at every vector width. */
class ActivationsVectorTest {
    private final ActivationKernels scalar = new ScalarActivations();
    private final ActivationKernels vector = new VectorActivations(new InlineTiles());

    /** A kernel with two inputs and one output. */
    private interface Gradient {
        void run(ActivationKernels kernels, Tensor a, Tensor b, Tensor result);
    }

    @Test
    void unaryFunctions() {
        sameUnary("relu", ActivationKernels::reluForward);
        sameUnary("tanh", ActivationKernels::tanhForward);
        sameUnary("exp", ActivationKernels::exp);
        sameUnary("log", ActivationKernels::log);
    }

    @Test
    void gradients() {
        sameGradient("reluBackward", ActivationKernels::reluBackward);
        sameGradient("tanhBackward", ActivationKernels::tanhBackward);
    }

    @Test
    void inPlace() {
        for (int size : Samples.AWKWARD_SIZES) {
            try (Samples samples = new Samples(size)) {
                Tensor x = samples.wild(size);
                Tensor expected = samples.dirty(x.shape());
                scalar.tanhForward(x, expected);
                vector.tanhForward(x, x);
                samples.assertSameBits("tanh in place", x, expected);
                Tensor dy = samples.wild(size);
                scalar.reluBackward(x, dy, expected);
                vector.reluBackward(x, dy, dy);
                samples.assertSameBits("reluBackward in place", dy, expected);
            }
        }
    }

    @Test
    void softmaxOverRowsOfEverySize() {
        for (int columns : Samples.AWKWARD_SIZES) {
            for (boolean wild : new boolean[] {false, true}) {
                try (Samples samples = new Samples(columns)) {
                    Tensor x = wild ? samples.wild(33, columns) : samples.normal(33, columns);
                    Tensor expected = samples.dirty(x.shape());
                    Tensor actual = samples.dirty(x.shape());
                    scalar.softmax(x, expected);
                    vector.softmax(x, actual);
                    samples.assertSameBits("softmax", actual, expected);
                    vector.softmax(x, x);
                    samples.assertSameBits("softmax in place", x, expected);
                }
            }
        }
    }

    private void sameUnary(String name, Unary kernel) {
        sizes((samples, size) -> {
            Tensor x = samples.wild(size);
            Tensor expected = samples.dirty(x.shape());
            Tensor actual = samples.dirty(x.shape());
            kernel.run(scalar, x, expected);
            kernel.run(vector, x, actual);
            samples.assertSameBits(name, actual, expected);
        });
    }

    private void sameGradient(String name, Gradient kernel) {
        sizes((samples, size) -> {
            Tensor y = samples.wild(size);
            Tensor dy = samples.wild(size);
            Tensor expected = samples.dirty(y.shape());
            Tensor actual = samples.dirty(y.shape());
            kernel.run(scalar, y, dy, expected);
            kernel.run(vector, y, dy, actual);
            samples.assertSameBits(name, actual, expected);
        });
    }

    /** A kernel with one input and one output. */
    private interface Unary {
        void run(ActivationKernels kernels, Tensor x, Tensor y);
    }

    private static void sizes(BiConsumer<Samples, Integer> test) {
        for (int size : Samples.AWKWARD_SIZES) {
            try (Samples samples = new Samples(size)) {
                test.accept(samples, size);
            }
        }
        // More than two tiles, and a rest.
        try (Samples samples = new Samples(1)) {
            test.accept(samples, 2 * Ranges.TILE + 5);
        }
    }
}
