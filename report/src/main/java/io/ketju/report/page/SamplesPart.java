package io.ketju.report.page;

import io.ketju.layers.loss.ConfusionMatrix;
import io.ketju.records.text.Units;
import io.ketju.report.figure.Confusion;
import io.ketju.report.gather.RunPictures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** What the model says of the test samples. */
final class SamplesPart {
    /** A table of more classes is not read. */
    private static final int MOST_CLASSES = 30;

    private static final int MISTAKES = 20;

    private SamplesPart() {}

    static void write(Markup html, RunPictures run) {
        run.confusion().ifPresent(confusion -> confusion(html, confusion));
        run.worst().ifPresent(images -> TilesPart.write(html, images));
        run.table().ifPresent(table -> {
            html.leaf("h3", "What it is most wrong about").leaf("p", table.note());
            Rows.write(html, "Samples, the worst first", table.headings(), table.rows());
        });
        if (run.confusion().isEmpty() && run.worst().isEmpty() && run.table().isEmpty()) {
            html.leaf("p", "Samples of this job cannot be looked at one by one.");
        }
    }

    private static void confusion(Markup html, Confusion confusion) {
        html.leaf("h3", confusion.title());
        ConfusionMatrix counts = confusion.counts();
        long right = IntStream.range(0, counts.classes())
                .mapToLong(k -> counts.count(k, k))
                .sum();
        html.leaf(
                "p",
                Units.count(right) + " of " + Units.count(counts.total())
                        + " test samples are told right. A row for each true class, a column for each that was told.");
        if (counts.classes() > MOST_CLASSES) {
            mistakes(html, confusion);
            return;
        }
        html.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", confusion.title());
        html.open("table", "class", "confusion").open("thead").open("tr").leaf("th", "true", "scope", "col");
        confusion.classes().forEach(name -> html.leaf("th", name, "scope", "col"));
        html.leaf("th", "right", "scope", "col").close().close().open("tbody");
        for (int real = 0; real < counts.classes(); real++) {
            row(html, confusion, real);
        }
        html.close().close().close();
    }

    private static void row(Markup html, Confusion confusion, int real) {
        ConfusionMatrix counts = confusion.counts();
        long all = counts.real(real);
        html.open("tr").leaf("th", confusion.classes().get(real), "scope", "row");
        for (int told = 0; told < counts.classes(); told++) {
            long count = counts.count(real, told);
            long share = all == 0 ? 0 : Math.round(100.0 * count / all);
            html.leaf(
                    "td",
                    Long.toString(count),
                    "class",
                    real == told ? "right" : count == 0 ? "none" : "wrong",
                    "style",
                    "--share:" + share + "%",
                    "title",
                    confusion.classes().get(real) + " told to be "
                            + confusion.classes().get(told) + ": " + count + " of " + all);
        }
        html.leaf("td", all == 0 ? "-" : Units.percent((double) counts.count(real, real) / all));
        html.close();
    }

    private record Mistake(int real, int told, long count) {}

    private static void mistakes(Markup html, Confusion confusion) {
        ConfusionMatrix counts = confusion.counts();
        List<Mistake> mistakes = new ArrayList<>();
        for (int real = 0; real < counts.classes(); real++) {
            for (int told = 0; told < counts.classes(); told++) {
                if (real != told && counts.count(real, told) > 0) {
                    mistakes.add(new Mistake(real, told, counts.count(real, told)));
                }
            }
        }
        Rows.write(
                html,
                "The mistakes that were made most",
                List.of("is", "told", "count", "of"),
                mistakes.stream()
                        .sorted(Comparator.comparingLong(Mistake::count).reversed())
                        .limit(MISTAKES)
                        .map(mistake -> List.of(
                                confusion.classes().get(mistake.real()),
                                confusion.classes().get(mistake.told()),
                                Units.count(mistake.count()),
                                Units.count(counts.real(mistake.real()))))
                        .toList());
    }
}
