package io.ketju.tensor.kernel.sparse;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Samples;
import java.util.List;
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

    /** Elements of neighbouring columns take turns, and some columns come often; with several threads, too. */
    @Test
    void moreColumnsThanBuckets() {
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(3, KernelChoice.VECTOR))) {
            for (int width : List.of(3, 33, 100)) {
                try (Samples samples = new Samples(width);
                        TensorArena arena = new TensorArena(1 << 20)) {
                    CsrMatrix a = random(width, 300, 9001, 3000, arena);
                    CounterRandom often = CounterRandom.of(width, "often");
                    for (int e = 0; e < a.elements(); e++) {
                        boolean rare = often.below(2L * e, 3) == 0;
                        a.columnIndexes().setInt(e, rare ? often.below(2L * e + 1, 9001) : often.below(2L * e + 1, 11));
                    }
                    Tensor x = samples.wild(300, width);
                    Tensor expected = samples.wild(9001, width);
                    Tensor inline = samples.copy(expected);
                    Tensor byThreads = samples.copy(expected);
                    scalar.transposedAccumulate(a, x, expected);
                    vector.transposedAccumulate(a, x, inline);
                    core.kernels().sparse().transposedAccumulate(a, x, byThreads);
                    samples.assertSameBits("transposedAccumulate", inline, expected);
                    samples.assertSameBits("by threads", byThreads, expected);
                }
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
