package io.ketju.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.data.BadDataException;
import io.ketju.data.Dataset;
import io.ketju.data.Datasets;
import io.ketju.data.InputProfile;
import io.ketju.data.TrainTest;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
    private static final String HOUSES = """
            rooms,"town, district",price
            3,"Bree, west",100

            5,"Bree, ""old"" town",250
            4,"Bree, west",180
            6,"Bree, west",310
            2,"Bree, ""old"" town",90
            """;

    @TempDir
    private Path folder;

    @Test
    void numbersAreStandardisedWordsBecomeOneInputEachAndTargetsStay() {
        TrainTest houses = read(HOUSES, TableChoice.targets("price"));
        Dataset train = houses.train();
        assertThat(train.size()).isEqualTo(4);
        assertThat(houses.test().size()).isEqualTo(1);
        assertThat(train.inputShape()).isEqualTo(Shape.of(3));
        assertThat(train.targetShape()).isEqualTo(Shape.of(1));
        assertThat(train.targetType()).isEqualTo(DType.FLOAT32);
        assertThat(train.outputNames()).containsExactly("price");
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < train.size(); i++) {
            float[] input = input(train, i);
            sum += input[0];
            squares += input[0] * input[0];
            assertThat(input[1] + input[2]).isEqualTo(1);
            assertThat(target(train, i)[0]).isBetween(90f, 310f);
        }
        assertThat(sum).isCloseTo(0, within(1e-6));
        assertThat(squares / train.size()).isCloseTo(1, within(1e-6));
        assertThat(train.tableEncoding().orElseThrow().columns().get(1))
                .isEqualTo(new TableColumn.Words("town, district", List.of("Bree, \"old\" town", "Bree, west")));
    }

    @Test
    void oneColumnOfWordsIsClasses() {
        TrainTest towns = read(HOUSES, new TableChoice(List.of("town, district"), List.of("price", "rooms")));
        assertThat(towns.train().classNames()).containsExactly("Bree, \"old\" town", "Bree, west");
        assertThat(towns.train().targetType()).isEqualTo(DType.INT32);
        assertThat(towns.train().targetShape()).isEqualTo(Shape.of());
        assertThat(towns.train().inputShape()).isEqualTo(Shape.of(2));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstName() {
        TrainTest marked = read("\uFEFF" + HOUSES, TableChoice.targets("price"));
        assertThat(marked.train().identity())
                .isEqualTo(read(HOUSES, TableChoice.targets("price")).train().identity());
        assertThat(read("\uFEFF\"rooms\",price\n1,2\n2,3\n", TableChoice.targets("price"))
                        .train()
                        .tableEncoding()
                        .orElseThrow()
                        .columns())
                .extracting(TableColumn::name)
                .containsExactly("rooms");
    }

    @Test
    void rowsOfOtherFilesAreReadAsThoseThatWereLearntFrom() throws IOException {
        TableChoice choice = new TableChoice(List.of("town, district"), List.of("price", "rooms"));
        Dataset learnt = read(HOUSES, choice).train();
        InputProfile profile = InputProfile.of(learnt);
        Path file = Files.writeString(folder.resolve("other.csv"), HOUSES);
        Dataset others = profile.rows(file, choice.targets());
        assertThat(others.size()).isEqualTo(5);
        assertThat(others.classNames()).isEqualTo(learnt.classNames());
        int same = 0;
        for (int i = 0; i < others.size(); i++) {
            for (int j = 0; j < learnt.size(); j++) {
                same += Arrays.equals(input(others, i), input(learnt, j)) ? 1 : 0;
            }
        }
        assertThat(same).isEqualTo(learnt.size());
        Path unknown = Files.writeString(folder.resolve("unknown.csv"), HOUSES.replace("Bree, west", "Bywater"));
        assertThatThrownBy(() -> profile.rows(unknown, choice.targets()))
                .isInstanceOf(BadDataException.class)
                .hasMessage(unknown + ", line 2: expected one of Bree, \"old\" town, Bree, west as 'town, district',"
                        + " found 'Bywater'");
    }

    @Test
    void theHalvesAreTheSameEachTimeAndTheirIdentityIsTheirContent() {
        TrainTest once = read(HOUSES, TableChoice.targets("price"));
        TrainTest again = read(HOUSES.replace("\n", "\r\n"), TableChoice.targets("price"));
        assertThat(again.train().identity()).isEqualTo(once.train().identity());
        assertThat(again.test().identity()).isEqualTo(once.test().identity());
        assertThat(read(HOUSES.replace("250", "251"), TableChoice.targets("price"))
                        .train()
                        .identity())
                .isNotEqualTo(once.train().identity());
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        assertBad("", "houses.csv: expected a heading that names the columns, and rows, found an empty file");
        assertBad("a,price\n1,2\n", "houses.csv: expected at least 2 rows under the heading, found 1");
        assertBad("a,a\n1,2\n", "houses.csv, line 1: expected a heading of different names, found 'a' twice or empty");
        assertBad("a,price\n1,2\n3\n", "houses.csv, line 3: expected 2 fields as in the heading, found 1");
        assertBad(
                "a,price\n1,2\n ,3\n",
                "houses.csv, line 3: expected a value of 'a', found nothing; fill it in or take the row out");
        assertBad("a,cost\n1,2\n2,3\n", "houses.csv: expected a column 'price', found the columns a, cost");
        assertBad("price\n1\n2\n", "houses.csv: expected a column beside the targets, found none");
        assertBad(
                "a,price\n1,2\nfew,3\n3,4\n",
                "houses.csv, line 3: expected a number as 'a', as in most of the rows, found 'few'; correct it or take the"
                        + " row out; where numbers are names, write all of them as words");
        String two = "a,price,tax\n1,2,3\n2,3,much\n";
        assertThatThrownBy(() -> read(two, TableChoice.targets("price", "tax")))
                .hasMessage("houses.csv, line 3: expected a number as 'tax', found 'much'");
        assertThatThrownBy(() -> new TableChoice(List.of("price"), List.of("price")))
                .hasMessage("expected every column once among targets and features, found [price] and [price]");
        assertThatThrownBy(() -> Tables.open(folder.resolve("x.txt"), TableChoice.targets("price")))
                .isInstanceOf(BadDataException.class)
                .hasMessageEndingWith(
                        "x.txt: expected a .csv or .tsv, or one of these with .gz, .zip or .tgz, for the columns that targets names,"
                                + " found another file");
    }

    /** As other programs write a number that is missing. In a column of words it is a word. */
    @Test
    void noNumberIsNoWord() {
        for (String none : List.of("NaN", "nan", "-Infinity", "inf")) {
            assertBad(
                    "x,price\n1,2\n" + none + ",3\n4,5\n",
                    "houses.csv, line 3: expected a finite number as 'x', found " + none
                            + "; fill it in or take the row out");
        }
        String words = "x,price\nnan,2\nmum,3\n";
        assertThat(read(words, TableChoice.targets("price")).train().inputShape())
                .isEqualTo(Shape.of(2));
    }

    @Test
    void aFileToReadHasARow() {
        TableEncoding encoding = read(HOUSES, TableChoice.targets("price"))
                .train()
                .tableEncoding()
                .orElseThrow();
        StringReader heading = new StringReader("rooms,\"town, district\"\n");
        assertThatThrownBy(() -> encoding.read(heading, "rows.csv"))
                .isInstanceOf(BadDataException.class)
                .hasMessage("rows.csv: expected at least 1 row under the heading, found 0");
    }

    @Test
    void aRunKeepsTheEncodingAndReadsOtherRowsByIt() throws IOException {
        Dataset train = read(HOUSES, TableChoice.targets("price")).train();
        InputProfile profile = InputProfile.of(train);
        profile.write(folder);
        InputProfile kept = InputProfile.read(folder).orElseThrow();
        assertThat(kept).isEqualTo(profile);
        Path rows = folder.resolve("rows.csv");
        Files.writeString(rows, "id,\"town, district\",rooms\n9,\"Bree, west\",3\n");
        TableColumn.Numbers rooms =
                (TableColumn.Numbers) kept.table().orElseThrow().columns().getFirst();
        assertThat(kept.table().orElseThrow().read(rows)).singleElement().isEqualTo(new float[] {
            (float) ((3 - rooms.mean()) / rooms.std()), 0, 1
        });
        Files.writeString(rows, "\"town, district\",rooms\nOz,3\n");
        assertThatThrownBy(() -> kept.table().orElseThrow().read(rows))
                .hasMessageEndingWith("rows.csv, line 2: expected one of Bree, \"old\" town, Bree, west as"
                        + " 'town, district', found 'Oz'");
    }

    @Test
    void penguinsAreThere() {
        TrainTest penguins = Datasets.named("penguins");
        assertThat(penguins.train().size()).isEqualTo(266);
        assertThat(penguins.test().size()).isEqualTo(67);
        assertThat(penguins.train().inputShape()).isEqualTo(Shape.of(11));
        assertThat(penguins.train().outputNames()).containsExactly("body_mass_kg");
    }

    @Test
    void aDigitIsToldByItsSegments() {
        Dataset labels = Datasets.named("digits-segments").test();
        Dataset digits = Datasets.named("digits").test();
        float[][] lit = new float[10][];
        for (int i = 0; i < digits.size(); i++) {
            lit[(int) target(digits, i)[0]] = target(labels, i);
            assertThat(input(labels, i)).isEqualTo(input(digits, i));
        }
        assertThat(lit[1]).containsExactly(0, 1, 1, 0, 0, 0, 0);
        assertThat(lit[8]).containsExactly(1, 1, 1, 1, 1, 1, 1);
        assertThat(lit[4]).containsExactly(0, 1, 1, 0, 0, 1, 1);
        assertThat(labels.outputNames()).hasSize(7);
        assertThat(labels.classes()).isZero();
    }

    private static void assertBad(String text, String message) {
        assertThatThrownBy(() -> read(text, TableChoice.targets("price")))
                .isInstanceOf(BadDataException.class)
                .hasMessage(message);
    }

    private static TrainTest read(String text, TableChoice choice) {
        return Tables.read(new StringReader(text), "houses.csv", "houses", choice);
    }

    private static float[] input(Dataset data, int sample) {
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor row = arena.allocate(data.inputShape().batched(1));
            data.copyInput(sample, row, 0);
            return row.toFloats();
        }
    }

    private static float[] target(Dataset data, int sample) {
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor row = arena.allocate(data.targetType(), data.targetShape().batched(1));
            data.copyTarget(sample, row, 0);
            return data.targetType() == DType.INT32 ? new float[] {row.getInt(0)} : row.toFloats();
        }
    }
}
