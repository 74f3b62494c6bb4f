package io.ketju.tensor.kernel.vocabulary;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.VectorRows;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Dot products of a vector with rows of a table that are listed. Where a register holds all lanes of a {@link LaneSum}, four
 * rows go at once: a vector of x is loaded once for all of them, and their lanes are folded side by side, each by the same
 * additions as alone.
 */
record RowDots(long table, int width) {
    /** Rows that go at once. */
    static final int FOUR = 4;

    private static final VectorShuffle<Float> BY_8 = exchange(8);
    private static final VectorShuffle<Float> BY_4 = exchange(4);
    private static final VectorShuffle<Float> BY_2 = exchange(2);
    private static final VectorShuffle<Float> BY_1 = exchange(1);
    /** Where the sums of four rows end up: the first, the third, the second, the fourth, by fours. */
    private static final VectorShuffle<Float> SUMS =
            VectorShuffle.fromOp(SPECIES, lane -> lane < FOUR ? ((lane & 1) * 8 + (lane & 2) * 2) % LANES : 0);

    private static final VectorMask<Float> UPPER_8 = VectorMask.fromLong(SPECIES, 0xff00 & ((1L << LANES) - 1));
    private static final VectorMask<Float> UPPER_4 = VectorMask.fromLong(SPECIES, 0xf0f0 & ((1L << LANES) - 1));

    private static MethodHandle all = CompilationRoot.of(
            MethodHandles.lookup(),
            "addressed",
            void.class,
            RowDots.class,
            long.class,
            long.class,
            int.class,
            long.class);

    private static VectorShuffle<Float> exchange(int distance) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane ^ distance) % LANES);
    }

    /** Elements that so many results take, with what is overwritten behind them. */
    static int room(int count) {
        return count + LaneSum.LANES;
    }

    /**
     * Dot products with the vector at an address.
     *
     * @param listed address of the rows
     * @param out address of {@link #room}, overwritten
     */
    void of(long x, long listed, int count, long out) {
        try {
            all.invokeExact(this, x, listed, count, out);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void addressed(RowDots dots, long x, long listed, int count, long out) {
        int e = 0;
        if (LANES == LaneSum.LANES) {
            for (; e <= count - FOUR; e += FOUR) {
                dots.four(x, listed + 4L * e, out + 4L * e);
            }
        }
        for (; e < count; e++) {
            set(out + 4L * e, VectorRows.dot(x, dots.row(listed + 4L * e), dots.width));
        }
    }

    private long row(long listed) {
        return table + 4L * width * getInt(listed);
    }

    private void four(long x, long listed, long out) {
        long a = row(listed);
        long b = row(listed + 4);
        long c = row(listed + 8);
        long d = row(listed + 12);
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= width - LANES; i += LANES) {
            FloatVector part = load(x + 4L * i);
            s0 = part.fma(load(a + 4L * i), s0);
            s1 = part.fma(load(b + 4L * i), s1);
            s2 = part.fma(load(c + 4L * i), s2);
            s3 = part.fma(load(d + 4L * i), s3);
        }
        if (i < width) {
            VectorMask<Float> rest = first(width - i);
            FloatVector part = load(x + 4L * i, rest);
            s0 = s0.blend(part.fma(load(a + 4L * i, rest), s0), rest);
            s1 = s1.blend(part.fma(load(b + 4L * i, rest), s1), rest);
            s2 = s2.blend(part.fma(load(c + 4L * i, rest), s2), rest);
            s3 = s3.blend(part.fma(load(d + 4L * i, rest), s3), rest);
        }
        store(folded(s0, s1, s2, s3), out);
    }

    /** The folds of four sums in the first lanes. Halves that are added lie side by side: of two sums, then of four. */
    private static FloatVector folded(FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
        FloatVector first = eights(s0, s1);
        FloatVector second = eights(s2, s3);
        FloatVector fours = first.blend(second.rearrange(BY_4), UPPER_4)
                .add(first.rearrange(BY_4).blend(second, UPPER_4));
        FloatVector twos = fours.add(fours.rearrange(BY_2));
        return twos.add(twos.rearrange(BY_1)).rearrange(SUMS);
    }

    private static FloatVector eights(FloatVector a, FloatVector b) {
        return a.blend(b.rearrange(BY_8), UPPER_8).add(a.rearrange(BY_8).blend(b, UPPER_8));
    }
}
