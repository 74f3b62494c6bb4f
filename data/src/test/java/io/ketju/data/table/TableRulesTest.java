package io.ketju.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.data.BadDataException;
import io.ketju.data.Dataset;
import io.ketju.data.InputProfile;
import io.ketju.data.TrainTest;
import io.ketju.data.table.TableRules.Missing;
import io.ketju.data.table.TableRules.Scaling;
import io.ketju.data.table.TableRules.Split;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Declared columns, missing values, scalings and splits of tables. */
class TableRulesTest {
    private static final String GAPS = """
            size;code;town;price
            1;10;Bree;100
            ;10;Bree;200
            4;20;?;300
            7;30;Oz;400
            2;20;Bree;500
            9;10;Oz;600
            """;
    private static final TableChoice PRICE = TableChoice.targets("price");

    @TempDir
    private Path folder;

    private static TableRules rules(Missing missing, Scaling scaling) {
        List<String> missingWords = missing == Missing.REFUSE ? List.of() : TableRules.USUAL_MISSING;
        return new TableRules(missing, missingWords, scaling, List.of(), List.of("code"), new Split(0.34, 0), ';');
    }

    private static TrainTest read(String text, TableRules rules) {
        return Tables.read(new StringReader(text), "houses.csv", "houses", PRICE, rules);
    }

    private static float[] row(Dataset data, int sample) {
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor row = arena.allocate(data.inputShape().batched(1));
            data.copyInput(sample, row, 0);
            return row.toFloats();
        }
    }

    private static float price(Dataset data, int sample) {
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor row = arena.allocate(data.targetShape().batched(1));
            data.copyTarget(sample, row, 0);
            return row.getFloat(0);
        }
    }

    /** The inputs by their prices, of both halves. */
    private static float[] ofPrice(TrainTest data, int price) {
        for (Dataset half : List.of(data.train(), data.test())) {
            for (int i = 0; i < half.size(); i++) {
                if (price(half, i) == price) {
                    return row(half, i);
                }
            }
        }
        throw new AssertionError("no row of price " + price);
    }

    private static TableColumn.Numbers size(TrainTest data) {
        return (TableColumn.Numbers)
                data.train().tableEncoding().orElseThrow().columns().getFirst();
    }

    /** The sizes of the training rows that have one, as they stand in the file. */
    private static List<Double> learnt(TrainTest data) {
        List<Double> sizes = new ArrayList<>();
        double[] all = {1, Double.NaN, 4, 7, 2, 9};
        for (int i = 0; i < data.train().size(); i++) {
            double size = all[(int) price(data.train(), i) / 100 - 1];
            if (!Double.isNaN(size)) {
                sizes.add(size);
            }
        }
        return sizes;
    }

    @ParameterizedTest
    @EnumSource
    void numbersAreScaledByTheTrainingRowsAlone(Scaling scaling) {
        TrainTest data = read(GAPS, rules(Missing.FILL, scaling));
        List<Double> sizes = learnt(data);
        double mean = sizes.stream().mapToDouble(x -> x).average().orElseThrow();
        double variance = sizes.stream()
                .mapToDouble(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow();
        double least = sizes.stream().mapToDouble(x -> x).min().orElseThrow();
        double most = sizes.stream().mapToDouble(x -> x).max().orElseThrow();
        for (int price : new int[] {100, 300, 400, 500, 600}) {
            double size = new double[] {1, 0, 4, 7, 2, 9}[price / 100 - 1];
            double expected = switch (scaling) {
                case STANDARD -> (size - mean) / Math.sqrt(variance);
                case CENTER -> size - mean;
                case MINMAX -> (size - least) / (most - least);
                case NONE -> size;
            };
            assertThat((double) ofPrice(data, price)[0])
                    .as("%s of %s", scaling, size)
                    .isCloseTo(expected, within(1e-6));
        }
        double filled = size(data).fill().orElseThrow();
        assertThat(filled).isCloseTo(mean, within(1e-12));
        assertThat(ofPrice(data, 200)[0])
                .isEqualTo((float) ((filled - size(data).mean()) / size(data).std()));
    }

    @Test
    void aMissingWordIsNoneOfTheWordsAndCodesAreWordsWhereTheyAreDeclared() {
        TrainTest data = read(GAPS, rules(Missing.FILL, Scaling.NONE));
        assertThat(data.train().tableEncoding().orElseThrow().columns().subList(1, 3))
                .containsExactly(
                        new TableColumn.Words("code", List.of("10", "20", "30"), true),
                        new TableColumn.Words("town", List.of("Bree", "Oz"), true));
        assertThat(ofPrice(data, 300)).containsExactly(4, 0, 1, 0, 0, 0);
        assertThat(ofPrice(data, 400)).containsExactly(7, 0, 0, 1, 0, 1);
    }

    @Test
    void rowsWithAMissingValueAreLeftOutAndTold() {
        TrainTest data = read(GAPS, rules(Missing.DROP, Scaling.STANDARD));
        assertThat(data.train().size() + data.test().size()).isEqualTo(4);
        assertThat(data.train().notes()).containsExactly("2 rows of 6 left out, where a value is missing");
        assertThat(data.test().notes()).isEmpty();
        assertThat(size(data).fill()).isEmpty();
        // Of a column that is not read nothing is missing.
        TableChoice sizes = new TableChoice(List.of("price"), List.of("size"));
        TrainTest fewer = Tables.read(
                new StringReader(GAPS), "houses.csv", "houses", sizes, rules(Missing.DROP, Scaling.STANDARD));
        assertThat(fewer.train().size() + fewer.test().size()).isEqualTo(5);
    }

    @Test
    void anotherSeedTestsWithOtherRowsAndTheSameWithTheSame() {
        String rows = "x,price\n" + rows(40);
        List<List<Float>> tests = new ArrayList<>();
        for (long seed : new long[] {0, 1, 1}) {
            TrainTest data = read(
                    rows,
                    new TableRules(
                            Missing.REFUSE,
                            List.of(),
                            Scaling.STANDARD,
                            List.of(),
                            List.of(),
                            new Split(0.25, seed),
                            ','));
            assertThat(data.test().size()).isEqualTo(10);
            tests.add(
                    IntStream.range(0, 10).mapToObj(i -> price(data.test(), i)).toList());
        }
        assertThat(tests.get(1)).isEqualTo(tests.get(2)).isNotEqualTo(tests.get(0));
    }

    private static String rows(int count) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            rows.append(i % 7).append(',').append(i).append('\n');
        }
        return rows.toString();
    }

    @Test
    void aFifthIsWhatItWasForEveryNumberOfRows() {
        for (int rows = 1; rows < 2_000; rows++) {
            assertThat(Split.FIFTH.trainRows(rows)).as("%d rows", rows).isEqualTo(rows * 4 / 5);
        }
    }

    @Test
    void aRunKeepsTheRulesAndReadsOtherRowsByThem() throws IOException {
        for (Missing missing : Missing.values()) {
            String text = missing == Missing.REFUSE ? GAPS.replace("\n;", "\n3;") : GAPS;
            TrainTest data = read(text, rules(missing, Scaling.MINMAX));
            InputProfile profile = InputProfile.of(data.train());
            profile.write(folder);
            InputProfile kept = InputProfile.read(folder).orElseThrow();
            assertThat(kept).isEqualTo(profile);
            Path file = Files.writeString(folder.resolve("other.csv"), GAPS.replace("\n;", "\n5;"));
            Dataset others = missing == Missing.REFUSE ? data.test() : kept.rows(file, PRICE.targets());
            if (missing != Missing.REFUSE) {
                assertThat(others.size()).isEqualTo(missing == Missing.DROP ? 5 : 6);
                assertThat(row(others, 0)).isEqualTo(ofPrice(data, 100));
            }
        }
        TrainTest filled = read(GAPS, rules(Missing.FILL, Scaling.MINMAX));
        TableEncoding encoding = filled.train().tableEncoding().orElseThrow();
        Path tabs = Files.writeString(folder.resolve("rows.tsv"), "town\tcode\tsize\nNA\t10\t\n");
        assertThat(encoding.read(tabs).getFirst()).isEqualTo(new float[] {
            (float) ((size(filled).fill().orElseThrow() - size(filled).mean())
                    / size(filled).std()),
            1,
            0,
            0,
            0,
            0
        });
    }

    @Test
    void aTsvHasTabs() throws IOException {
        Path file = Files.writeString(
                folder.resolve("x.tsv"), GAPS.replace("\n;", "\n3;").replace(';', '\t'));
        TrainTest tabs = Tables.open(file, PRICE);
        TrainTest commas = Tables.open(
                Files.writeString(
                        folder.resolve("x.csv"), GAPS.replace("\n;", "\n3;").replace(';', ',')),
                PRICE);
        assertThat(tabs.train().identity()).isEqualTo(commas.train().identity());
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        TableRules refuse = rules(Missing.REFUSE, Scaling.STANDARD);
        assertBad(
                GAPS,
                refuse,
                "houses.csv, line 3: expected a value of 'size', found nothing; fill it in or take the row out");
        TableRules fill = rules(Missing.FILL, Scaling.STANDARD);
        assertBad(
                GAPS.replace("600", "NA"),
                fill,
                "houses.csv, line 7: expected a value of 'price', found 'NA'; fill it in or take the row out");
        assertBad(
                "size;code;price\n?;1;2\nNA;2;3\n",
                fill,
                "houses.csv, column 'size': expected a value in some row, found none");
        assertBad(
                "size;town;price\n1;x;2\n2;y;3\n",
                fill,
                "houses.csv: expected a column 'code', found the columns size," + " town, price");
        TableRules drop = rules(Missing.DROP, Scaling.STANDARD);
        assertBad(
                "size;code;price\n?;1;2\n1;2;3\n",
                drop,
                "houses.csv: expected at least 2 rows under the heading, found 1 without a missing value, of 2");
        TableRules numbers = new TableRules(
                Missing.REFUSE, List.of(), Scaling.STANDARD, List.of("town"), List.of(), Split.FIFTH, ';');
        assertBad(
                GAPS.replace("\n;", "\n3;"),
                numbers,
                "houses.csv, line 2: expected a number as 'town', which is declared to have numbers, found 'Bree'");
        assertBad(
                "town;price\n1,5;2\n2;3\n",
                numbers,
                "houses.csv, line 2: expected a number as 'town', which is declared to have numbers, found '1,5'");
        assertThatThrownBy(() -> new TableRules(
                        Missing.REFUSE, List.of(), Scaling.NONE, List.of("a"), List.of("a"), Split.FIFTH, ','))
                .hasMessage("expected 'a' among numbers or words, found it in both");
        assertThatThrownBy(() -> new Split(1, 0)).hasMessage("expected a share above 0 and below 1, found 1.0");
        assertThatThrownBy(() -> new TableFormat('"', List.of(), false))
                .hasMessage("expected a delimiter that is no quote and no end of a line, found 34");
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws IOException {
        Path file = folder.resolve("latin.csv");
        Files.write(file, "a,price\nB\u00e4r,1\nc,2\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Tables.open(file, PRICE))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith(file + ": cannot be read: ");
    }

    private static void assertBad(String text, TableRules rules, String message) {
        assertThatThrownBy(() -> read(text, rules))
                .isInstanceOf(BadDataException.class)
                .hasMessage(message);
    }
}
