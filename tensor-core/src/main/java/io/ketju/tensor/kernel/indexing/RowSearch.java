package io.ketju.tensor.kernel.indexing;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.setInt;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** The largest elements of a row at an address. */
final class RowSearch {
    private RowSearch() {}

    /** Index of the first NaN, or of the first of the largest elements. */
    static int argmax(long x, int n) {
        int nan = firstNaN(x, n);
        return nan < n ? nan : firstEqual(x, n, VectorRows.max(x, n));
    }

    /**
     * Keeps the best in descending order. Vectors without an element above the last of them, nearly all of a long row,
     * are passed over.
     */
    static void topK(int k, long x, int n, long values, long indices) {
        for (int i = 0; i < k; i++) {
            insert(get(x + 4L * i), i, i, values, indices);
        }
        long last = values + 4L * (k - 1);
        int i = k;
        while (i < n) {
            i = firstAbove(x, i, n, get(last));
            // The rest of the vector, one by one.
            int end = Math.min(n, i + LANES);
            for (; i < end; i++) {
                float value = get(x + 4L * i);
                if (ScalarIndexing.isGreater(value, get(last))) {
                    insert(value, i, k - 1, values, indices);
                }
            }
        }
    }

    /** Puts an element behind all that are not less, of {@code count} before it; the one at {@code count} is lost. */
    private static void insert(float value, int index, int count, long values, long indices) {
        int place = count;
        while (place > 0 && ScalarIndexing.isGreater(value, get(values + 4L * (place - 1)))) {
            set(values + 4L * place, get(values + 4L * (place - 1)));
            setInt(indices + 4L * place, getInt(indices + 4L * (place - 1)));
            place--;
        }
        set(values + 4L * place, value);
        setInt(indices + 4L * place, index);
    }

    /** Where a vector starts, from {@code from} in steps of vectors, that holds an element not at most the limit. */
    private static int firstAbove(long x, int from, int n, float limit) {
        FloatVector limits = FloatVector.broadcast(SPECIES, limit);
        int i = from;
        for (; i <= n - LANES; i += LANES) {
            if (!load(x + 4L * i).compare(VectorOperators.LE, limits).allTrue()) {
                return i;
            }
        }
        return i;
    }

    private static int firstNaN(long x, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector value = load(x + 4L * i, first(n - i));
            VectorMask<Float> nan = value.compare(VectorOperators.NE, value);
            if (nan.anyTrue()) {
                return i + nan.firstTrue();
            }
        }
        return n;
    }

    private static int firstEqual(long x, int n, float wanted) {
        FloatVector values = FloatVector.broadcast(SPECIES, wanted);
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> lanes = first(n - i);
            VectorMask<Float> equal =
                    load(x + 4L * i, lanes).compare(VectorOperators.EQ, values).and(lanes);
            if (equal.anyTrue()) {
                return i + equal.firstTrue();
            }
        }
        return 0;
    }
}
