package io.ketju.report.page;

import java.util.ArrayList;
import java.util.List;

/**
 * One direction of a chart.
 *
 * @param low smallest number that is shown
 * @param high largest, above {@code low}
 * @param from place of {@code low}
 * @param to place of {@code high}
 */
record Scale(double low, double high, double from, double to) {
    private static final double TICKS = 5;

    /** Of numbers, with a little room where they are all one. */
    static Scale of(double least, double most, double from, double to) {
        return most > least
                ? new Scale(least, most, from, to)
                : new Scale(
                        least - Math.max(1e-9, Math.abs(least) / 10),
                        least + Math.max(1e-9, Math.abs(least) / 10),
                        from,
                        to);
    }

    double place(double value) {
        return from + (value - low) / (high - low) * (to - from);
    }

    /** Numbers of few digits at equal distances. */
    List<Double> ticks() {
        double step = step((high - low) / TICKS);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
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
