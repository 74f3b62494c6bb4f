package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.VectorMemory.load;
import static io.ketju.tensor.kernel.VectorMemory.store;
import static io.ketju.tensor.kernel.VectorMemory.vectorEnd;
import static io.ketju.tensor.kernel.VectorWidth.LANES;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import io.ketju.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The steps of softmax on rows of equal length. Row sums are those of {@link LaneSum}: its 16 virtual lanes lie in one,
 * two or four registers. The end of a row, less than a vector, goes the scalar way: it comes last in its lanes, too.
 * (Masks were tried and ran some sixty times slower than these scalars, in generic code that the compiler did not inline.)
 */
final class VectorRows {
    private final int columns;
    /** Columns that fill whole vectors. */
    private final int full;

    private final float[] lanes = new float[LaneSum.LANES];

    VectorRows(int columns) {
        this.columns = columns;
        full = vectorEnd(0, columns);
    }

    /** Largest element of the row that starts at an index; NaN if it has one. */
    float max(Tensor x, int start) {
        MemorySegment segment = x.segment();
        FloatVector vector = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int i = start; i < start + full; i += LANES) {
            vector = vector.max(load(segment, i));
        }
        float max = full == 0 ? Float.NEGATIVE_INFINITY : vector.reduceLanes(VectorOperators.MAX);
        for (int i = start + full; i < start + columns; i++) {
            max = Math.max(max, x.getFloat(i));
        }
        return max;
    }

    /** {@code y = exp(x - max)} of one row; returns the sum of y. */
    float exponentials(Tensor x, Tensor y, int start, float max) {
        fullVectors(x.segment(), y.segment(), start, max);
        for (int i = full; i < columns; i++) {
            float value = FloatMath.exp(x.getFloat(start + i) - max);
            y.setFloat(start + i, value);
            lanes[i % LaneSum.LANES] += value;
        }
        return LaneSum.fold(lanes);
    }

    /** {@code y = y / total · scale} of one row. */
    void divide(Tensor y, int start, float total, float scale) {
        MemorySegment segment = y.segment();
        for (int i = start; i < start + full; i += LANES) {
            store(load(segment, i).div(total).mul(scale), segment, i);
        }
        for (int i = start + full; i < start + columns; i++) {
            y.setFloat(i, y.getFloat(i) / total * scale);
        }
    }

    private void fullVectors(MemorySegment x, MemorySegment y, int start, float max) {
        FloatVector sum0 = FloatVector.zero(SPECIES);
        FloatVector sum1 = FloatVector.zero(SPECIES);
        FloatVector sum2 = FloatVector.zero(SPECIES);
        FloatVector sum3 = FloatVector.zero(SPECIES);
        for (int i = 0; i < full; i += LaneSum.LANES) {
            sum0 = sum0.add(exponential(x, y, start + i, max));
            if (LANES <= 8 && i + LANES < full) {
                sum1 = sum1.add(exponential(x, y, start + i + LANES, max));
            }
            if (LANES == 4 && i + 2 * LANES < full) {
                sum2 = sum2.add(exponential(x, y, start + i + 2 * LANES, max));
            }
            if (LANES == 4 && i + 3 * LANES < full) {
                sum3 = sum3.add(exponential(x, y, start + i + 3 * LANES, max));
            }
        }
        sum0.intoArray(lanes, 0);
        if (LANES <= 8) {
            sum1.intoArray(lanes, LANES);
        }
        if (LANES == 4) {
            sum2.intoArray(lanes, 2 * LANES);
            sum3.intoArray(lanes, 3 * LANES);
        }
    }

    private static FloatVector exponential(MemorySegment x, MemorySegment y, int index, float max) {
        FloatVector e = VectorMath.exp(load(x, index).sub(max));
        store(e, y, index);
        return e;
    }
}
