package io.ketju.tensor.kernel.sparse;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Samples;
import org.junit.jupiter.api.Test;

/** Vector sparse products against the scalar ones, bit for bit. Runs at every vector width. */
class SparseVectorTest {
    private final SparseKernels scalar = new ScalarSparse();
    private final SparseKernels vector = new VectorSparse(new InlineTiles());

    @Test
    void productsAndGradient() {
        for (int width : Samples.AWKWARD_SIZES) {
            try (Samples samples = new Samples(width);
                    TensorArena arena = new TensorArena(1 << 20)) {
                CsrMatrix a = random(width, 23, 17, 90, arena);
                Tensor x = samples.normal(17, width);
                Tensor y = samples.normal(23, width);
                Tensor expected = samples.copy(y);
                scalar.multiplyAccumulate(a, x, expected);
                vector.multiplyAccumulate(a, x, y);
                samples.assertSameBits("accumulate", y, expected);
                scalar.multiply(a, x, expected);
                vector.multiply(a, x, y);
                samples.assertSameBits("multiply", y, expected);
                Tensor dvalues = samples.dirty(Shape.of(a.elements()));
                Tensor wanted = samples.dirty(dvalues.shape());
                scalar.backwardValues(a, y, x, wanted);
                vector.backwardValues(a, y, x, dvalues);
                samples.assertSameBits("backwardValues", dvalues, wanted);
                Tensor table = samples.normal(17, width);
                Tensor asDefined = samples.copy(table);
                scalar.transposedAccumulate(a, y, asDefined);
                vector.transposedAccumulate(a, y, table);
                samples.assertSameBits("transposedAccumulate", table, asDefined);
            }
        }
    }

    static CsrMatrix random(long seed, int rows, int columns, int count, TensorArena arena) {
        CounterRandom random = CounterRandom.of(seed, "sparse");
        int[] r = new int[count];
        int[] c = new int[count];
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            r[i] = random.below(3L * i, rows);
            c[i] = random.below(3L * i + 1, columns);
            values[i] = random.below(3L * i + 2, 1000) / 500f - 1;
        }
        return CsrBuilder.fromCoordinates(rows, columns, r, c, values, arena);
    }
}
