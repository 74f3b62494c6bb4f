package io.ketju.data.table;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.ketju.data.BadDataException;
import io.ketju.data.file.Spill;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NearWord;
import io.ketju.tensor.Plural;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A CSV file (RFC 4180): a heading that names the columns, then rows of as many fields.
 *
 * @param source what errors call it
 * @param heading names of the columns, all different
 * @param rows in the order of the file
 * @param format which fields are missing
 * @param heapBytes what its rows, or what they become, may take of the heap before they go to a file
 */
record Table(String source, List<String> heading, List<Row> rows, TableFormat format, long heapBytes) {
    /** Most rows of a file. */
    static final int MOST_ROWS = 100_000_000;

    /** Most columns of a file. */
    static final int MOST_COLUMNS = 10_000;

    /** Longest field, in characters, which bounds what a damaged file can take. */
    private static final int MOST_CHARACTERS = 1 << 20;

    /**
     * One row.
     *
     * @param line in the file, from 1
     */
    record Row(int line, List<String> fields) {}

    /** Reads all of it; throws {@link BadDataException} at the first line that is not as it must be. */
    static Table read(Reader text, String source) {
        return read(text, source, TableFormat.CSV);
    }

    /** The same of a file whose fields stand in another way. */
    static Table read(Reader text, String source, TableFormat format) {
        return read(text, source, format, Spill.HEAP_BYTES);
    }

    /** The same with so many bytes of the heap. */
    static Table read(Reader text, String source, TableFormat format, long heapBytes) {
        List<String> heading = new ArrayList<>();
        try (RowStore rows = new RowStore(heapBytes)) {
            Optional<Row> uneven = read(text, source, format, heading, rows);
            if (heading.isEmpty()) {
                throw BadDataException.of(source, "a heading that names the columns, and rows", "an empty file");
            }
            requireHeading(source, heading);
            if (uneven.isPresent()) {
                throw BadDataException.atLine(
                        source,
                        uneven.get().line(),
                        Plural.of(heading.size(), "field") + " as in the heading",
                        "" + uneven.get().fields().size());
            }
            return new Table(source, List.copyOf(heading), rows.finish(), format, heapBytes);
        }
    }

    /** Fills in the heading and the rows; gives the first row that has not as many fields. */
    private static Optional<Row> read(
            Reader text, String source, TableFormat format, List<String> heading, RowStore rows) {
        Optional<Row> uneven = Optional.empty();
        try (CsvReader<CsvRecord> records = CsvReader.builder()
                .fieldSeparator(format.delimiter())
                .detectBomHeader(false)
                .skipEmptyLines(true)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .maxBufferSize(MOST_CHARACTERS)
                .ofCsvRecord(withoutMark(text))) {
            for (CsvRecord fields : records) {
                if (heading.isEmpty()) {
                    fields.getFields().forEach(name -> heading.add(name.strip()));
                    continue;
                }
                if (rows.size() >= MOST_ROWS) {
                    throw BadDataException.of(source, "at most " + MOST_ROWS + " rows", "more");
                }
                Row row = new Row(Math.toIntExact(fields.getStartingLineNumber()), fields.getFields());
                if (uneven.isEmpty() && row.fields().size() != heading.size()) {
                    uneven = Optional.of(row);
                }
                rows.add(row);
            }
            return uneven;
        } catch (CsvParseException e) {
            throw BadDataException.of(source, "a CSV file", Excerpt.of(String.valueOf(e.getMessage())));
        } catch (UncheckedIOException e) {
            throw BadDataException.unreadable(source, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    /** Spreadsheets begin a file with a byte order mark, which is no part of the first name. */
    private static Reader withoutMark(Reader text) throws IOException {
        PushbackReader reader = new PushbackReader(text);
        int first = reader.read();
        if (first >= 0 && first != '\uFEFF') {
            reader.unread(first);
        }
        return reader;
    }

    private static void requireHeading(String source, List<String> heading) {
        Set<String> names = new HashSet<>();
        for (String name : heading) {
            if (name.isEmpty() || !names.add(name)) {
                throw BadDataException.atLine(
                        source, 1, "a heading of different names", "'" + Excerpt.of(name) + "' twice or empty");
            }
        }
        if (heading.size() > MOST_COLUMNS) {
            throw BadDataException.atLine(source, 1, "at most " + MOST_COLUMNS + " columns", "" + heading.size());
        }
    }

    /** Where a column stands; throws {@link BadDataException}, which lists the names, if there is none of this name. */
    int column(String name) {
        int index = heading.indexOf(name);
        if (index < 0) {
            throw BadDataException.of(
                    source,
                    "a column '" + Excerpt.of(name) + "'",
                    "the columns " + String.join(", ", heading) + NearWord.hint(NearWord.of(name, heading)));
        }
        return index;
    }

    /** Whether nothing, or a word for nothing, stands in a field. */
    boolean isMissing(Row row, int column) {
        return format.isMissing(row.fields().get(column).strip());
    }

    /** The rows that have values in all of these columns. */
    Table complete(int... columns) {
        List<Row> complete =
                RowStore.where(rows, row -> Arrays.stream(columns).noneMatch(column -> isMissing(row, column)));
        return new Table(source, heading, complete, format, heapBytes);
    }

    /** One field without the space around it; throws {@link BadDataException} if nothing stands there. */
    String field(Row row, int column) {
        String field = row.fields().get(column).strip();
        if (format.isMissing(field)) {
            throw BadDataException.atLine(
                    source,
                    row.line(),
                    "a value of '" + Excerpt.of(heading.get(column)) + "'",
                    (field.isEmpty() ? "nothing" : "'" + Excerpt.of(field) + "'") + "; fill it in or take the row out");
        }
        return field;
    }
}
