package io.ketju.layers.loss;

import java.util.Arrays;
import java.util.List;

/**
 * A label with its score as one whole number that a double holds exactly. In the order of the numbers come the labels of
 * one column, of these those of smaller scores, and of equal scores the false ones before the true ones.
 *
 * <pre>
 * column (19 bits) | order of the float32 score (32 bits) | 1 if true
 * </pre>
 */
final class RankedLabel {
    private static final double SCORES = 0x1p32;

    private RankedLabel() {}

    /** The number; both zeros count as the same score. */
    static double of(int column, float score, boolean holds) {
        int bits = Float.floatToIntBits(score + 0f);
        // Negative floats grow with their bits the other way round.
        int ordered = bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE;
        return (column * SCORES + Integer.toUnsignedLong(ordered)) * 2 + (holds ? 1 : 0);
    }

    /**
     * Area under the receiver operating characteristic: the share of the pairs of a true and a false label in which the true
     * one has the larger score, ties counting half (Hanley and McNeil 1982); of each column by itself, then the mean. Columns
     * whose labels are all true or all false have none and are left out; NaN if that leaves nothing.
     */
    static double area(List<Double> numbers) {
        double[] sorted = new double[numbers.size()];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = numbers.get(i);
        }
        Arrays.sort(sorted);
        double areas = 0;
        int columns = 0;
        for (int from = 0; from < sorted.length; ) {
            long column = column(sorted[from]);
            int to = from;
            while (to < sorted.length && column(sorted[to]) == column) {
                to++;
            }
            double area = area(sorted, from, to);
            if (!Double.isNaN(area)) {
                areas += area;
                columns++;
            }
            from = to;
        }
        return columns == 0 ? Double.NaN : areas / columns;
    }

    /** Counts pairs twice, so that halves are whole: the counts are exact, and the order of the samples cannot matter. */
    private static double area(double[] sorted, int from, int to) {
        long trueOnes = 0;
        long falseOnes = 0;
        long pairs = 0;
        for (int i = from; i < to; ) {
            long score = (long) sorted[i] >> 1;
            long trueHere = 0;
            long falseHere = 0;
            for (; i < to && (long) sorted[i] >> 1 == score; i++) {
                boolean holds = ((long) sorted[i] & 1) == 1;
                trueHere += holds ? 1 : 0;
                falseHere += holds ? 0 : 1;
            }
            pairs += trueHere * (2 * falseOnes + falseHere);
            trueOnes += trueHere;
            falseOnes += falseHere;
        }
        return trueOnes == 0 || falseOnes == 0 ? Double.NaN : pairs / (2.0 * trueOnes * falseOnes);
    }

    private static long column(double number) {
        return (long) number >> 33;
    }
}
