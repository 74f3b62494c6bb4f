package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Vector updates against the scalar ones, bit for bit, over several steps. Runs at every vector width. */
class UpdatesVectorTest {
    private static final int STEPS = 3;

    private final UpdateKernels scalar = new ScalarUpdates();
    private final UpdateKernels vector = new VectorUpdates(new InlineTiles());

    @Test
    void sgdWithoutMomentum() {
        sizes(size -> {
            for (double decay : new double[] {0, 0.01}) {
                try (Samples samples = new Samples(size)) {
                    Tensor expected = samples.normal(size);
                    Tensor actual = samples.copy(expected);
                    var step = new UpdateKernels.SgdStep(0.1, 0, 0, decay, false, true);
                    Tensor dw = samples.wild(size);
                    scalar.sgd(step, expected, dw, null);
                    vector.sgd(step, actual, dw, null);
                    samples.assertSameBits("w", actual, expected);
                }
            }
        });
    }

    @Test
    void sgdWithMomentum() {
        sizes(size -> {
            for (boolean nesterov : new boolean[] {false, true}) {
                try (Samples samples = new Samples(size)) {
                    Tensor expected = samples.normal(size);
                    Tensor actual = samples.copy(expected);
                    Tensor expectedBuffer = samples.dirty(expected.shape());
                    Tensor buffer = samples.dirty(expected.shape());
                    for (int i = 0; i < STEPS; i++) {
                        double dampening = nesterov ? 0 : 0.2;
                        var step = new UpdateKernels.SgdStep(0.1, 0.9, dampening, 0.001, nesterov, i == 0);
                        Tensor dw = samples.normal(size);
                        scalar.sgd(step, expected, dw, expectedBuffer);
                        vector.sgd(step, actual, dw, buffer);
                    }
                    samples.assertSameBits("w", actual, expected);
                    samples.assertSameBits("momentum buffer", buffer, expectedBuffer);
                }
            }
        });
    }

    @Test
    void adam() {
        sizes(size -> {
            for (double beta1 : new double[] {0.9, 0.3, 0}) {
                try (Samples samples = new Samples(size)) {
                    Tensor expected = samples.normal(size);
                    Tensor actual = samples.copy(expected);
                    Tensor[] state = IntStream.range(0, 4)
                            .mapToObj(i -> samples.dirty(expected.shape()))
                            .toArray(Tensor[]::new);
                    for (Tensor tensor : state) {
                        tensor.clear();
                    }
                    for (int i = 1; i <= STEPS; i++) {
                        var step = new UpdateKernels.AdamStep(1e-3, beta1, 0.999, 1e-8, beta1 / 100, i);
                        Tensor dw = i == STEPS ? samples.wild(size) : samples.normal(size);
                        scalar.adam(step, expected, dw, state[0], state[1]);
                        vector.adam(step, actual, dw, state[2], state[3]);
                    }
                    samples.assertSameBits("w", actual, expected);
                    samples.assertSameBits("exp_avg", state[2], state[0]);
                    samples.assertSameBits("exp_avg_sq", state[3], state[1]);
                }
            }
        });
    }

    private static void sizes(java.util.function.IntConsumer test) {
        IntStream.concat(IntStream.of(Samples.AWKWARD_SIZES), IntStream.of(Ranges.TILE + 19))
                .forEach(test);
    }
}
