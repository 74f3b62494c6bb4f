package io.ketju.tensor.kernel.reduction;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.Operands;

/** Checks of the operands of reductions, and the fold of lanes in double. */
final class ReductionOperands {
    private ReductionOperands() {}

    /** Number of rows of x, one for each element of y. */
    static int rows(Tensor x, Tensor y) {
        int columns = Operands.columns(x);
        // Rows without columns are rows, too.
        int rows = columns == 0 ? y.elements() : x.elements() / columns;
        return fitting(rows, "rows", x, y);
    }

    /** Number of columns of x, one for each element of y. */
    static int columns(Tensor x, Tensor y) {
        return fitting(Operands.columns(x), "columns", x, y);
    }

    /** Throws unless both have as many elements. */
    static void same(Tensor x, Tensor y) {
        if (x.elements() != y.elements()) {
            throw new IllegalArgumentException(
                    "a product of " + x + " with " + y + " must have as many elements of both");
        }
    }

    /** The sum of 16 lanes, folded in halves; destroys the array. */
    static double fold(double[] lanes) {
        for (int half = LaneSum.LANES / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                lanes[lane] += lanes[lane + half];
            }
        }
        return lanes[0];
    }

    private static int fitting(int count, String what, Tensor x, Tensor y) {
        if (y.elements() != count) {
            throw new IllegalArgumentException(
                    "result " + y + " must have one element for each of the " + count + " " + what + " of " + x);
        }
        return count;
    }
}
