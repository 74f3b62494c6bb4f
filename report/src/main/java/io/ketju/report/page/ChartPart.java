package io.ketju.report.page;

import io.ketju.report.figure.Curves;
import io.ketju.report.figure.Curves.Line;
import io.ketju.report.figure.Curves.Point;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Curves as a drawing in the page. The script of the page finds the numbers beside it, and shows those under the pointer, or under a
 * cursor that arrow keys move.
 */
final class ChartPart {
    private static final double WIDTH = 420;
    private static final double HEIGHT = 240;
    private static final double LEFT = 52;
    private static final double RIGHT = 410;
    private static final double TOP = 12;
    private static final double BOTTOM = 206;

    private final Markup html;
    private final Curves curves;
    private final Scale x;
    private final Scale y;

    private ChartPart(Markup html, Curves curves) {
        this.html = html;
        this.curves = curves;
        List<Point> all =
                curves.lines().stream().flatMap(line -> line.points().stream()).toList();
        x = Scale.of(
                all.stream().mapToDouble(Point::x).min().orElse(0),
                all.stream().mapToDouble(Point::x).max().orElse(1),
                LEFT,
                RIGHT);
        double least = all.stream().mapToDouble(Point::y).min().orElse(0);
        double most = all.stream().mapToDouble(Point::y).max().orElse(1);
        double room = (most - least) * 0.04;
        y = Scale.of(least - room, most + room, BOTTOM, TOP);
    }

    static void write(Markup html, Curves curves) {
        new ChartPart(html, curves).write();
    }

    private void write() {
        html.open("figure", "class", "chart", "id", "chart-" + curves.name());
        html.leaf("figcaption", curves.title());
        html.open(
                "div",
                "class",
                "plot",
                "tabindex",
                "0",
                "role",
                "group",
                "aria-label",
                label(),
                "data-lines",
                numbers());
        html.open("svg", "viewBox", "0 0 " + (int) WIDTH + " " + (int) HEIGHT, "role", "img", "aria-label", label());
        axes();
        for (int i = 0; i < curves.lines().size(); i++) {
            line(curves.lines().get(i), i);
        }
        html.empty("line", "class", "cursor", "x1", "-9", "x2", "-9", "y1", "" + (int) TOP, "y2", "" + (int) BOTTOM);
        html.close().close();
        html.open("p", "class", "legend");
        for (int i = 0; i < curves.lines().size(); i++) {
            html.open("span", "class", "key c" + i)
                    .close()
                    .text(curves.lines().get(i).name() + " ");
        }
        html.leaf("output", "", "aria-live", "polite");
        html.close().close();
    }

    /** What somebody hears who does not see it: where each line begins and ends. */
    private String label() {
        return curves.title() + " by " + curves.x() + ": "
                + curves.lines().stream()
                        .map(line -> line.name() + " from "
                                + Numbers.of(line.points().getFirst().y()) + " to "
                                + Numbers.of(line.points().getLast().y()))
                        .collect(Collectors.joining(", "))
                + "; arrow keys show numbers";
    }

    /** For the script: place and numbers of each point, line by line. */
    private String numbers() {
        StringBuilder json = new StringBuilder("[");
        for (Line line : curves.lines()) {
            json.append(json.length() == 1 ? "[" : ",[");
            String separator = "";
            for (Point point : line.points()) {
                json.append(separator)
                        .append('[')
                        .append(Numbers.place(x.place(point.x())))
                        .append(",\"")
                        .append(Numbers.of(point.x()))
                        .append("\",\"")
                        .append(Numbers.of(point.y()))
                        .append("\"]");
                separator = ",";
            }
            json.append(']');
        }
        return json.append(']').toString();
    }

    private void axes() {
        for (double tick : y.ticks()) {
            String at = Numbers.place(y.place(tick));
            html.empty("line", "class", "grid", "x1", "" + (int) LEFT, "x2", "" + (int) RIGHT, "y1", at, "y2", at);
            html.leaf(
                    "text",
                    Numbers.of(tick),
                    "x",
                    "" + (int) (LEFT - 5),
                    "y",
                    Numbers.place(y.place(tick) + 4),
                    "text-anchor",
                    "end");
        }
        for (double tick : x.ticks()) {
            html.leaf(
                    "text",
                    Numbers.of(tick),
                    "x",
                    Numbers.place(x.place(tick)),
                    "y",
                    "" + (int) (BOTTOM + 15),
                    "text-anchor",
                    "middle");
        }
        html.leaf(
                "text",
                curves.x(),
                "x",
                Numbers.place((LEFT + RIGHT) / 2),
                "y",
                "" + (int) (HEIGHT - 4),
                "text-anchor",
                "middle");
    }

    private void line(Line line, int index) {
        StringBuilder path = new StringBuilder();
        for (Point point : line.points()) {
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(Numbers.place(x.place(point.x())))
                    .append(' ')
                    .append(Numbers.place(y.place(point.y())));
        }
        html.empty("path", "class", "line c" + index, "d", path.toString());
        if (line.points().size() == 1) {
            Point only = line.points().getFirst();
            html.empty(
                    "circle",
                    "class",
                    "c" + index,
                    "cx",
                    Numbers.place(x.place(only.x())),
                    "cy",
                    Numbers.place(y.place(only.y())),
                    "r",
                    "3");
        }
    }
}
