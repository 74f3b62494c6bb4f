package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.loss.LossKernels.Limit;
import io.ketju.tensor.kernel.loss.LossKernels.Pair;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Samples;
import org.junit.jupiter.api.Test;

/** Vector losses against the scalar ones, bit for bit. Runs at every vector width. */
class MoreLossesVectorTest {
    private static final Limit LIMIT = new Limit(0.75f, 0.3f);

    private final LossKernels scalar = new ScalarLoss();
    private final LossKernels vector = new VectorLoss(new InlineTiles());

    /** An element-wise loss, its settings bound. */
    private interface Pointwise {
        void run(LossKernels kernels, Tensor x, Tensor t, Tensor losses, Tensor dx);
    }

    @Test
    void pointwise() {
        same("mse", (k, x, t, l, dx) -> k.mse(x, t, 0.3f, l, dx));
        same("l1", (k, x, t, l, dx) -> k.l1(x, t, 0.3f, l, dx));
        same("smoothL1", (k, x, t, l, dx) -> k.smoothL1(LIMIT, x, t, l, dx));
        same("smoothL1 of 0", (k, x, t, l, dx) -> k.smoothL1(new Limit(0, 1), x, t, l, dx));
        same("huber", (k, x, t, l, dx) -> k.huber(LIMIT, x, t, l, dx));
        same("bce", (k, x, t, l, dx) -> k.bce(x, t, 0.3f, l, dx));
        same("bceWithLogits", (k, x, t, l, dx) -> k.bceWithLogits(null, x, t, 0.3f, l, dx));
        same("klDiv", (k, x, t, l, dx) -> k.klDiv(x, t, 0.3f, l, dx));
        same("klDivLogTarget", (k, x, t, l, dx) -> k.klDivLogTarget(x, t, 0.3f, l, dx));
        same("hingeEmbedding", (k, x, t, l, dx) -> k.hingeEmbedding(LIMIT, x, t, l, dx));
    }

    @Test
    void formulas() {
        same("softMargin", (k, x, t, l, dx) -> k.elements(LossFormulas.softMargin(0.3f), x, t, l, dx));
        for (boolean full : new boolean[] {false, true}) {
            same(
                    "poissonNllOfLog " + full,
                    (k, x, t, l, dx) -> k.elements(LossFormulas.poissonNllOfLog(full, 0.3f), x, t, l, dx));
            same(
                    "poissonNll " + full,
                    (k, x, t, l, dx) -> k.elements(LossFormulas.poissonNll(full, 1e-8f, 0.3f), x, t, l, dx));
        }
        same("marginRanking", (k, x, t, l, dx) -> k.elements(LossFormulas.marginRanking(LIMIT), x, t, x, l, dx));
        same("weighted", (k, x, t, l, dx) -> {
            l.copyFrom(x);
            dx.copyFrom(t);
            k.elements(LossFormulas.weighted(), x, l, dx);
        });
    }

    @Test
    void bceWithLogitsAndWeights() {
        for (int columns : new int[] {1, 3, 10, 16, 17, 100}) {
            try (Samples samples = new Samples(columns)) {
                Tensor weight = samples.normal(columns);
                compare(
                        samples,
                        "posWeight " + columns,
                        samples.normal(37, columns),
                        samples.normal(37, columns),
                        (k, x, t, l, dx) -> k.bceWithLogits(weight, x, t, 0.3f, l, dx));
            }
        }
    }

    @Test
    void crossEntropyWithOptionsInEveryLayout() {
        for (int classes : new int[] {1, 3, 10, 16, 21, 33, 150}) {
            for (int positions : new int[] {1, 5, 16, 70}) {
                for (float smoothing : new float[] {0, 0.1f, 1}) {
                    try (Samples samples = new Samples(1000L * classes + positions)) {
                        crossEntropy(samples, new ClassShape(3, classes, positions), smoothing);
                    }
                }
            }
        }
    }

    @Test
    void lossesOfRows() {
        for (int columns : Samples.AWKWARD_SIZES) {
            try (Samples samples = new Samples(columns)) {
                Tensor x = samples.wild(9, columns);
                Tensor targets = samples.classes(9, columns);
                Tensor[] results = results(samples, Shape.of(9), x.shape());
                scalar.multiMargin(LIMIT, x, targets, results[0], results[1]);
                vector.multiMargin(LIMIT, x, targets, results[2], results[3]);
                assertSame(samples, "multiMargin", results);
                Tensor y = samples.normal(9);
                for (int i = 0; i < 9; i++) {
                    y.setFloat(i, i % 2 == 0 ? 1 : -1);
                }
                Pair both = new Pair(samples.normal(9, columns), samples.normal(9, columns));
                Pair expected = new Pair(samples.dirty(x.shape()), samples.dirty(x.shape()));
                Pair actual = new Pair(samples.dirty(x.shape()), samples.dirty(x.shape()));
                scalar.cosineEmbedding(new Limit(-0.1f, 0.3f), both, y, results[0], expected);
                vector.cosineEmbedding(new Limit(-0.1f, 0.3f), both, y, results[2], actual);
                samples.assertSameBits("cosine losses", results[2], results[0]);
                samples.assertSameBits("cosine dx1", actual.first(), expected.first());
                samples.assertSameBits("cosine dx2", actual.second(), expected.second());
            }
        }
    }

    private void crossEntropy(Samples samples, ClassShape shape, float smoothing) {
        Shape scores = Shape.of(shape.samples(), shape.classes(), shape.positions());
        Tensor x = samples.normal(scores.toArray());
        Tensor weight = samples.normal(shape.classes());
        Tensor targets = samples.classes(shape.targets(), shape.classes());
        targets.setInt(shape.targets() / 2, -100);
        Tensor probabilities = samples.normal(scores.toArray());
        for (Tensor w : new Tensor[] {null, weight}) {
            var options = new CrossEntropyOptions(0.3f, CrossEntropyOptions.IGNORE_INDEX, smoothing, w);
            for (Tensor wanted : new Tensor[] {targets, probabilities}) {
                Tensor[] results = results(samples, Shape.of(shape.targets()), scores);
                scalar.crossEntropy(options, shape, x, wanted, results[0], results[1]);
                vector.crossEntropy(options, shape, x, wanted, results[2], results[3]);
                assertSame(samples, shape + " smoothing " + smoothing + " weight " + w + " targets " + wanted, results);
            }
        }
    }

    private void same(String name, Pointwise loss) {
        for (int size : Samples.AWKWARD_SIZES) {
            try (Samples samples = new Samples(size)) {
                compare(samples, name, samples.wild(size), samples.wild(size), loss);
            }
        }
        try (Samples samples = new Samples(1)) {
            Tensor x = samples.normal(2 * io.ketju.tensor.simd.Ranges.TILE + 5);
            Tensor t = samples.normal(x.elements());
            for (int i = 0; i < x.elements(); i++) {
                x.setFloat(i, Math.abs(x.getFloat(i)) / 8);
                t.setFloat(i, i % 3 == 0 ? 1 : i % 3 == 1 ? 0 : Math.abs(t.getFloat(i)));
            }
            compare(samples, name, x, t, loss);
        }
    }

    private void compare(Samples samples, String name, Tensor x, Tensor t, Pointwise loss) {
        Tensor[] results = results(samples, x.shape(), x.shape());
        loss.run(scalar, x, t, results[0], results[1]);
        loss.run(vector, x, t, results[2], results[3]);
        assertSame(samples, name, results);
    }

    private static Tensor[] results(Samples samples, Shape losses, Shape dx) {
        return new Tensor[] {samples.dirty(losses), samples.dirty(dx), samples.dirty(losses), samples.dirty(dx)};
    }

    private static void assertSame(Samples samples, String name, Tensor... results) {
        samples.assertSameBits(name + " losses", results[2], results[0]);
        samples.assertSameBits(name + " dx", results[3], results[1]);
    }
}
