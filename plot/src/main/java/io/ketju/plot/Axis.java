package io.ketju.plot;

import java.util.ArrayList;
import java.util.List;

/**
 * From where to where one coordinate goes.
 *
 * @param low the smallest number, finite
 * @param high the largest, larger than {@code low}
 */
public record Axis(double low, double high) {
    private static final double MOST_TICKS = 6;

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException unless both are finite and {@code low} is below {@code high}
     */
    public Axis {
        if (!Double.isFinite(low) || !Double.isFinite(high) || high <= low) {
            throw new IllegalArgumentException("axis: expected low < high, both finite, found " + low + " and " + high);
        }
    }

    /** Where a number lies between the ends: 0 at {@code low}, 1 at {@code high}. */
    double share(double value) {
        return (value - low) / (high - low);
    }

    /** Numbers with few digits at equal distances, at most seven. */
    List<Double> ticks() {
        double step = step((high - low) / MOST_TICKS);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step); i * step <= high + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double digit : new double[] {1, 2, 5}) {
            if (digit * power >= least) {
                return digit * power;
            }
        }
        return 10 * power;
    }
}
