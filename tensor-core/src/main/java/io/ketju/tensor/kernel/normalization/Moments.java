package io.ketju.tensor.kernel.normalization;

import java.util.Arrays;

/**
 * Mean and sum of squared deviations of blocks of elements, merged one after the other in double (Chan, Golub and
 * LeVeque, "Algorithms for computing the sample variance", 1983). What it is given are float sums of deviations from a
 * pivot close to the mean of the block, so that nothing cancels however large the mean.
 */
final class Moments {
    private double count;
    private double mean;
    private double squares;

    static Moments[] create(int count) {
        Moments[] all = new Moments[count];
        Arrays.setAll(all, i -> new Moments());
        return all;
    }

    Moments clear() {
        count = 0;
        mean = 0;
        squares = 0;
        return this;
    }

    /** A block of n elements, by the sums of {@code x - pivot} and of its squares. */
    void add(int n, float pivot, float sum, float squaresFromPivot) {
        double shift = (double) sum / n;
        merge(n, pivot + shift, Math.max(0, squaresFromPivot - sum * shift));
    }

    void merge(Moments other) {
        merge(other.count, other.mean, other.squares);
    }

    /** n elements by their mean and the sum of their squared deviations from it. */
    void merge(double n, double otherMean, double otherSquares) {
        if (count == 0) {
            count = n;
            mean = otherMean;
            squares = otherSquares;
        } else {
            double total = count + n;
            double delta = otherMean - mean;
            mean += delta * (n / total);
            squares += otherSquares + delta * delta * (count * (n / total));
            count = total;
        }
    }

    float mean() {
        return (float) mean;
    }

    /** The biased variance: the mean of the squared deviations. */
    float variance() {
        return (float) (squares / count);
    }

    /** The mean before it is rounded. */
    double exactMean() {
        return mean;
    }

    /** The sum of the squared deviations over one less than the number of elements. */
    double unbiasedVariance() {
        return squares / (count - 1);
    }
}
