package io.ketju.tensor.kernel.loss;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Samples;
import org.junit.jupiter.api.Test;

/** Vector losses against the scalar ones, bit for bit. Runs at every vector width. */
class LossVectorTest {
    private static final int ROWS = 29;

    private final LossKernels scalar = new ScalarLoss();
    private final LossKernels vector = new VectorLoss(new InlineTiles());

    @Test
    void crossEntropy() {
        for (int classes : Samples.AWKWARD_SIZES) {
            for (boolean wild : new boolean[] {false, true}) {
                try (Samples samples = new Samples(classes)) {
                    Tensor logits = wild ? samples.wild(ROWS, classes) : samples.normal(ROWS, classes);
                    Tensor targets = samples.classes(ROWS, classes);
                    Tensor losses = samples.dirty(Shape.of(ROWS));
                    Tensor dlogits = samples.dirty(logits.shape());
                    Tensor expectedLosses = samples.dirty(Shape.of(ROWS));
                    Tensor expected = samples.dirty(logits.shape());
                    scalar.crossEntropy(logits, targets, 1f / 7, expectedLosses, expected);
                    vector.crossEntropy(logits, targets, 1f / 7, losses, dlogits);
                    samples.assertSameBits("losses", losses, expectedLosses);
                    samples.assertSameBits("dlogits", dlogits, expected);
                }
            }
        }
    }

    @Test
    void countCorrect() {
        for (int classes : Samples.AWKWARD_SIZES) {
            try (Samples samples = new Samples(classes)) {
                Tensor logits = samples.normal(ROWS, classes);
                Tensor targets = samples.classes(ROWS, classes);
                for (int row = 0; row < ROWS; row++) {
                    // Ties before and behind the target, NaNs, and rows that are right.
                    int start = row * classes;
                    logits.setFloat(start + targets.getInt(row), 9);
                    if (row % 4 == 1) {
                        logits.setFloat(start + row % classes, 9);
                    } else if (row % 4 == 2) {
                        logits.setFloat(start + row % classes, Float.NaN);
                    }
                }
                assertThat(vector.countCorrect(logits, targets))
                        .as("seed %d", samples.seed())
                        .isEqualTo(scalar.countCorrect(logits, targets))
                        .isGreaterThan(ROWS / 3);
            }
        }
    }

    @Test
    void allFiniteFindsOneBadElementAnywhere() {
        float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (int size : Samples.AWKWARD_SIZES) {
            try (Samples samples = new Samples(size)) {
                Tensor x = samples.normal(size);
                x.setFloat(size / 2, Float.MAX_VALUE);
                assertThat(vector.allFinite(x)).isTrue();
                for (int i = 0; i < size; i++) {
                    float good = x.getFloat(i);
                    x.setFloat(i, bad[i % bad.length]);
                    assertThat(vector.allFinite(x))
                            .as("size %d, element %d", size, i)
                            .isFalse();
                    x.setFloat(i, good);
                }
            }
        }
    }

    @Test
    void allFiniteLooksIntoEveryTile() {
        try (Samples samples = new Samples(2)) {
            Tensor x = samples.normal(3 * Ranges.TILE + 1);
            assertThat(vector.allFinite(x)).isTrue();
            for (int at : new int[] {0, Ranges.TILE, 2 * Ranges.TILE - 1, 3 * Ranges.TILE}) {
                float good = x.getFloat(at);
                x.setFloat(at, Float.NaN);
                assertThat(vector.allFinite(x)).as("element %d", at).isFalse();
                x.setFloat(at, good);
            }
        }
    }
}
