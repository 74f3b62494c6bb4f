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
import jdk.incubator.vector.VectorOperators;

/**
 * The columns of a map, a vector of them at a time: what one tap of neighbouring columns takes is mostly neighbours too, or lies
 * within one vector of the row.
 */
final class ColumnTaps {
    /** How the sources of one tap of a vector of columns lie. */
    private enum Kind {
        /** Side by side. */
        COPY,
        /** Within one vector from the first of them on. */
        PICK,
        /** Nowhere. */
        NOTHING,
        /** Anywhere. */
        APART
    }

    private final AxisMap columns;
    private final int chunks;
    /** By tap and chunk: the kind, and the first of the sources, or 0. */
    private final Kind[] kinds;

    private final int[] bases;
    /** Addresses, by tap and column up to a whole vector: how far behind the base the source lies, or NONE; and weights. */
    private final long indexes;

    private final long weights;

    /** The tables lie in the scratch. */
    ColumnTaps(AxisMap columns, Scratch scratch) {
        this.columns = columns;
        chunks = Math.ceilDiv(columns.count(), LANES);
        kinds = new Kind[columns.taps() * chunks];
        bases = new int[columns.taps() * chunks];
        indexes = scratch.address(kinds.length * VECTOR);
        weights = scratch.address(kinds.length * VECTOR);
        for (int tap = 0; tap < columns.taps(); tap++) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                plan(tap, chunk);
            }
        }
    }

    private void plan(int tap, int chunk) {
        int at = tap * chunks + chunk;
        int from = chunk * LANES;
        int to = Math.min(columns.count(), from + LANES);
        int least = Integer.MAX_VALUE;
        int most = AxisMap.NONE;
        boolean sideBySide = true;
        for (int j = from; j < to; j++) {
            int source = columns.source(j, tap);
            least = source == AxisMap.NONE ? least : Math.min(least, source);
            most = Math.max(most, source);
            sideBySide &= source != AxisMap.NONE && source - columns.source(from, tap) == j - from;
        }
        if (most == AxisMap.NONE) {
            kinds[at] = Kind.NOTHING;
        } else if (sideBySide) {
            kinds[at] = Kind.COPY;
        } else {
            kinds[at] = most - least < LANES ? Kind.PICK : Kind.APART;
        }
        bases[at] = most == AxisMap.NONE ? 0 : least;
        for (int j = from; j < from + LANES; j++) {
            int source = j < to ? columns.source(j, tap) : AxisMap.NONE;
            long place = at * VECTOR + 4L * (j - from);
            setInt(indexes + place, source == AxisMap.NONE ? AxisMap.NONE : source - bases[at]);
            set(weights + place, j < to ? columns.weight(j, tap) : 0);
        }
    }

    /** Overwrites a row of y, all of its columns, from a row of x. */
    void forward(long x, long y, float value) {
        for (int tap = 0; tap < columns.taps(); tap++) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                int at = tap * chunks + chunk;
                long from = x + 4L * bases[at];
                int inside = columns.size() - bases[at];
                long to = y + chunk * VECTOR;
                switch (kinds[at]) {
                    case COPY -> put(load(from, first(inside)), at, to);
                    case PICK -> put(pick(load(from, first(inside)), indexes + at * VECTOR, value), at, to);
                    case NOTHING -> put(FloatVector.broadcast(SPECIES, value), at, to);
                    case APART -> putApart(from, value, at, to);
                }
            }
        }
    }

    private static FloatVector pick(FloatVector row, long indexes, float value) {
        IntVector index = loadInts(indexes);
        // The index of a lane without a source is any legal one.
        FloatVector picked = row.rearrange(index.and(LANES - 1).toShuffle().cast(SPECIES));
        return picked.blend(value, index.compare(VectorOperators.LT, 0).cast(SPECIES));
    }

    /** Lanes behind the last column are not written. */
    private void put(FloatVector taken, int at, long to) {
        int lanes = columns.count() - at % chunks * LANES;
        long weight = weights + at * VECTOR;
        if (columns.taps() == 1) {
            store(taken, to, lanes);
        } else if (at < chunks) {
            store(taken.mul(load(weight)), to, lanes);
        } else {
            store(taken.fma(load(weight), load(to, first(lanes))), to, lanes);
        }
    }

    private void putApart(long from, float value, int at, long to) {
        int lanes = Math.min(LANES, columns.count() - at % chunks * LANES);
        for (int lane = 0; lane < lanes; lane++) {
            int index = getInt(indexes + at * VECTOR + 4L * lane);
            float taken = index == AxisMap.NONE ? value : get(from + 4L * index);
            float weight = get(weights + at * VECTOR + 4L * lane);
            long place = to + 4L * lane;
            set(place, at < chunks ? weight * taken : Math.fma(weight, taken, get(place)));
        }
    }

    /** Overwrites a row of dx with what the columns of a row of dy give it. */
    void backward(long dy, long dx) {
        VectorMemory.clear(dx, 4L * columns.size());
        for (int chunk = 0; chunk < chunks; chunk++) {
            int lanes = Math.min(LANES, columns.count() - chunk * LANES);
            long from = dy + chunk * VECTOR;
            if (columns.taps() == 1 && kinds[chunk] == Kind.COPY) {
                long to = dx + 4L * bases[chunk];
                store(load(to, first(lanes)).add(load(from, first(lanes))), to, lanes);
            } else {
                scatter(chunk, lanes, from, dx);
            }
        }
    }

    private void scatter(int chunk, int lanes, long dy, long dx) {
        for (int lane = 0; lane < lanes; lane++) {
            float gradient = get(dy + 4L * lane);
            for (int at = chunk; at < kinds.length; at += chunks) {
                int index = getInt(indexes + at * VECTOR + 4L * lane);
                if (index != AxisMap.NONE) {
                    long to = dx + 4L * (bases[at] + index);
                    set(to, Math.fma(get(weights + at * VECTOR + 4L * lane), gradient, get(to)));
                }
            }
        }
    }

    private static void store(FloatVector vector, long to, int lanes) {
        if (lanes >= LANES) {
            VectorMemory.store(vector, to);
        } else {
            VectorMemory.store(vector, to, first(lanes));
        }
    }
}
