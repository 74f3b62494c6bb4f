package io.ketju.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A matrix as coloured cells with names of its rows and columns, and its numbers in the cells where they fit. */
public final class HeatMap implements Picture {
    private static final int TITLE = 42;
    private static final int TOP = 56;
    private static final int MARGIN = 14;
    private static final int WIDEST_NAME = 16;
    private static final int LETTER = 7;
    private static final int LEAST_LETTERS = 3;
    private static final int MOST_NUMBERED = 14;
    private static final int LARGE_CELL = 42;
    private static final int LEAST_CELL = 4;
    private static final int SMALL_SIDE = 420;

    private final String title;
    private final double[][] values;
    private final List<String> rows;
    private final List<String> columns;
    private final double low;
    private final double high;
    private final int cell;

    private HeatMap(String title, double[][] values, List<String> rows, List<String> columns, double low, double high) {
        if (values.length == 0 || values.length != rows.size() || values[0].length != columns.size()) {
            throw new IllegalArgumentException("heat map: expected a name for each row and column of a matrix, found "
                    + rows.size() + " and " + columns.size() + " for " + values.length + " rows");
        }
        this.title = title;
        this.values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
        this.rows = List.copyOf(rows);
        this.columns = List.copyOf(columns);
        this.low = low;
        this.high = high;
        int most = Math.max(values.length, values[0].length);
        cell = most <= MOST_NUMBERED ? LARGE_CELL : Math.max(LEAST_CELL, SMALL_SIDE / most);
    }

    /**
     * {@return a matrix from its smallest number, dark, to its largest, bright}
     *
     * @param title above it
     * @param rows names from top to bottom
     * @param columns names from left to right
     * @param values [rows, columns]; copied
     * @throws IllegalArgumentException if there is no row, or not a name for each row and column
     */
    public static HeatMap of(String title, List<String> rows, List<String> columns, double[][] values) {
        double low = Arrays.stream(values).flatMapToDouble(Arrays::stream).min().orElse(0);
        double high =
                Arrays.stream(values).flatMapToDouble(Arrays::stream).max().orElse(1);
        return new HeatMap(title, values, rows, columns, low, high);
    }

    /**
     * A confusion matrix: rows are what samples are, columns what they were told to be.
     *
     * @param title above it
     * @param classes names in the order of their indexes
     * @param counts how many samples of the row's class were told to be of the column's
     * @return the matrix, from the smallest count, dark, to the largest, bright
     */
    public static HeatMap confusion(String title, List<String> classes, long[][] counts) {
        double[][] values = new double[counts.length][];
        for (int row = 0; row < counts.length; row++) {
            values[row] = Arrays.stream(counts[row]).asDoubleStream().toArray();
        }
        return of(title, classes, classes, values);
    }

    /**
     * {@return names for rows or columns that have none: {@code 0}, {@code 1} and so on}
     *
     * @param count how many
     */
    public static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private int left() {
        return MARGIN + LETTER * Math.min(longest(rows), WIDEST_NAME);
    }

    /** Whether names of columns are wider than a column, and stand upright. */
    private boolean turned() {
        return longest(columns) > Math.max(LEAST_LETTERS, cell / LETTER);
    }

    private int top() {
        return turned() ? Math.max(TOP, TITLE + LETTER * Math.min(longest(columns), WIDEST_NAME)) : TOP;
    }

    private static int longest(List<String> names) {
        return names.stream().mapToInt(String::length).max().orElse(0);
    }

    @Override
    public int width() {
        return Math.max(left() + cell * columns.size() + MARGIN, title.length() * 8 + 2 * MARGIN);
    }

    @Override
    public int height() {
        return top() + cell * rows.size() + MARGIN;
    }

    @Override
    public void paint(Graphics2D graphics) {
        Text.draw(graphics, Text.BOLD, title, MARGIN, 22);
        new Cells(left(), top(), cell, rows.size(), columns.size())
                .paint(graphics, (row, column) -> Colours.sequential(share(values[row][column])));
        for (int row : shown(rows.size())) {
            int base = top() + row * cell + cell / 2 + 4;
            Text.endingAt(graphics, Text.PLAIN, cut(rows.get(row), WIDEST_NAME), left() - 5, base);
        }
        for (int column : shown(columns.size())) {
            int middle = left() + column * cell + cell / 2;
            if (turned()) {
                Text.upwards(graphics, Text.PLAIN, cut(columns.get(column), WIDEST_NAME), middle + 4, top() - 6);
            } else {
                Text.centred(graphics, Text.PLAIN, columns.get(column), middle, top() - 6);
            }
        }
        if (cell == LARGE_CELL) {
            paintNumbers(graphics);
        }
    }

    private void paintNumbers(Graphics2D graphics) {
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                String text = Text.of(values[row][column]);
                int middle = left() + column * cell + cell / 2;
                int start = middle - Text.width(graphics, Text.PLAIN, text) / 2;
                Color colour = share(values[row][column]) > 0.55 ? Color.BLACK : Color.WHITE;
                Text.draw(graphics, Text.PLAIN, colour, text, start, top() + row * cell + cell / 2 + 4);
            }
        }
    }

    /** All names where there is room for them, otherwise every so many. */
    private List<Integer> shown(int count) {
        int every = Math.max(1, (int) Math.ceil(14.0 / cell));
        List<Integer> shown = new ArrayList<>();
        for (int i = 0; i < count; i += every) {
            shown.add(i);
        }
        return shown;
    }

    private double share(double value) {
        return high > low ? (value - low) / (high - low) : 0;
    }

    private static String cut(String name, int most) {
        return name.length() <= most ? name : name.substring(0, most - 1) + "…";
    }
}
