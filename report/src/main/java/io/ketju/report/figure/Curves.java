package io.ketju.report.figure;

import java.util.List;

/**
 * Numbers over steps or epochs.
 *
 * @param x what is counted below
 * @param lines each with its points, by ascending x; none without points
 */
public record Curves(String name, String title, String x, List<Line> lines) implements Figure {
    public Curves {
        lines = lines.stream().filter(line -> !line.points().isEmpty()).toList();
    }

    /** One line. */
    public record Line(String name, List<Point> points) {
        public Line {
            points = List.copyOf(points);
        }
    }

    /** A number, which is finite. */
    public record Point(double x, double y) {}
}
