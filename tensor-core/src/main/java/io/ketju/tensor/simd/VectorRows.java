package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorSum.REGISTERS;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * The steps of softmax and its kin on one row of {@code n} floats at an address. Sums are those of {@link LaneSum}. The
 * end of a row, less than a vector, is masked.
 */
public final class VectorRows {
    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(SPECIES, 8 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(SPECIES, 4 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(SPECIES, 2, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(SPECIES, 1, 1, true);

    /** Rows from here on are worth a loop without masks. */
    private static final int LONG = 128;

    // Each compiled on its own: together with the other steps of a row they are more vector operations than the
    // compiler takes at once, and what is left over would go through the heap. Not final, see CompilationRoot.
    private static MethodHandle exponentialsOfShort =
            exponentialsBy(REGISTERS == 1 ? "exponentialsOfShortRow" : "exponentialsThenSum");
    private static MethodHandle exponentialsOfLong =
            exponentialsBy(REGISTERS == 1 ? "exponentialsOfLongRow" : "exponentialsThenSum");
    private static MethodHandle sum =
            CompilationRoot.of(MethodHandles.lookup(), "sumOfRow", float.class, long.class, int.class);
    private static MethodHandle exponentialsOfRest = CompilationRoot.of(
            MethodHandles.lookup(), "exponentialsOfLanes", void.class, long.class, long.class, int.class, float.class);

    private VectorRows() {}

    /**
     * {@return the largest element, NaNs left out, -infinity if there is none} (A NaN of the row reaches all results of softmax through the
     * sum, so that the maximum need not carry it.)
     *
     * @param x address of the row
     * @param n its elements
     */
    public static float max(long x, int n) {
        FloatVector m0 = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector m1 = m0;
        int i = 0;
        for (; i <= n - 2 * LANES; i += 2 * LANES) {
            m0 = greater(m0, load(x + i * 4L));
            m1 = greater(m1, load(x + i * 4L + VECTOR));
        }
        m0 = greater(m0, m1);
        if (i <= n - LANES) {
            m0 = greater(m0, load(x + i * 4L));
            i += LANES;
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            FloatVector last = load(x + i * 4L, rest);
            m0 = m0.blend(last, last.compare(VectorOperators.GT, m0).and(rest));
        }
        return maxOfLanes(m0).lane(0);
    }

    /**
     * {@code y = exp(x - max)}
     *
     * @param x address of the row
     * @param y address of the results, may be x
     * @param n elements of each
     * @param max what is subtracted first
     * @return the sum of y
     */
    public static float exponentials(long x, long y, int n, float max) {
        try {
            return (float) (n < LONG ? exponentialsOfShort : exponentialsOfLong).invokeExact(x, y, n, max);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    private static MethodHandle exponentialsBy(String method) {
        return CompilationRoot.of(
                MethodHandles.lookup(), method, float.class, long.class, long.class, int.class, float.class);
    }

    /**
     * {@return the sum of the row}
     *
     * @param x address of the row
     * @param n its elements
     */
    public static float sum(long x, int n) {
        try {
            return (float) sum.invokeExact(x, n);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static float sumOfRow(long x, int n) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= n - LaneSum.LANES; i += LaneSum.LANES) {
            s0 = s0.add(load(x + i * 4L));
            s1 = REGISTERS >= 2 ? s1.add(load(x + i * 4L + VECTOR)) : s1;
            s2 = REGISTERS == 4 ? s2.add(load(x + i * 4L + 2 * VECTOR)) : s2;
            s3 = REGISTERS == 4 ? s3.add(load(x + i * 4L + 3 * VECTOR)) : s3;
        }
        s0 = addRest(s0, x, n, i);
        s1 = REGISTERS >= 2 ? addRest(s1, x, n, i + LANES) : s1;
        s2 = REGISTERS == 4 ? addRest(s2, x, n, i + 2 * LANES) : s2;
        s3 = REGISTERS == 4 ? addRest(s3, x, n, i + 3 * LANES) : s3;
        return VectorSum.fold(s0, s1, s2, s3);
    }

    /**
     * {@return the sum of the products {@code x · y}, each added to its lane by a fused multiply-add}
     *
     * @param x address of a row
     * @param y address of the other
     * @param n elements of each
     */
    public static float dot(long x, long y, int n) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= n - LaneSum.LANES; i += LaneSum.LANES) {
            long from = i * 4L;
            s0 = load(x + from).fma(load(y + from), s0);
            s1 = REGISTERS >= 2 ? load(x + from + VECTOR).fma(load(y + from + VECTOR), s1) : s1;
            s2 = REGISTERS == 4 ? load(x + from + 2 * VECTOR).fma(load(y + from + 2 * VECTOR), s2) : s2;
            s3 = REGISTERS == 4 ? load(x + from + 3 * VECTOR).fma(load(y + from + 3 * VECTOR), s3) : s3;
        }
        s0 = addProducts(s0, x, y, n, i);
        s1 = REGISTERS >= 2 ? addProducts(s1, x, y, n, i + LANES) : s1;
        s2 = REGISTERS == 4 ? addProducts(s2, x, y, n, i + 2 * LANES) : s2;
        s3 = REGISTERS == 4 ? addProducts(s3, x, y, n, i + 3 * LANES) : s3;
        return VectorSum.fold(s0, s1, s2, s3);
    }

    /**
     * {@code y = y / total}
     *
     * @param y address of the row
     * @param n its elements
     * @param total divisor
     */
    public static void divide(long y, int n, float total) {
        FloatVector divisor = FloatVector.broadcast(SPECIES, total);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(y + i * 4L).div(divisor), y + i * 4L);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(y + i * 4L, rest).div(divisor), y + i * 4L, rest);
        }
    }

    /**
     * {@code y = y / total · scale}, rounded twice.
     *
     * @param y address of the row
     * @param n its elements
     * @param total divisor
     * @param scale factor
     */
    public static void divide(long y, int n, float total, float scale) {
        FloatVector divisor = FloatVector.broadcast(SPECIES, total);
        FloatVector factor = FloatVector.broadcast(SPECIES, scale);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(y + i * 4L).div(divisor).mul(factor), y + i * 4L);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(y + i * 4L, rest).div(divisor).mul(factor), y + i * 4L, rest);
        }
    }

    /** The largest lane, in every lane. No lane may be NaN. */
    static FloatVector maxOfLanes(FloatVector m) {
        FloatVector max = LANES == 16 ? greater(m, m.rearrange(BY_8)) : m;
        max = LANES >= 8 ? greater(max, max.rearrange(BY_4)) : max;
        max = greater(max, max.rearrange(BY_2));
        return greater(max, max.rearrange(BY_1));
    }

    /** The larger of two, element by element; the first if either is NaN. */
    static FloatVector greater(FloatVector max, FloatVector x) {
        return max.blend(x, x.compare(VectorOperators.GT, max));
    }

    /** {@code exp(x - max)}. */
    static FloatVector exponential(FloatVector x, FloatVector max) {
        return VectorMath.exp(x.sub(max));
    }

    /** One loop, the last vector masked like all others: best for a few vectors. */
    static float exponentialsOfShortRow(long x, long y, int n, float max) {
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector shift = FloatVector.broadcast(SPECIES, max);
        for (int i = 0; i < n; i += LANES) {
            VectorMask<Float> lanes = first(n - i);
            FloatVector e = exponential(load(x + i * 4L, lanes), shift);
            store(e, y + i * 4L, lanes);
            sum = sum.add(e, lanes);
        }
        return VectorSum.fold(sum, sum, sum, sum);
    }

    static float exponentialsOfLongRow(long x, long y, int n, float max) {
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector shift = FloatVector.broadcast(SPECIES, max);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector e = exponential(load(x + i * 4L), shift);
            store(e, y + i * 4L);
            sum = sum.add(e);
        }
        if (i < n) {
            exponentialsOfRest(x + i * 4L, y + i * 4L, n - i, max);
            // The other lanes are zero, and no sum of exponentials is -0.
            sum = sum.add(load(y + i * 4L, first(n - i)));
        }
        return VectorSum.fold(sum, sum, sum, sum);
    }

    /** For narrow vectors, whose sums take several registers. */
    static float exponentialsThenSum(long x, long y, int n, float max) {
        exponentialsOnly(x, y, n, max);
        return sum(y, n);
    }

    private static void exponentialsOnly(long x, long y, int n, float max) {
        FloatVector shift = FloatVector.broadcast(SPECIES, max);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(exponential(load(x + i * 4L), shift), y + i * 4L);
        }
        if (i < n) {
            exponentialsOfRest(x + i * 4L, y + i * 4L, n - i, max);
        }
    }

    private static void exponentialsOfRest(long x, long y, int n, float max) {
        try {
            exponentialsOfRest.invokeExact(x, y, n, max);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    /** Less than a vector. */
    static void exponentialsOfLanes(long x, long y, int n, float max) {
        VectorMask<Float> lanes = first(n);
        store(exponential(load(x, lanes), FloatVector.broadcast(SPECIES, max)), y, lanes);
    }

    private static FloatVector addRest(FloatVector sum, long x, int n, int i) {
        if (i >= n) {
            return sum;
        }
        VectorMask<Float> rest = first(n - i);
        return sum.add(load(x + i * 4L, rest), rest);
    }

    private static FloatVector addProducts(FloatVector sum, long x, long y, int n, int i) {
        if (i >= n) {
            return sum;
        }
        VectorMask<Float> rest = first(n - i);
        return sum.blend(load(x + i * 4L, rest).fma(load(y + i * 4L, rest), sum), rest);
    }
}
