package io.ketju.deploy.display;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Rows of text in columns: the first row is the heading, with a rule under it. Numbers line up on the right.
 *
 * @param rows all equally long
 */
public record Table(List<List<String>> rows) {
    private static final String GAP = "  ";

    private static final Pattern NUMBER = Pattern.compile("(-?\\d[\\d.,:]*(e[-+]\\d+)?|-?inf|-)( .*)?");

    /** A column of text that is narrower is not read but spelt. */
    private static final int SHORTEST_TEXT = 16;

    public Table {
        rows = rows.stream().map(List::copyOf).toList();
    }

    /**
     * The lines, none wider than {@code columns} if that can be had by wrapping the one column that holds text. Where
     * even that is too wide every row becomes some lines, one for each of its fields.
     *
     * @param wrapped index of the column to wrap, at commas and blanks
     */
    public List<String> lines(int columns, int wrapped, boolean unicode) {
        int[] widths = widths();
        int others = 0;
        for (int column = 0; column < widths.length; column++) {
            others += column == wrapped ? 0 : widths[column] + GAP.length();
        }
        if (narrowest(wrapped) > columns) {
            return fields(columns);
        }
        widths[wrapped] = Math.min(widths[wrapped], columns - others);
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            addRow(lines, rows.get(row), widths, wrapped);
            if (row == 0) {
                int width = GAP.length() * (widths.length - 1);
                for (int each : widths) {
                    width += each;
                }
                lines.add((unicode ? "─" : "-").repeat(width));
            }
        }
        return lines;
    }

    /** How many columns of the terminal it takes if the one column that holds text is wrapped as far as it may be. */
    int narrowest(int wrapped) {
        int[] widths = widths();
        int width = GAP.length() * (widths.length - 1);
        for (int column = 0; column < widths.length; column++) {
            width += column == wrapped ? Math.min(widths[column], SHORTEST_TEXT) : widths[column];
        }
        return width;
    }

    /** {@code stage 0}, and under it {@code   memory  2.4 MiB} and so on. */
    private List<String> fields(int columns) {
        List<String> heading = rows.getFirst();
        int width = heading.stream().mapToInt(String::length).max().orElse(0) + 2 * GAP.length();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            lines.add(heading.getFirst() + " " + row.getFirst());
            for (int column = 1; column < row.size(); column++) {
                String name = GAP + heading.get(column);
                lines.addAll(
                        Wrapping.lines(name + " ".repeat(width - name.length()) + row.get(column), columns, width));
            }
        }
        return lines;
    }

    private void addRow(List<String> lines, List<String> row, int[] widths, int wrapped) {
        List<String> parts = wrap(row.get(wrapped), widths[wrapped]);
        for (int part = 0; part < parts.size(); part++) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String cell = column == wrapped ? parts.get(part) : part == 0 ? row.get(column) : "";
                String space = " ".repeat(Math.max(0, widths[column] - cell.length()));
                line.append(column == 0 ? "" : GAP).append(isNumber(column) ? space + cell : cell + space);
            }
            lines.add(line.toString().stripTrailing());
        }
    }

    /** Of numbers, a column has a number, perhaps with a unit, or a dash in every row but the heading. */
    private boolean isNumber(int column) {
        return rows.stream()
                .skip(1)
                .allMatch(row -> NUMBER.matcher(row.get(column)).matches());
    }

    private int[] widths() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    /** Breaks after blanks; a word that is too long for a line stays whole. */
    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
