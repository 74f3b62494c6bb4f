package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorSum.REGISTERS;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.LaneSum;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The 16 virtual lanes of a sum between the loop over whole groups of 16, the end of the row, and the fold. */
final class Lanes {
    private Lanes() {}

    static float[] create() {
        return new float[LaneSum.LANES];
    }

    /** Where the last whole group of 16 elements ends. */
    static int groups(int n) {
        return n & -LaneSum.LANES;
    }

    static void put(FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3, float[] lanes) {
        s0.intoArray(lanes, 0);
        if (REGISTERS >= 2) {
            s1.intoArray(lanes, LANES);
        }
        if (REGISTERS == 4) {
            s2.intoArray(lanes, 2 * LANES);
            s3.intoArray(lanes, 3 * LANES);
        }
    }

    /** The lane of element i. */
    static int of(int i) {
        return i % LaneSum.LANES;
    }

    /** Adds a vector of the end of a row to the lanes from one on. */
    static void add(FloatVector value, VectorMask<Float> mask, float[] lanes, int lane) {
        FloatVector.fromArray(SPECIES, lanes, lane).add(value, mask).intoArray(lanes, lane);
    }

    /** Adds products of the end of a row to the lanes from one on. */
    static void addProduct(FloatVector a, FloatVector b, VectorMask<Float> mask, float[] lanes, int lane) {
        FloatVector sum = FloatVector.fromArray(SPECIES, lanes, lane);
        sum.blend(a.fma(b, sum), mask).intoArray(lanes, lane);
    }

    /** The sum; destroys the lanes. By scalars: four vectors as arguments may come from the heap. */
    static float fold(float[] lanes) {
        return LaneSum.fold(lanes);
    }
}
