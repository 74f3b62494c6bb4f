package io.ketju.data.table;

import io.ketju.data.BadDataException;
import io.ketju.tensor.Excerpt;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/** How one column of a table becomes numbers. */
public sealed interface TableColumn {
    /** Most different words of one column. */
    int MOST_WORDS = 100;

    /** Name in the heading. */
    String name();

    /** How many numbers a field becomes. */
    int width();

    /** Writes what a field becomes from a position on; throws {@link IllegalArgumentException} saying what was expected. */
    void encode(String field, float[] into, int at);

    /** A column of numbers: the mean of the training rows taken off, divided by their standard deviation. */
    record Numbers(String name, double mean, double std) implements TableColumn {
        @Override
        public int width() {
            return 1;
        }

        @Override
        public void encode(String field, float[] into, int at) {
            into[at] = (float) ((number(field) - mean) / std);
        }
    }

    /**
     * A column of words: for each of them 1 where it stands, else 0.
     *
     * @param words sorted
     */
    record Words(String name, List<String> words) implements TableColumn {
        public Words {
            words = List.copyOf(words);
        }

        @Override
        public int width() {
            return words.size();
        }

        @Override
        public void encode(String field, float[] into, int at) {
            into[at + index(field)] = 1;
        }

        int index(String field) {
            int index = words.indexOf(field);
            if (index < 0) {
                throw new IllegalArgumentException("one of " + Excerpt.of(String.join(", ", words)));
            }
            return index;
        }
    }

    /** Numbers if all fields of a table's column are, words if at most half of them are numbers; the numbers are measured over these rows. */
    static TableColumn of(Table table, int column, int[] measured) {
        String name = table.heading().get(column);
        if (table.rows().stream().allMatch(row -> isNumber(table.field(row, column)))) {
            return numbers(table, column, measured);
        }
        requireFinite(table, column);
        requireWords(table, column);
        TreeSet<String> words = new TreeSet<>();
        table.rows().forEach(row -> words.add(table.field(row, column)));
        if (words.size() > MOST_WORDS) {
            throw BadDataException.of(
                    table.source() + ", column '" + Excerpt.of(name) + "'",
                    "numbers, or at most " + MOST_WORDS + " different words",
                    words.size() + " different ones; choose the columns by features");
        }
        return new Words(name, List.copyOf(words));
    }

    /** What other programs write where a number is missing is no word, if all else are numbers. */
    private static void requireFinite(Table table, int column) {
        Predicate<Table.Row> number = row -> isNumber(table.field(row, column));
        Predicate<Table.Row> none = row -> table.field(row, column).matches("(?i)[+-]?(nan|inf(inity)?)");
        if (table.rows().stream().anyMatch(number) && table.rows().stream().allMatch(number.or(none))) {
            Table.Row first = table.rows().stream().filter(none).findFirst().orElseThrow();
            throw BadDataException.atLine(
                    table.source(),
                    first.line(),
                    "a finite number as '" + Excerpt.of(table.heading().get(column)) + "'",
                    table.field(first, column) + "; fill it in or take the row out");
        }
    }

    /** A word in a column that is mostly numbers is a slip of the pen: taken for a word, it would make all numbers words. */
    private static void requireWords(Table table, int column) {
        List<Table.Row> words = table.rows().stream()
                .filter(row -> !isNumber(table.field(row, column)))
                .toList();
        if (2 * words.size() < table.rows().size()) {
            Table.Row first = words.getFirst();
            throw BadDataException.atLine(
                    table.source(),
                    first.line(),
                    "a number as '" + Excerpt.of(table.heading().get(column)) + "', as in most of the rows",
                    "'" + Excerpt.of(table.field(first, column))
                            + "'; correct it or take the row out; where numbers are names, write all of them as words");
        }
    }

    private static Numbers numbers(Table table, int column, int[] measured) {
        double sum = 0;
        for (int row : measured) {
            sum += number(table.field(table.rows().get(row), column));
        }
        double mean = sum / measured.length;
        double squares = 0;
        for (int row : measured) {
            double difference = number(table.field(table.rows().get(row), column)) - mean;
            squares += difference * difference;
        }
        double std = Math.sqrt(squares / measured.length);
        return new Numbers(table.heading().get(column), mean, std > 0 ? std : 1);
    }

    private static boolean isNumber(String field) {
        return field.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?") && Float.isFinite(Float.parseFloat(field));
    }

    /** Throws {@link IllegalArgumentException} saying what was expected. */
    static double number(String field) {
        if (!isNumber(field)) {
            throw new IllegalArgumentException("a number");
        }
        return Double.parseDouble(field);
    }
}
