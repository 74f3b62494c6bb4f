package io.ketju.pipeline.stage;

import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * How many values of a tensor lie where, in bins that are the same for all tensors: four of equal width between each power of two and the
 * next, for either sign, and one for 0 with the smallest numbers that a float32 holds. So the counts alone say all, they
 * do not depend on any order, and counts of parts add up. Bin n ≥ 1 holds the numbers whose first bits, sign apart, are n: from
 * {@link #lower} to below {@link #upper}; bin -n holds their negatives.
 *
 * @param bins those with values, ascending
 * @param counts of each of them, at least 1
 */
public record ValueHistogram(List<Integer> bins, List<Long> counts) {
    /** The last bin of finite numbers. */
    public static final int LAST = (255 << 2) - 1;

    /** Bits of a float32 behind those that name its bin: exponent and the first two of the fraction. */
    private static final int REST = 21;

    private static final int MAGNITUDE = 0x3ff;

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException unless bins rise, each with a count
     */
    public ValueHistogram {
        bins = List.copyOf(bins);
        counts = List.copyOf(counts);
        if (bins.size() != counts.size()) {
            throw new IllegalArgumentException(counts.size() + " counts of " + bins.size() + " bins");
        }
        for (int i = 0; i < bins.size(); i++) {
            if (Math.abs(bins.get(i)) > LAST || counts.get(i) < 1 || (i > 0 && bins.get(i) <= bins.get(i - 1))) {
                throw new IllegalArgumentException("expected bins up to " + LAST
                        + " that rise, each with a count of at least 1, found " + counts.get(i) + " in bin "
                        + bins.get(i));
            }
        }
    }

    /** Counts the values of tensors one after the other. Not thread-safe. */
    static final class Counter {
        private final long[] counts = new long[2 * LAST + 1];
        private long total;

        /** All values, which must be finite. */
        void add(Tensor tensor) {
            int elements = tensor.elements();
            for (int i = 0; i < elements; i++) {
                counts[LAST + bin(tensor.getFloat(i))]++;
            }
            total += elements;
        }

        /** What has been counted, with zeros up to so many values in all; begins anew. */
        ValueHistogram take(long values) {
            counts[LAST] += Math.max(0, values - total);
            List<Integer> bins = new ArrayList<>();
            List<Long> found = new ArrayList<>();
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] > 0) {
                    bins.add(i - LAST);
                    found.add(counts[i]);
                    counts[i] = 0;
                }
            }
            total = 0;
            return new ValueHistogram(bins, found);
        }
    }

    /**
     * {@return the histogram of all values of a tensor}
     *
     * @param tensor of finite float32
     * @throws IllegalArgumentException if one is not finite
     */
    public static ValueHistogram of(Tensor tensor) {
        Counter counter = new Counter();
        counter.add(tensor);
        return counter.take(tensor.elements());
    }

    /**
     * {@return the bin of a number}
     *
     * @param value a finite one
     * @throws IllegalArgumentException if it is not finite
     */
    public static int bin(float value) {
        int bits = Float.floatToRawIntBits(value);
        int magnitude = (bits >>> REST) & MAGNITUDE;
        if (magnitude > LAST) {
            throw new IllegalArgumentException("expected a finite number, found " + value);
        }
        return bits < 0 ? -magnitude : magnitude;
    }

    /**
     * {@return the least number of a bin; of one with negative numbers they are above it}
     *
     * @param bin from -{@link #LAST} to {@link #LAST}
     */
    public static double lower(int bin) {
        return bin > 0 ? edge(bin) : -edge(-bin + 1);
    }

    /**
     * {@return the number that those of a bin are below; of one with negative numbers its largest}
     *
     * @param bin from -{@link #LAST} to {@link #LAST}
     */
    public static double upper(int bin) {
        return bin < 0 ? -edge(-bin) : edge(bin + 1);
    }

    /** The last bin ends with 2^128. */
    private static double edge(int magnitude) {
        return magnitude > LAST ? 0x1p128 : Float.intBitsToFloat(magnitude << REST);
    }

    /** {@return how many values there are} */
    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
