package io.ketju.tensor.kernel.resampling;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.loadInts;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.setInt;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The columns of a map, a vector of them at a time: what one tap of neighbouring columns takes is mostly neighbours too, or lies
 * within two vectors of the row.
 */
final class ColumnTaps {
    /** How the sources of a vector of columns lie, those of each tap. */
    private enum Kind {
        /** Side by side, of one tap, and no column is missing. */
        COPY,
        /** Within one vector. */
        NEAR,
        /** Within two vectors. */
        FAR,
        /** Anywhere. */
        APART
    }

    private final AxisMap columns;
    private final int chunks;
    /** By vector of columns. */
    private final Kind[] kinds;
    /** By vector of columns: how many of the first taps have any source. */
    private final int[] depths;
    /** By tap and vector of columns: where in the row the vector begins that the sources lie in. */
    private final int[] bases;
    /** Addresses, by tap and column up to a whole vector: how far behind the base the source lies, or NONE; and weights. */
    private final long indexes;

    private final long weights;

    /** The tables lie in the scratch. */
    ColumnTaps(AxisMap columns, Scratch scratch) {
        this.columns = columns;
        chunks = Math.ceilDiv(columns.count(), LANES);
        kinds = new Kind[chunks];
        depths = new int[chunks];
        bases = new int[columns.taps() * chunks];
        indexes = scratch.address(bases.length * VECTOR);
        weights = scratch.address(bases.length * VECTOR);
        for (int chunk = 0; chunk < chunks; chunk++) {
            kinds[chunk] = Kind.NEAR;
            for (int tap = 0; tap < columns.taps(); tap++) {
                plan(tap, chunk);
            }
            kinds[chunk] = depths[chunk] == 1 && sideBySide(chunk) ? Kind.COPY : kinds[chunk];
        }
    }

    private boolean sideBySide(int chunk) {
        int from = chunk * LANES;
        boolean result = from + LANES <= columns.count();
        for (int j = from; result && j < from + LANES; j++) {
            int source = columns.source(j, 0);
            result = source != AxisMap.NONE && source - columns.source(from, 0) == j - from;
        }
        return result;
    }

    private void plan(int tap, int chunk) {
        int from = chunk * LANES;
        int to = Math.min(columns.count(), from + LANES);
        int least = Integer.MAX_VALUE;
        int most = AxisMap.NONE;
        for (int j = from; j < to; j++) {
            int source = columns.source(j, tap);
            least = source == AxisMap.NONE ? least : Math.min(least, source);
            most = Math.max(most, source);
        }
        int at = tap * chunks + chunk;
        // The whole vector lies in the row, if the row is as long.
        bases[at] = Math.max(0, Math.min(least, columns.size() - LANES));
        depths[chunk] = most == AxisMap.NONE ? depths[chunk] : tap + 1;
        if (most - bases[at] >= 2 * LANES) {
            kinds[chunk] = Kind.APART;
        } else if (most - bases[at] >= LANES && kinds[chunk] == Kind.NEAR) {
            kinds[chunk] = Kind.FAR;
        }
        for (int j = from; j < from + LANES; j++) {
            int source = j < to ? columns.source(j, tap) : AxisMap.NONE;
            long place = at * VECTOR + 4L * (j - from);
            setInt(indexes + place, source == AxisMap.NONE ? AxisMap.NONE : source - bases[at]);
            set(weights + place, source == AxisMap.NONE ? 0 : columns.weight(j, tap));
        }
    }

    /** Overwrites a row of y, all of its columns, with one element each of a row of x. */
    void take(long x, long y, float value) {
        int whole = Math.min(LANES, columns.size());
        for (int chunk = 0; chunk < chunks; chunk++) {
            long from = x + 4L * bases[chunk];
            long to = y + chunk * VECTOR;
            switch (kinds[chunk]) {
                case COPY -> VectorMemory.store(load(from), to);
                case NEAR -> store(pick(load(from, first(whole)), chunk, value), to, lanes(chunk));
                case FAR -> store(pick(from, chunk, value), to, lanes(chunk));
                case APART -> takeApart(from, to, chunk, value);
            }
        }
    }

    /** Overwrites a row of y, all of its columns, with the sums of elements of a row of x. */
    void sum(long x, long y) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            long to = y + chunk * VECTOR;
            switch (kinds[chunk]) {
                case COPY -> sumWhole(x + 4L * bases[chunk], to, chunk);
                case NEAR -> sumNear(x, to, chunk);
                case FAR -> sumFar(x, to, chunk);
                case APART -> sumApart(x, to, chunk);
            }
        }
    }

    private void sumWhole(long from, long to, int chunk) {
        FloatVector zero = FloatVector.zero(SPECIES);
        VectorMemory.store(load(from).fma(load(weights + chunk * VECTOR), zero), to);
    }

    private void sumNear(long x, long to, int chunk) {
        VectorMask<Float> whole = first(columns.size());
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int tap = 0, at = chunk; tap < depths[chunk]; tap++, at += chunks) {
            FloatVector taken = pick(load(x + 4L * bases[at], whole), at, 0);
            sum = taken.fma(load(weights + at * VECTOR), sum);
        }
        store(sum, to, lanes(chunk));
    }

    private void sumFar(long x, long to, int chunk) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int tap = 0, at = chunk; tap < depths[chunk]; tap++, at += chunks) {
            FloatVector taken = pick(x + 4L * bases[at], at, 0);
            sum = taken.fma(load(weights + at * VECTOR), sum);
        }
        store(sum, to, lanes(chunk));
    }

    /** From one vector; {@code value} where a lane has no source. */
    private FloatVector pick(FloatVector row, int at, float value) {
        IntVector index = loadInts(indexes + at * VECTOR);
        // The index of a lane without a source is any legal one.
        FloatVector picked = row.rearrange(index.and(LANES - 1).toShuffle().cast(SPECIES));
        return picked.blend(value, index.compare(VectorOperators.LT, 0).cast(SPECIES));
    }

    /** From two vectors. */
    private FloatVector pick(long row, int at, float value) {
        FloatVector near = pick(load(row, first(columns.size() - bases[at])), at, value);
        FloatVector far = pick(load(row + VECTOR, first(columns.size() - bases[at] - LANES)), at, value);
        IntVector index = loadInts(indexes + at * VECTOR);
        return near.blend(far, index.compare(VectorOperators.GE, LANES).cast(SPECIES));
    }

    private void takeApart(long from, long to, int chunk, float value) {
        for (int lane = 0; lane < lanes(chunk); lane++) {
            int index = getInt(indexes + chunk * VECTOR + 4L * lane);
            set(to + 4L * lane, index == AxisMap.NONE ? value : get(from + 4L * index));
        }
    }

    private void sumApart(long x, long to, int chunk) {
        for (int lane = 0; lane < lanes(chunk); lane++) {
            float sum = 0;
            for (int tap = 0, at = chunk; tap < depths[chunk]; tap++, at += chunks) {
                int index = getInt(indexes + at * VECTOR + 4L * lane);
                if (index != AxisMap.NONE) {
                    sum = Math.fma(get(weights + at * VECTOR + 4L * lane), get(x + 4L * (bases[at] + index)), sum);
                }
            }
            set(to + 4L * lane, sum);
        }
    }

    private int lanes(int chunk) {
        return Math.min(LANES, columns.count() - chunk * LANES);
    }

    /** Lanes behind the last column are not written. */
    private static void store(FloatVector vector, long to, int lanes) {
        if (lanes == LANES) {
            VectorMemory.store(vector, to);
        } else {
            VectorMemory.store(vector, to, first(lanes));
        }
    }
}
