package io.ketju.web;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of numbers that come one after the other, however many, in bounded memory: each that is kept is the mean of equally many, twice
 * as many whenever there are too many. Not thread-safe.
 */
final class ThinnedRows {
    private final int most;
    private final List<double[]> kept = new ArrayList<>();
    private int generation;
    private int ofEach = 1;
    private int waiting;
    private double[] sum = new double[0];

    /** @param most rows that are kept, even */
    ThinnedRows(int most) {
        this.most = most;
    }

    /** What a reader has seen: how often rows were thinned, and how many there were. */
    record Position(int generation, int count) {
        static final Position NONE = new Position(-1, 0);
    }

    void add(double... row) {
        sum = waiting == 0 ? row.clone() : plus(sum, row);
        if (++waiting < ofEach) {
            return;
        }
        kept.add(divided(sum, waiting));
        waiting = 0;
        if (kept.size() == most) {
            for (int i = 0; i < most / 2; i++) {
                kept.set(i, divided(plus(kept.get(2 * i), kept.get(2 * i + 1)), 2));
            }
            kept.subList(most / 2, most).clear();
            ofEach *= 2;
            generation++;
        }
    }

    private static double[] plus(double[] a, double[] b) {
        double[] both = new double[a.length];
        for (int i = 0; i < both.length; i++) {
            both[i] = a[i] + b[i];
        }
        return both;
    }

    private static double[] divided(double[] row, int by) {
        double[] mean = new double[row.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = row[i] / by;
        }
        return mean;
    }

    Position position() {
        return new Position(generation, kept.size());
    }

    /** From where a reader goes on: 0 where all rows are others by now. */
    int from(Position seen) {
        return seen.generation() == generation ? seen.count() : 0;
    }

    /** Rows from one on; nobody changes them any more. */
    List<double[]> rows(int from) {
        return List.copyOf(kept.subList(from, kept.size()));
    }
}
