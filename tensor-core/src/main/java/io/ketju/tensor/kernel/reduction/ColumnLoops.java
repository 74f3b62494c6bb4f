package io.ketju.tensor.kernel.reduction;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.Elements;
import jdk.incubator.vector.FloatVector;

/** {@link Reduction#join} element by element, over whole vectors. */
final class ColumnLoops {
    private ColumnLoops() {}

    static Elements.Loop of(Reduction reduction) {
        return switch (reduction) {
            case SUM, MEAN -> ColumnLoops::add;
            case MAX -> ColumnLoops::max;
            case MIN -> ColumnLoops::min;
        };
    }

    static void fill(float value, long y, long bytes) {
        FloatVector all = FloatVector.broadcast(SPECIES, value);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(all, y + i);
        }
    }

    private static void add(long a, long b, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(a + i).add(load(b + i)), y + i);
        }
    }

    private static void max(long a, long b, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(a + i).max(load(b + i)), y + i);
        }
    }

    private static void min(long a, long b, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(a + i).min(load(b + i)), y + i);
        }
    }
}
