package io.ketju.report.figure;

import java.util.List;

/**
 * Numbers over steps or epochs.
 *
 * @param name of a file of it, without an ending
 * @param title what stands above it
 * @param x what is counted below
 * @param lines each with its points, by ascending x; none without points
 */
public record Curves(String name, String title, String x, List<Line> lines) implements Figure {
    /** Leaves out lines without points. */
    public Curves {
        lines = lines.stream().filter(line -> !line.points().isEmpty()).toList();
    }

    /**
     * One line.
     *
     * @param name what it shows
     * @param points by ascending x
     */
    public record Line(String name, List<Point> points) {
        /** Copies the list. */
        public Line {
            points = List.copyOf(points);
        }
    }

    /**
     * A number.
     *
     * @param x step or epoch
     * @param y finite
     */
    public record Point(double x, double y) {}
}
