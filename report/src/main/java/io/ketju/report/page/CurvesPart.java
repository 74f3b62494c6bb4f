package io.ketju.report.page;

import io.ketju.report.figure.Curves;
import io.ketju.report.figure.Curves.Point;
import io.ketju.report.gather.RunNumbers;
import io.ketju.report.gather.RunPictures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The numbers of the run: drawn, and as a table. */
final class CurvesPart {
    private CurvesPart() {}

    static void write(Markup html, RunPictures run) {
        if (run.curves().isEmpty()) {
            html.leaf("p", "No step was taken yet.");
            return;
        }
        html.open("div", "class", "charts");
        for (Curves curves : run.curves()) {
            ChartPart.write(html, curves);
        }
        html.close();
        Map<String, List<Point>> test = run.numbers().phases().getOrDefault(RunNumbers.TEST, Map.of());
        Map<String, List<Point>> train = run.numbers().phases().getOrDefault(RunNumbers.TRAIN, Map.of());
        if (!train.isEmpty()) {
            html.open("details").leaf("summary", "The numbers of epochs");
            table(html, train, test);
            html.close();
        }
    }

    private static void table(Markup html, Map<String, List<Point>> train, Map<String, List<Point>> test) {
        List<String> headings = new ArrayList<>(List.of("epoch"));
        List<List<Point>> columns = new ArrayList<>();
        train.forEach((name, points) -> {
            headings.add("train " + name);
            columns.add(points);
        });
        test.forEach((name, points) -> {
            headings.add("test " + name);
            columns.add(points);
        });
        int longest = columns.stream().mapToInt(List::size).max().orElse(0);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < longest; i++) {
            List<String> row = new ArrayList<>();
            row.add(Numbers.of(columns.getFirst()
                    .get(Math.min(i, columns.getFirst().size() - 1))
                    .x()));
            for (List<Point> column : columns) {
                row.add(i < column.size() ? Numbers.of(column.get(i).y()) : "");
            }
            rows.add(row);
        }
        Rows.write(html, "Means over the samples of an epoch", headings, rows);
    }
}
