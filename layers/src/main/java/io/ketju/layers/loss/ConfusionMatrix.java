package io.ketju.layers.loss;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How often which class was told for which, as <a
 * href="https://scikit-learn.org/stable/modules/generated/sklearn.metrics.confusion_matrix.html">sklearn.metrics.confusion_matrix</a>:
 * a row for each true class, a column for each that was told. Immutable.
 *
 * @param classes number of rows and of columns
 * @param counts row by row
 */
public record ConfusionMatrix(int classes, List<Long> counts) {
    /** Throws {@link IllegalArgumentException} if it is not square. */
    public ConfusionMatrix {
        counts = List.copyOf(counts);
        if (classes < 1 || counts.size() != classes * classes) {
            throw new IllegalArgumentException(
                    "expected " + classes + " x " + classes + " counts, found " + counts.size());
        }
    }

    /** Of sums that {@link Metric#measure} gave. */
    static ConfusionMatrix ofSums(List<Double> sums) {
        return new ConfusionMatrix(
                (int) Math.round(Math.sqrt(sums.size())),
                sums.stream().map(Math::round).toList());
    }

    /**
     * How many of a class were told to be of another, or of the same.
     *
     * @param real their class, from 0
     * @param told the class that they were told to be of, from 0
     * @return their number
     * @throws IndexOutOfBoundsException if there is no such class
     */
    public long count(int real, int told) {
        if (real < 0 || real >= classes || told < 0 || told >= classes) {
            throw new IndexOutOfBoundsException("expected classes below " + classes + ", found " + real + ", " + told);
        }
        return counts.get(real * classes + told);
    }

    /**
     * How many are of a class.
     *
     * @param label the class, from 0
     * @return the sum of its row
     */
    public long real(int label) {
        return IntStream.range(0, classes).mapToLong(told -> count(label, told)).sum();
    }

    /**
     * How many were told to be of a class.
     *
     * @param label the class, from 0
     * @return the sum of its column
     */
    public long told(int label) {
        return IntStream.range(0, classes).mapToLong(real -> count(real, label)).sum();
    }

    /** {@return all that were counted} */
    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
