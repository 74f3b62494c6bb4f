package io.ketju.deploy.display;

import io.ketju.actors.job.Measured;
import io.ketju.layers.loss.ConfusionMatrix;
import io.ketju.records.text.Units;
import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which classes were told for which, as people read it: a table where the terminal is wide enough, otherwise the mistakes that
 * were made most.
 */
public final class ConfusionText {
    /** Mistakes that are listed of a table that is too wide. */
    private static final int LISTED = 10;

    /** A heading of more letters would make columns too wide. */
    private static final int LONGEST_HEADING = 6;

    private record Mistake(int real, int told, long count) {}

    private final ConfusionMatrix table;
    private final List<String> names;

    private ConfusionText(ConfusionMatrix table, List<String> names) {
        this.table = table;
        this.names = names;
    }

    /**
     * All tables of what was measured, each behind an empty line; nothing where there is none.
     *
     * @param classNames in the order of the classes; none if they have no names
     */
    public static List<String> lines(Measured measured, List<String> classNames, Terminal terminal) {
        List<String> lines = new ArrayList<>();
        measured.tables().forEach((name, table) -> {
            List<String> names = classNames.size() == table.classes()
                    ? classNames.stream().map(Excerpt::of).toList()
                    : IntStream.range(0, table.classes())
                            .mapToObj(Integer::toString)
                            .toList();
            lines.add("");
            lines.addAll(new ConfusionText(table, names).lines(name, terminal));
        });
        return lines;
    }

    private List<String> lines(String name, Terminal terminal) {
        List<String> rows = table(terminal);
        List<String> lines = new ArrayList<>();
        if (rows.stream().allMatch(row -> row.length() <= terminal.columns()) && rows.size() == table.classes() + 2) {
            lines.add(name + ": a row for each true class, a column for each that was told");
            lines.addAll(rows);
            return lines;
        }
        List<Mistake> mistakes = mistakes();
        lines.add(name + " of " + table.classes() + " classes"
                + (mistakes.isEmpty() ? ": no mistakes" : ", the mistakes that were made most"));
        for (Mistake mistake : mistakes) {
            lines.add("  " + names.get(mistake.real()) + " told to be " + names.get(mistake.told()) + ": "
                    + Units.count(mistake.count()) + " of " + Units.count(table.real(mistake.real())));
        }
        return lines;
    }

    private List<String> table(Terminal terminal) {
        List<List<String>> rows = new ArrayList<>();
        Stream<String> headings = IntStream.range(0, table.classes())
                .mapToObj(told -> names.get(told).length() <= LONGEST_HEADING ? names.get(told) : "" + told);
        rows.add(Stream.of(Stream.of("true"), headings, Stream.of("right"))
                .flatMap(each -> each)
                .toList());
        for (int real = 0; real < table.classes(); real++) {
            int row = real;
            String index = names.get(real).length() <= LONGEST_HEADING ? "" : row + " ";
            Stream<String> counts = IntStream.range(0, table.classes()).mapToObj(told -> "" + table.count(row, told));
            String right = table.real(row) == 0 ? "-" : Units.percent((double) table.count(row, row) / table.real(row));
            rows.add(Stream.of(Stream.of(index + names.get(real)), counts, Stream.of(right))
                    .flatMap(each -> each)
                    .toList());
        }
        return new Table(rows).lines(terminal.columns(), 0, terminal.unicode());
    }

    private List<Mistake> mistakes() {
        return IntStream.range(0, table.classes() * table.classes())
                .mapToObj(i -> new Mistake(
                        i / table.classes(), i % table.classes(), table.counts().get(i)))
                .filter(mistake -> mistake.real() != mistake.told() && mistake.count() > 0)
                .sorted(Comparator.comparingLong((Mistake mistake) -> -mistake.count()))
                .limit(LISTED)
                .toList();
    }
}
