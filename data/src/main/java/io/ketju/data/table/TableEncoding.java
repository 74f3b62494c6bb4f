package io.ketju.data.table;

import io.ketju.data.BadDataException;
import io.ketju.tensor.Excerpt;
import java.io.Reader;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * How the features of a row become the input of a model: column by column, one after another.
 *
 * @param columns the features in their order
 * @param format of the file that they were learnt from
 */
public record TableEncoding(List<TableColumn> columns, TableFormat format) {
    /** Copies the list. */
    public TableEncoding {
        columns = List.copyOf(columns);
    }

    /**
     * Takes the columns of a plain CSV file.
     *
     * @param columns the features in their order
     */
    public TableEncoding(List<TableColumn> columns) {
        this(columns, TableFormat.CSV);
    }

    /** {@return how many numbers one input has} */
    public int width() {
        return columns.stream().mapToInt(TableColumn::width).sum();
    }

    /**
     * Reads a table that has at least these columns.
     *
     * @param text with a heading; stays the caller's to close
     * @param source what errors call it
     * @return one input for each row, in their order
     * @throws BadDataException naming the line, if a field is none that the column can have
     */
    public List<float[]> read(Reader text, String source) {
        Table table = Table.read(text, source, format.of(source));
        if (table.rows().isEmpty()) {
            throw BadDataException.of(source, "at least 1 row under the heading", "0");
        }
        FloatRows rows = encode(table);
        return IntStream.range(0, rows.size()).mapToObj(rows::row).toList();
    }

    /**
     * Reads a {@code .csv} or {@code .tsv}, or one of these with {@code .gz}.
     *
     * @param file that has at least these columns
     * @return one input for each row, in their order
     * @throws BadDataException naming the line, if a field is none that the column can have; or if the file cannot be read
     */
    public List<float[]> read(Path file) {
        return Tables.reading(file, text -> read(text, file.toString()));
    }

    FloatRows encode(Table table) {
        int[] places =
                columns.stream().mapToInt(column -> table.column(column.name())).toArray();
        try (FloatRows.Writer inputs = new FloatRows.Writer(width(), table.heapBytes())) {
            for (Table.Row row : table.rows()) {
                float[] input = new float[width()];
                int at = 0;
                for (int i = 0; i < places.length; i++) {
                    encode(table, row, places[i], columns.get(i), input, at);
                    at += columns.get(i).width();
                }
                inputs.add(input);
            }
            return inputs.finish();
        }
    }

    static void encode(Table table, Table.Row row, int place, TableColumn column, float[] into, int at) {
        if (column.fills() && table.isMissing(row, place)) {
            column.encodeMissing(into, at);
            return;
        }
        naming(table, row, place, column, field -> {
            column.encode(field, into, at);
            return at;
        });
    }

    /** Which of the words a field is. */
    static int index(Table table, Table.Row row, int place, TableColumn.Words column) {
        return naming(table, row, place, column, column::index);
    }

    private static int naming(
            Table table, Table.Row row, int place, TableColumn column, ToIntFunction<String> reading) {
        String field = table.field(row, place);
        try {
            return reading.applyAsInt(field);
        } catch (IllegalArgumentException e) {
            throw BadDataException.atLine(
                    table.source(),
                    row.line(),
                    e.getMessage() + " as '" + Excerpt.of(column.name()) + "'",
                    "'" + Excerpt.of(field) + "'");
        }
    }
}
