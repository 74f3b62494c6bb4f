package io.ketju.tensor.kernel.indexing;

import static io.ketju.tensor.simd.VectorMemory.getInt;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.VectorColumnSum;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * The gradient of an embedding, some columns of the table at a time.
 *
 * @param indices address of the row that each position has taken
 * @param columns of the table, and of dy
 */
record EmbeddingGradient(long indices, int positions, int columns, int padding, FrequentRows frequent) {
    private static final long BYTES = Float.BYTES;

    private static MethodHandle all = CompilationRoot.of(
            MethodHandles.lookup(),
            "addAll",
            void.class,
            EmbeddingGradient.class,
            long.class,
            long.class,
            int.class,
            Scratch.class);

    /** Adds {@code width} columns; dy and table are the addresses of the first of them. */
    void add(long dy, long table, int width, Scratch scratch) {
        try {
            all.invokeExact(this, dy, table, width, scratch);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void addAll(EmbeddingGradient gradient, long dy, long table, int width, Scratch scratch) {
        if (gradient.frequent.count() == 0) {
            gradient.addEach(dy, table, width);
        } else {
            gradient.addFrequent(dy, table, width, scratch);
        }
    }

    private void addFrequent(long dy, long table, int width, Scratch scratch) {
        for (int i = 0; i < frequent.otherCount(); i++) {
            add(getInt(frequent.others() + i * BYTES), dy, table, width);
        }
        for (int number = 0; number < frequent.count(); number++) {
            var places =
                    new VectorColumnSum.Rows(columns * BYTES, frequent.places(number), frequent.occurrences(number));
            VectorColumnSum.add(dy, places, table + BYTES * frequent.row(number) * columns, width, scratch);
        }
    }

    private void addEach(long dy, long table, int width) {
        for (int i = 0; i < positions; i++) {
            if (getInt(indices + i * BYTES) != padding) {
                add(i, dy, table, width);
            }
        }
    }

    private void add(int position, long dy, long table, int width) {
        long row = getInt(indices + position * BYTES);
        RowLoops.add(dy + BYTES * position * columns, table + BYTES * row * columns, width);
    }
}
