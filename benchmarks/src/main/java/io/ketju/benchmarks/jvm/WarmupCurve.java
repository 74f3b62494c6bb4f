package io.ketju.benchmarks.jvm;

import java.util.ArrayList;
import java.util.List;

/** How a JVM gets faster: rates by the time since its start. */
final class WarmupCurve {
    /** As many turns must stay fast, in the middle, for the first of them to count. */
    private static final int LASTING = 5;

    private record Point(double seconds, double rate) {}

    private final List<Point> points = new ArrayList<>();

    /** One turn that ended so many seconds after the start. */
    void add(double seconds, double rate) {
        points.add(new Point(seconds, rate));
    }

    /** The median rate of the last third of the turns. */
    double steady() {
        return median(points.subList(points.size() - Math.max(1, points.size() / 3), points.size()));
    }

    /** The rate of the first turn. */
    double first() {
        return points.getFirst().rate();
    }

    /**
     * When a turn first reached a share of the steady rate and the turns from it on, in the median, did too; infinite if
     * none did.
     */
    double reached(double share) {
        double wanted = share * steady();
        for (int i = 0; i < points.size(); i++) {
            List<Point> following = points.subList(i, Math.min(i + LASTING, points.size()));
            if (points.get(i).rate() >= wanted && median(following) >= wanted) {
                return points.get(i).seconds();
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    private static double median(List<Point> some) {
        List<Double> sorted = some.stream().map(Point::rate).sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
