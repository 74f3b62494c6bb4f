package io.ketju.tensor.kernel.indexing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.ColumnSum;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Vector indexing against the scalar one, bit for bit. Runs at every vector width. */
class IndexingVectorTest {
    private final IndexingKernels scalar = new ScalarIndexing();
    private final IndexingKernels vector = new VectorIndexing(new InlineTiles());

    @Test
    void embedding() {
        for (int columns : Samples.AWKWARD_SIZES) {
            try (Samples samples = new Samples(columns)) {
                Tensor w = samples.normal(7, columns);
                Tensor indices = samples.classes(29, 7);
                Tensor expected = samples.dirty(Shape.of(29, columns));
                Tensor actual = samples.dirty(expected.shape());
                scalar.embeddingForward(w, indices, expected);
                vector.embeddingForward(w, indices, actual);
                samples.assertSameBits("embedding", actual, expected);
                Tensor dw = samples.copy(w);
                scalar.embeddingBackward(3, expected, indices, dw);
                vector.embeddingBackward(3, expected, indices, w);
                samples.assertSameBits("embedding gradient", w, dw);
            }
        }
    }

    @Test
    void rowsArePutBack() {
        for (int columns : Samples.AWKWARD_SIZES) {
            try (Samples samples = new Samples(columns)) {
                Tensor expected = samples.normal(7, columns);
                Tensor actual = samples.copy(expected);
                Tensor rows = samples.normal(3, columns);
                Tensor indices = samples.classes(3, 7);
                for (int i = 0; i < 3; i++) {
                    indices.setInt(i, 2 * i + 1);
                }
                scalar.putRows(rows, indices, expected);
                vector.putRows(rows, indices, actual);
                samples.assertSameBits("rows put back", actual, expected);
            }
        }
    }

    /** Rows that occur more often than a block is long, among others; some share a bucket of the first count. */
    @Test
    void embeddingOfFrequentRows() {
        for (int columns : new int[] {1, 7, 64, 100}) {
            try (Samples samples = new Samples(columns)) {
                int rows = 1500;
                int positions = 4 * ColumnSum.BLOCK + 90;
                Tensor w = samples.normal(rows, columns);
                Tensor dy = samples.normal(positions, columns);
                Tensor indices = samples.classes(positions, rows);
                fill(indices, 0, ColumnSum.BLOCK + 3, 2, 9);
                fill(indices, 1, ColumnSum.BLOCK, 2, 1024 + 9);
                fill(indices, 2 * ColumnSum.BLOCK + 20, ColumnSum.BLOCK + 1, 1, 1024 + 3);
                fill(indices, 3 * ColumnSum.BLOCK + 40, ColumnSum.BLOCK + 30, 1, 5);
                for (int padding : new int[] {IndexingKernels.NO_PADDING, 5}) {
                    Tensor expected = samples.copy(w);
                    Tensor actual = samples.copy(w);
                    scalar.embeddingBackward(padding, dy, indices, expected);
                    vector.embeddingBackward(padding, dy, indices, actual);
                    samples.assertSameBits("gradient of frequent rows", actual, expected);
                }
            }
        }
    }

    private static void fill(Tensor indices, int from, int count, int step, int row) {
        for (int i = 0; i < count; i++) {
            indices.setInt(from + i * step, row);
        }
    }

    @Test
    void sliceAndSpread() {
        for (int inner : new int[] {1, 3, 17, 70}) {
            for (int step : new int[] {1, 2, 5}) {
                try (Samples samples = new Samples(31L * inner + step)) {
                    SliceShape shape = new SliceShape(5, 37, 2, step, 34 / step, inner);
                    Tensor x = samples.normal(5 * 37, inner);
                    Tensor expected = samples.dirty(Shape.of(5, shape.count(), inner));
                    Tensor actual = samples.dirty(expected.shape());
                    scalar.slice(shape, x, expected);
                    vector.slice(shape, x, actual);
                    samples.assertSameBits("slice", actual, expected);
                    Tensor spread = samples.dirty(x.shape());
                    scalar.spread(shape, expected, x);
                    vector.spread(shape, expected, spread);
                    samples.assertSameBits("gradient of a slice", spread, x);
                }
            }
        }
    }

    @Test
    void gatherAndScatter() {
        for (int inner : new int[] {1, 3, 17}) {
            try (Samples samples = new Samples(inner)) {
                GatherShape shape = new GatherShape(5, 11, 14, inner);
                Tensor x = samples.normal(5, 11, inner);
                Tensor indices = samples.classes(5 * 14 * inner, 11);
                Tensor expected = samples.dirty(Shape.of(5, 14, inner));
                Tensor actual = samples.dirty(expected.shape());
                scalar.gather(shape, x, indices, expected);
                vector.gather(shape, x, indices, actual);
                samples.assertSameBits("gather", actual, expected);
                Tensor sums = samples.copy(x);
                scalar.scatterAdd(shape, expected, indices, sums);
                vector.scatterAdd(shape, expected, indices, x);
                samples.assertSameBits("scatterAdd", x, sums);
            }
        }
    }

    @Test
    void concatAndSplit() {
        try (Samples samples = new Samples(1)) {
            List<Tensor> parts = List.of(samples.normal(6, 17), samples.normal(6, 1), samples.normal(6, 40));
            Tensor expected = samples.dirty(Shape.of(6, 58));
            Tensor actual = samples.dirty(expected.shape());
            scalar.concat(6, parts, expected);
            vector.concat(6, parts, actual);
            samples.assertSameBits("concat", actual, expected);
            List<Tensor> back =
                    parts.stream().map(part -> samples.dirty(part.shape())).toList();
            vector.split(6, actual, back);
            for (int i = 0; i < parts.size(); i++) {
                samples.assertSameBits("split " + i, back.get(i), parts.get(i));
            }
        }
    }

    @Test
    void permutations() {
        int[][] shapes = {
            {5, 7}, {16, 16}, {100, 33}, {1, 9}, {9, 1}, {300, 70}, {3, 70}, {70, 2}, {2, 75}, {1003, 2}, {2, 1003},
            {0, 4}
        };
        for (int[] shape : shapes) {
            permute(shape, 1, 0);
            permute(shape, 0, 1);
        }
        int[][] orders = {{0, 2, 1, 3}, {3, 2, 1, 0}, {2, 3, 0, 1}, {0, 1, 3, 2}, {1, 0, 2, 3}, {3, 0, 1, 2}};
        for (int[] order : orders) {
            permute(new int[] {3, 5, 18, 20}, order);
            permute(new int[] {2, 1, 33, 1}, order);
            permute(new int[] {1, 1, 1, 1}, order);
            permute(new int[] {40, 3, 20, 24}, order);
        }
    }

    @Test
    void topKAndArgmax() {
        for (int columns : Samples.AWKWARD_SIZES) {
            for (boolean wild : new boolean[] {false, true}) {
                try (Samples samples = new Samples(columns)) {
                    Tensor x = wild ? samples.wild(9, columns) : samples.normal(9, columns);
                    for (int i = 0; i < x.elements() && !wild; i += 3) {
                        x.setFloat(i, Math.round(x.getFloat(i)));
                    }
                    int k = Math.min(columns, 5);
                    Tensor expected = samples.dirty(Shape.of(9, k));
                    Tensor actual = samples.dirty(expected.shape());
                    Tensor places = samples.classes(9 * k, 1);
                    Tensor found = samples.classes(9 * k, 1);
                    scalar.topK(k, x, expected, places);
                    vector.topK(k, x, actual, found);
                    samples.assertSameBits("topK", actual, expected);
                    samples.assertSameBits("places", found, places);
                    Tensor best = samples.classes(9, 1);
                    Tensor argmax = samples.classes(9, 1);
                    scalar.argmax(x, best);
                    vector.argmax(x, argmax);
                    samples.assertSameBits("argmax", argmax, best);
                }
            }
        }
    }

    @Test
    void oneHot() {
        try (Samples samples = new Samples(1)) {
            Tensor indices = samples.classes(33, 13);
            Tensor expected = samples.dirty(Shape.of(33, 13));
            Tensor actual = samples.dirty(expected.shape());
            scalar.oneHot(indices, expected);
            vector.oneHot(indices, actual);
            samples.assertSameBits("oneHot", actual, expected);
        }
    }

    @Test
    void anIndexOutOfRangeIsNamed() {
        try (Samples samples = new Samples(1)) {
            Tensor indices = samples.classes(5, 3);
            indices.setInt(2, 3);
            for (IndexingKernels kernels : List.of(scalar, vector)) {
                assertThatThrownBy(() -> kernels.embeddingForward(samples.normal(3, 4), indices, samples.normal(5, 4)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("index 3 at position 2 is not from 0 to 2");
            }
        }
    }

    private void permute(int[] shape, int... order) {
        try (Samples samples = new Samples(shape[0])) {
            Tensor x = samples.normal(shape);
            int[] sizes = new int[order.length];
            for (int d = 0; d < order.length; d++) {
                sizes[d] = shape[order[d]];
            }
            Tensor expected = samples.dirty(Shape.of(sizes));
            Tensor actual = samples.dirty(expected.shape());
            scalar.permute(x, expected, order);
            vector.permute(x, actual, order);
            samples.assertSameBits("permute " + x + " to " + actual, actual, expected);
        }
    }
}
