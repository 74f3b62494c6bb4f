package io.ketju.report.gather;

import io.ketju.report.figure.Curves.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * Points that come one after the other, however many, in bounded memory: each that is kept is the mean of equally many, twice as
 * many whenever there are too many. What is not finite is left out.
 */
final class ThinnedLine {
    private static final int MOST = 600;

    private final List<Point> kept = new ArrayList<>();
    private int ofEach = 1;
    private int waiting;
    private double sumX;
    private double sumY;

    void add(double x, double y) {
        if (!Double.isFinite(y)) {
            return;
        }
        sumX += x;
        sumY += y;
        if (++waiting == ofEach) {
            kept.add(new Point(sumX / waiting, sumY / waiting));
            waiting = 0;
            sumX = 0;
            sumY = 0;
        }
        if (kept.size() == 2 * MOST) {
            halve();
        }
    }

    private void halve() {
        for (int i = 0; i < MOST; i++) {
            Point first = kept.get(2 * i);
            Point second = kept.get(2 * i + 1);
            kept.set(i, new Point((first.x() + second.x()) / 2, (first.y() + second.y()) / 2));
        }
        kept.subList(MOST, kept.size()).clear();
        ofEach *= 2;
    }

    /** What there is so far, the last of them of fewer. */
    List<Point> points() {
        List<Point> points = new ArrayList<>(kept);
        if (waiting > 0) {
            points.add(new Point(sumX / waiting, sumY / waiting));
        }
        return points;
    }
}
