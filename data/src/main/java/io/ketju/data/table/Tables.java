package io.ketju.data.table;

import io.ketju.data.BadDataException;
import io.ketju.data.Dataset;
import io.ketju.data.Gzip;
import io.ketju.data.TrainTest;
import io.ketju.tensor.random.CounterRandom;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Opens CSV files as data sets. Everything is read and checked before this returns. */
public final class Tables {
    /** Rows are often sorted by what is to be learnt, so the halves are drawn; always the same ones. */
    private static final long SPLIT_SEED = 0;

    private Tables() {}

    /** A {@code .csv} or {@code .csv.gz}; throws {@link BadDataException} if it is none, or the columns are not there. */
    public static TrainTest open(Path file, TableChoice choice) {
        return reading(file, text -> read(text, file.toString(), String.valueOf(file.getFileName()), choice));
    }

    /**
     * All rows of another file, read as those that something was learnt from.
     *
     * @param targets its columns that hold what was learnt
     * @param classes words of the only target, by their index; empty where targets are numbers
     * @throws BadDataException if columns are not there, or a field is none that its column can have
     */
    public static Dataset others(Path file, TableEncoding encoding, List<String> targets, List<String> classes) {
        TableChoice choice = new TableChoice(
                targets, encoding.columns().stream().map(TableColumn::name).toList());
        return reading(file, text -> {
            Table table = Table.read(text, file.toString());
            if (table.rows().isEmpty()) {
                throw BadDataException.of(table.source(), "at least 1 row under the heading", "0");
            }
            return new TableDataset(
                    String.valueOf(file.getFileName()),
                    choice,
                    encoding,
                    classes,
                    encoding.encode(table),
                    targets(table, choice, classes));
        });
    }

    private static <T> T reading(Path file, Function<Reader, T> reader) {
        String source = file.toString();
        boolean gzip = source.endsWith(".gz");
        if (!(gzip ? source.endsWith(".csv.gz") : source.endsWith(".csv"))) {
            throw BadDataException.of(source, "a .csv or .csv.gz for the columns that targets names", "another file");
        }
        try (InputStream bytes = Files.newInputStream(file);
                InputStream plain = gzip ? Gzip.open(bytes, source) : bytes) {
            return reader.apply(new InputStreamReader(plain, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    /**
     * Reads a table. A random four fifths of the rows, rounded down, are for training, the others for testing; the same
     * ones each time.
     *
     * @param source what errors call the file
     * @param name what reports call the data
     */
    public static TrainTest read(Reader text, String source, String name, TableChoice choice) {
        Table table = Table.read(text, source);
        int rows = table.rows().size();
        int train = rows * 4 / 5;
        if (train == 0) {
            throw BadDataException.of(source, "at least 2 rows under the heading", "" + rows);
        }
        int[] order = CounterRandom.of(SPLIT_SEED, "split").stream("rows").permutation(rows);
        int[] learnt = Arrays.copyOf(order, train);
        int[] tested = Arrays.copyOfRange(order, train, rows);
        Arrays.sort(learnt);
        Arrays.sort(tested);
        List<TableColumn> features = new ArrayList<>();
        for (String feature : features(table, choice)) {
            features.add(TableColumn.of(table, table.column(feature), learnt));
        }
        if (features.isEmpty()) {
            throw BadDataException.of(source, "a column beside the targets", "none");
        }
        List<String> classes = classes(table, choice, learnt);
        TableEncoding encoding = new TableEncoding(features);
        List<float[]> inputs = encoding.encode(table);
        List<float[]> targets = targets(table, choice, classes);
        return new TrainTest(
                new TableDataset(
                        name + "/train", choice, encoding, classes, picked(inputs, learnt), picked(targets, learnt)),
                new TableDataset(
                        name + "/test", choice, encoding, classes, picked(inputs, tested), picked(targets, tested)));
    }

    private static List<String> features(Table table, TableChoice choice) {
        return choice.features().isEmpty()
                ? table.heading().stream()
                        .filter(column -> !choice.targets().contains(column))
                        .toList()
                : choice.features();
    }

    /** The words of the only target, if it has words; empty for numbers. */
    private static List<String> classes(Table table, TableChoice choice, int[] learnt) {
        if (choice.targets().size() > 1) {
            return List.of();
        }
        TableColumn only = TableColumn.of(table, table.column(choice.targets().getFirst()), learnt);
        return only instanceof TableColumn.Words words ? words.words() : List.of();
    }

    /** Numbers as they stand in the file, in their own unit; of a class its index. */
    private static List<float[]> targets(Table table, TableChoice choice, List<String> classes) {
        List<float[]> targets = new ArrayList<>();
        int[] places = choice.targets().stream().mapToInt(table::column).toArray();
        for (Table.Row row : table.rows()) {
            float[] target = new float[places.length];
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
        return targets;
    }

    private static List<float[]> picked(List<float[]> all, int[] rows) {
        return Arrays.stream(rows).mapToObj(all::get).toList();
    }
}
