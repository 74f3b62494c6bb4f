package io.ketju.data.table;

import io.ketju.data.BadDataException;
import io.ketju.data.table.TableRules.Missing;
import io.ketju.data.table.TableRules.Scaling;
import io.ketju.tensor.Excerpt;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Finds out how a column of a table becomes numbers: by what it is declared to be, or by its fields.
 *
 * @param measured rows that numbers are measured over: those that are learnt from
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ColumnReading(Table table, TableRules rules, int[] measured) {
    /**
     * Numbers if all fields are, words if at most half of them are numbers. Throws {@link BadDataException} if it is neither.
     *
     * @param mayMiss whether missing fields are filled, if the rules say so
     */
    TableColumn of(int column, boolean mayMiss) {
        String name = table.heading().get(column);
        boolean fills = mayMiss && rules.missing() == Missing.FILL;
        List<Table.Row> present = RowStore.where(table.rows(), row -> !fills || !table.isMissing(row, column));
        if (present.isEmpty()) {
            throw BadDataException.of(place(name), "a value in some row", "none");
        }
        if (rules.numbers().contains(name)) {
            requireNumbers(present, column);
            return numbers(column, fills);
        }
        if (!rules.words().contains(name)) {
            if (present.stream().allMatch(row -> TableColumn.isNumber(table.field(row, column)))) {
                return numbers(column, fills);
            }
            requireFinite(present, column);
            requireWords(present, column);
        }
        TreeSet<String> words = new TreeSet<>();
        present.forEach(row -> words.add(table.field(row, column)));
        if (words.size() > TableColumn.MOST_WORDS) {
            throw BadDataException.of(
                    place(name),
                    "numbers, or at most " + TableColumn.MOST_WORDS + " different words",
                    words.size() + " different ones; choose the columns by features");
        }
        return new TableColumn.Words(name, List.copyOf(words), fills);
    }

    private String place(String column) {
        return table.source() + ", column '" + Excerpt.of(column) + "'";
    }

    private void requireNumbers(List<Table.Row> rows, int column) {
        for (Table.Row row : rows) {
            String field = table.field(row, column);
            if (!TableColumn.isNumber(field)) {
                throw BadDataException.atLine(
                        table.source(),
                        row.line(),
                        "a number as '" + Excerpt.of(table.heading().get(column))
                                + "', which is declared to have numbers",
                        "'" + Excerpt.of(field) + "'");
            }
        }
    }

    /** What other programs write where a number is missing is no word, if all else are numbers. */
    private void requireFinite(List<Table.Row> rows, int column) {
        Predicate<Table.Row> number = row -> TableColumn.isNumber(table.field(row, column));
        Predicate<Table.Row> none = row -> table.field(row, column).matches("(?i)[+-]?(nan|inf(inity)?)");
        if (rows.stream().anyMatch(number) && rows.stream().allMatch(number.or(none))) {
            Table.Row first = rows.stream().filter(none).findFirst().orElseThrow();
            throw BadDataException.atLine(
                    table.source(),
                    first.line(),
                    "a finite number as '" + Excerpt.of(table.heading().get(column)) + "'",
                    table.field(first, column) + "; fill it in or take the row out");
        }
    }

    /** A word in a column that is mostly numbers is a slip of the pen: taken for a word, it would make all numbers words. */
    private void requireWords(List<Table.Row> rows, int column) {
        List<Table.Row> words = RowStore.where(rows, row -> !TableColumn.isNumber(table.field(row, column)));
        if (2 * words.size() < rows.size()) {
            Table.Row first = words.getFirst();
            throw BadDataException.atLine(
                    table.source(),
                    first.line(),
                    "a number as '" + Excerpt.of(table.heading().get(column)) + "', as in most of the rows",
                    "'" + Excerpt.of(table.field(first, column))
                            + "'; correct it or take the row out; where numbers are names, write all of them as words");
        }
    }

    private TableColumn.Numbers numbers(int column, boolean fills) {
        String name = table.heading().get(column);
        double[] values = Arrays.stream(measured)
                .mapToObj(row -> table.rows().get(row))
                .filter(row -> !fills || !table.isMissing(row, column))
                .mapToDouble(row -> TableColumn.number(table.field(row, column)))
                .toArray();
        if (values.length == 0) {
            throw BadDataException.of(place(name), "a value in some row that is learnt from", "none");
        }
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        double mean = sum / values.length;
        double offset = offset(values, mean);
        double scale = scale(values, mean);
        return new TableColumn.Numbers(
                name, offset, scale > 0 ? scale : 1, fills ? OptionalDouble.of(mean) : OptionalDouble.empty());
    }

    private double offset(double[] values, double mean) {
        return switch (rules.scaling()) {
            case STANDARD, CENTER -> mean;
            case MINMAX -> Arrays.stream(values).min().orElse(0);
            case NONE -> 0;
        };
    }

    private double scale(double[] values, double mean) {
        if (rules.scaling() == Scaling.MINMAX) {
            return Arrays.stream(values).max().orElse(1) - offset(values, mean);
        }
        if (rules.scaling() != Scaling.STANDARD) {
            return 1;
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / values.length);
    }
}
