package io.ketju.tensor.kernel.normalization;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.LaneSum;
import java.util.Arrays;

/** Sums over runs of elements as plain loops. */
final class ScalarRuns {
    private static final int LANES = LaneSum.LANES;

    private final float[] sums = new float[LANES];
    private final float[] products = new float[LANES];

    /** An element-wise input of a sum. */
    @FunctionalInterface
    interface Elements {
        float at(int index);
    }

    /** Mean and squared deviations of the elements side by side from an index on. */
    void moments(Tensor x, int from, int count, Moments into) {
        into.clear();
        for (int start = from; start < from + count; start += Sizes.BLOCK) {
            int first = start;
            int n = Math.min(Sizes.BLOCK, from + count - start);
            add(n, i -> x.getFloat(first + i), i -> 0, i -> 0);
            float pivot = LaneSum.fold(sums) / n;
            Elements deviation = i -> x.getFloat(first + i) - pivot;
            add(n, deviation, deviation, deviation);
            into.add(n, pivot, LaneSum.fold(sums), LaneSum.fold(products));
        }
    }

    /** The sum of g, and that of a b. */
    Sums sums(int count, Elements g, Elements a, Elements b) {
        Sums total = new Sums(0, 0);
        for (int start = 0; start < count; start += Sizes.BLOCK) {
            int first = start;
            add(Math.min(Sizes.BLOCK, count - start), i -> g.at(first + i), i -> a.at(first + i), i -> b.at(first + i));
            total = total.plus(LaneSum.fold(sums), LaneSum.fold(products));
        }
        return total;
    }

    private void add(int count, Elements g, Elements a, Elements b) {
        Arrays.fill(sums, 0);
        Arrays.fill(products, 0);
        for (int i = 0; i < count; i++) {
            sums[i % LANES] += g.at(i);
            products[i % LANES] = Math.fma(a.at(i), b.at(i), products[i % LANES]);
        }
    }
}
