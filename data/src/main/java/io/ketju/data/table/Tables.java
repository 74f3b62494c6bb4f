package io.ketju.data.table;

import io.ketju.data.BadDataException;
import io.ketju.data.Dataset;
import io.ketju.data.TrainTest;
import io.ketju.data.archive.PackedFile;
import io.ketju.tensor.Plural;
import io.ketju.tensor.random.CounterRandom;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Opens CSV files as data sets. Everything is read and checked before this returns; what outgrows the heap lies in temporary files
 * then, from which batches read the rows that they want.
 */
public final class Tables {
    private Tables() {}

    /**
     * Opens a file by the {@link TableRules#USUAL usual rules}.
     *
     * @param file a {@code .csv} or {@code .tsv}, or one of these with {@code .gz}
     * @param choice which columns are read
     * @return four fifths of the rows to learn from, the others to test with
     * @throws BadDataException if it is none of these, the columns are not there, or a field is none that its column can have
     */
    public static TrainTest open(Path file, TableChoice choice) {
        return open(file, choice, TableRules.USUAL);
    }

    /**
     * Opens a file by other rules.
     *
     * @param file a {@code .csv} or {@code .tsv}, or one of these with {@code .gz}
     * @param choice which columns are read
     * @param rules what is done with them beside
     * @return the rows to learn from, and those to test with
     * @throws BadDataException if it is none of these, the columns are not there, or a field is none that its column can have
     */
    public static TrainTest open(Path file, TableChoice choice, TableRules rules) {
        return reading(file, text -> read(text, file.toString(), String.valueOf(file.getFileName()), choice, rules));
    }

    /**
     * All rows of another file, read as those that something was learnt from.
     *
     * @param file a {@code .csv} or {@code .tsv}, or one of these with {@code .gz}
     * @param encoding how the features of a row become an input; other columns are passed over
     * @param targets its columns that hold what was learnt
     * @param classes words of the only target, by their index; empty where targets are numbers
     * @return one sample for each row, in their order
     * @throws BadDataException if columns are not there, or a field is none that its column can have
     */
    public static Dataset others(Path file, TableEncoding encoding, List<String> targets, List<String> classes) {
        TableChoice choice = new TableChoice(
                targets, encoding.columns().stream().map(TableColumn::name).toList());
        return reading(file, text -> {
            TableFormat format = encoding.format().of(file.toString());
            Table all = Table.read(text, file.toString(), format);
            Table table = format.drop() ? all.complete(places(all, choice)) : all;
            if (table.rows().isEmpty()) {
                throw BadDataException.of(table.source(), "at least 1 row under the heading", "0");
            }
            TableDataset.Values values =
                    new TableDataset.Values(encoding.encode(table), targets(table, choice, classes));
            String name = String.valueOf(file.getFileName());
            return new TableDataset(name, choice, encoding, classes, values, dropped(all, table));
        });
    }

    private static int[] places(Table table, TableChoice choice) {
        return Stream.concat(choice.targets().stream(), features(table, choice).stream())
                .mapToInt(table::column)
                .toArray();
    }

    private static List<String> dropped(Table all, Table table) {
        int rows = all.rows().size() - table.rows().size();
        return rows == 0
                ? List.of()
                : List.of(Plural.of(rows, "row") + " of " + all.rows().size() + " left out, where a value is missing");
    }

    /** What a reader makes of the text of a file. */
    static <T> T reading(Path file, Function<Reader, T> reader) {
        String source = file.toString();
        if (!source.matches("(?s).*\\.[ct]sv(\\.(gz|zip|tgz|tar\\.gz))?")) {
            throw BadDataException.of(
                    source,
                    "a .csv or .tsv, or one of these with .gz, .zip or .tgz, for the columns that targets names",
                    "another file");
        }
        try (InputStream plain = PackedFile.open(file)) {
            return reader.apply(new InputStreamReader(plain, StandardCharsets.UTF_8.newDecoder()));
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    /**
     * Reads a table by the {@link TableRules#USUAL usual rules}. A random four fifths of the rows, rounded down, are for training,
     * the others for testing; the same ones each time.
     *
     * @param text with a heading; stays the caller's to close
     * @param source what errors call the file
     * @param name what reports call the data
     * @param choice which columns are read
     * @return the rows to learn from, and those to test with
     * @throws BadDataException if the columns are not there, or a field is none that its column can have
     */
    public static TrainTest read(Reader text, String source, String name, TableChoice choice) {
        return read(text, source, name, choice, TableRules.USUAL);
    }

    /** The same by other rules. */
    static TrainTest read(Reader text, String source, String name, TableChoice choice, TableRules rules) {
        return read(Table.read(text, source, rules.format().of(source)), name, choice, rules);
    }

    /** The same of a table that was read. */
    static TrainTest read(Table all, String name, TableChoice choice, TableRules rules) {
        String source = all.source();
        int[] places = places(all, choice);
        declared(all, rules);
        Table table = rules.missing() == TableRules.Missing.DROP ? all.complete(places) : all;
        int rows = table.rows().size();
        int train = rules.split().trainRows(rows);
        if (train == 0 || train == rows) {
            String without = rows == all.rows().size()
                    ? ""
                    : " without a missing value, of " + all.rows().size();
            throw BadDataException.of(source, "at least 2 rows under the heading", rows + without);
        }
        // Rows are often sorted by what is to be learnt, so the halves are drawn.
        int[] order =
                CounterRandom.of(rules.split().seed(), "split").stream("rows").permutation(rows);
        int[] learnt = Arrays.copyOf(order, train);
        int[] tested = Arrays.copyOfRange(order, train, rows);
        Arrays.sort(learnt);
        Arrays.sort(tested);
        ColumnReading reading = new ColumnReading(table, rules, learnt);
        List<TableColumn> features = new ArrayList<>();
        for (String feature : features(table, choice)) {
            features.add(reading.of(table.column(feature), true));
        }
        if (features.isEmpty()) {
            throw BadDataException.of(source, "a column beside the targets", "none");
        }
        List<String> classes = classes(reading, choice);
        TableEncoding encoding = new TableEncoding(features, rules.format());
        TableDataset.Values values = new TableDataset.Values(encoding.encode(table), targets(table, choice, classes));
        return new TrainTest(
                new TableDataset(
                        name + "/train", choice, encoding, classes, picked(values, learnt), dropped(all, table)),
                new TableDataset(name + "/test", choice, encoding, classes, picked(values, tested), List.of()));
    }

    /** What is declared has to be there. */
    private static void declared(Table table, TableRules rules) {
        Stream.concat(rules.numbers().stream(), rules.words().stream()).forEach(table::column);
    }

    private static List<String> features(Table table, TableChoice choice) {
        return choice.features().isEmpty()
                ? table.heading().stream()
                        .filter(column -> !choice.targets().contains(column))
                        .toList()
                : choice.features();
    }

    /** The words of the only target, if it has words; empty for numbers. */
    private static List<String> classes(ColumnReading reading, TableChoice choice) {
        if (choice.targets().size() > 1) {
            return List.of();
        }
        int place = reading.table().column(choice.targets().getFirst());
        TableColumn only = reading.of(place, false);
        return only instanceof TableColumn.Words words ? words.words() : List.of();
    }

    /** Numbers as they stand in the file, in their own unit; of a class its index. */
    private static FloatRows targets(Table table, TableChoice choice, List<String> classes) {
        int[] places = choice.targets().stream().mapToInt(table::column).toArray();
        try (FloatRows.Writer targets = new FloatRows.Writer(places.length, table.heapBytes())) {
            float[] target = new float[places.length];
            for (Table.Row row : table.rows()) {
                for (int i = 0; i < places.length; i++) {
                    String column = choice.targets().get(i);
                    if (classes.isEmpty()) {
                        TableEncoding.encode(table, row, places[i], new TableColumn.Numbers(column, 0, 1), target, i);
                    } else {
                        target[i] = TableEncoding.index(table, row, places[i], new TableColumn.Words(column, classes));
                    }
                }
                targets.add(target);
            }
            return targets.finish();
        }
    }

    private static TableDataset.Values picked(TableDataset.Values all, int[] rows) {
        return new TableDataset.Values(all.inputs().picked(rows), all.targets().picked(rows));
    }
}
