package io.ketju.pipeline.trace;

import java.util.Arrays;

/** Durations that are counted, added up and put in order. */
final class Durations {
    private long[] nanos = new long[16];
    private int count;
    private long total;

    void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
        total += duration;
    }

    int count() {
        return count;
    }

    long total() {
        return total;
    }

    /** The least that a share of all, above 0 to 1, does not exceed; 0 if there are none. */
    long quantile(double share) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return count == 0 ? 0 : sorted[Math.max(0, (int) Math.ceil(share * count) - 1)];
    }

    long median() {
        return quantile(0.5);
    }
}
