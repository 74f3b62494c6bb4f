package io.ketju.tensor.kernel.reduction;

import static io.ketju.tensor.simd.VectorDoubles.DOUBLES;
import static io.ketju.tensor.simd.VectorDoubles.high;
import static io.ketju.tensor.simd.VectorDoubles.low;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.VectorDoubles;
import io.ketju.tensor.simd.VectorSum;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/** The sum of n floats at an address, in 16 lanes of doubles. */
final class DoubleSum {
    private DoubleSum() {}

    // Each register of floats has two of doubles for its lanes, low and high.
    static double of(long x, int n) {
        DoubleVector l0 = DoubleVector.zero(DOUBLES);
        DoubleVector h0 = l0;
        DoubleVector l1 = l0;
        DoubleVector h1 = l0;
        DoubleVector l2 = l0;
        DoubleVector h2 = l0;
        DoubleVector l3 = l0;
        DoubleVector h3 = l0;
        int i = 0;
        for (; i + LaneSum.LANES <= n; i += LaneSum.LANES) {
            long at = x + i * 4L;
            FloatVector v = load(at);
            l0 = l0.add(low(v));
            h0 = h0.add(high(v));
            if (VectorSum.REGISTERS > 1) {
                v = load(at + VECTOR);
                l1 = l1.add(low(v));
                h1 = h1.add(high(v));
            }
            if (VectorSum.REGISTERS > 2) {
                v = load(at + 2 * VECTOR);
                l2 = l2.add(low(v));
                h2 = h2.add(high(v));
                v = load(at + 3 * VECTOR);
                l3 = l3.add(low(v));
                h3 = h3.add(high(v));
            }
        }
        // Zeros beyond the end do no harm: a lane that starts from +0 is never -0.
        FloatVector rest = RowLoops.rest(x, i, n);
        l0 = l0.add(low(rest));
        h0 = h0.add(high(rest));
        if (VectorSum.REGISTERS > 1) {
            rest = RowLoops.rest(x, i + LANES, n);
            l1 = l1.add(low(rest));
            h1 = h1.add(high(rest));
        }
        if (VectorSum.REGISTERS > 2) {
            rest = RowLoops.rest(x, i + 2 * LANES, n);
            l2 = l2.add(low(rest));
            h2 = h2.add(high(rest));
            rest = RowLoops.rest(x, i + 3 * LANES, n);
            l3 = l3.add(low(rest));
            h3 = h3.add(high(rest));
        }
        // Lane l with l + 8, then with l + 4, wherever they lie; the rest within a register.
        return switch (VectorSum.REGISTERS) {
            case 1 -> VectorDoubles.fold(l0.add(h0));
            case 2 -> VectorDoubles.fold(l0.add(l1).add(h0.add(h1)));
            default ->
                VectorDoubles.fold(l0.add(l2).add(l1.add(l3)).add(h0.add(h2).add(h1.add(h3))));
        };
    }
}
