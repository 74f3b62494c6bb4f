package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.BatchTensors;
import io.ketju.data.Dataset;
import io.ketju.data.InputProfile;
import io.ketju.data.Texts;
import io.ketju.data.TrainTest;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextPairsTest {
    private static final TextPairs.Choice WORDS = new TextPairs.Choice(text -> new WordTokenizer(true), 1, 1, 0);

    @Test
    void aTranslationIsReadBehindItsBeginAndToldToItsEnd() {
        String line = "a b\tx y z\n";
        TrainTest data = TextPairs.translations("t", TextLines.ofTabbed("t", line.repeat(3)), WORDS);
        try (BatchTensors tensors = new BatchTensors(data.train().batches("", "", 2, 1, BatchOrder.sequential()))) {
            Map<String, Tensor> batch = tensors.read(source(data, 2).plan(0)).getFirst();
            // a 4, b 5; x 4, y 5, z 6
            assertThat(ints(batch, "src")).containsExactly(4, 5, 4, 5);
            assertThat(ints(batch, "src_lengths")).containsExactly(2, 2);
            assertThat(ints(batch, "tgt")).containsExactly(1, 4, 5, 6, 1, 4, 5, 6);
            assertThat(ints(batch, "target")).containsExactly(4, 5, 6, 2, 4, 5, 6, 2);
            assertThat(ints(batch, "tgt_mask")).containsOnly(1).hasSize(8);
        }
        assertThat(data.train().tokens("tgt")).isEqualTo(7);
        assertThat(data.train().tokens("src")).isEqualTo(6);
    }

    @Test
    void shorterOnesArePaddedToTheLongestOfTheBatch() {
        TextLines lines = TextLines.ofTabbed("t", "a\tx\na b c\tx y\nb c a\ty\nc b a\tx\n");
        TrainTest data = TextPairs.translations("t", lines, WORDS);
        BatchSource source = source(data, 3);
        try (BatchTensors tensors = new BatchTensors(source)) {
            Map<String, Tensor> batch = tensors.read(source.plan(0)).getFirst();
            Tensor src = Objects.requireNonNull(batch.get("src"));
            assertThat(src.shape()).isEqualTo(Shape.of(3, 3));
            int[] lengths = ints(batch, "src_lengths");
            for (int row = 0; row < 3; row++) {
                for (int i = 0; i < 3; i++) {
                    assertThat(src.getInt(row * 3 + i) == Vocabulary.PAD).isEqualTo(i >= lengths[row]);
                    assertThat(ints(batch, "src_mask")[row * 3 + i]).isEqualTo(i < lengths[row] ? 1 : 0);
                }
            }
            assertThat(ints(batch, "target")).contains(-100);
        }
    }

    @Test
    void classesAreNumberedByName() {
        TrainTest data = TextPairs.classes("t", TextLines.ofTabbed("t", "ok\tyes\nbad\tno\nok\tyes\nbad\tno\n"), WORDS);
        assertThat(data.train().classNames()).containsExactly("no", "yes");
        assertThat(data.train().namesItsPorts()).isTrue();
    }

    @Test
    void versesAreThere() {
        TextLines verses = TextLines.ofTabbed(Texts.findPairs("verses"));
        assertThat(sides(verses)).hasSize(2 * 5254);
        assertThat(sides(verses))
                .startsWith(
                        "In the beginning God created the heaven and the earth.",
                        "Am Anfang schuf Gott Himmel und Erde.");
        TextPairs.Choice choice = new TextPairs.Choice(text -> new WordTokenizer(true), 3, 500, 0);
        TrainTest data = TextPairs.translations("verses", verses, choice);
        assertThat(data.train().size()).isEqualTo(4754);
        assertThat(data.test().size()).isEqualTo(500);
        assertThat(data.test().notes())
                .hasSize(2)
                .first()
                .asString()
                .contains("% of the tokens are not in the vocabulary");
    }

    /** What runs were started with has to be what they are resumed with. */
    @Test
    void samplesAreThoseOfEarlierVersions() {
        TextLines verses = TextLines.ofTabbed(Texts.findPairs("verses"));
        TrainTest words = TextPairs.translations("verses", verses, choice(new WordTokenizer(false), 2, 0.1, 0));
        assertThat(words.train().identity())
                .isEqualTo("26cbd3b59db378268cc281e8f56a783a97162938eb778f365da1e133bbe3b92d");
        TrainTest characters = TextPairs.translations("verses", verses, choice(new CharacterTokenizer(), 1, 300, 4));
        assertThat(characters.test().identity())
                .isEqualTo("96a8eacf85500d9cea3ac6a99364b8a06678d6d119b16c599dd3e726138cb9a1");
        TextLines authors = TextLines.ofTabbed(Texts.findLines("authors"));
        assertThat(TextPairs.classes("authors", authors, choice(new WordTokenizer(true), 1, 0.1, 0))
                        .test()
                        .identity())
                .isEqualTo("ccc7a33079bcb348287db15469e4be86c7a11880fac3f2c5c4baae537f8b241e");
    }

    private static TextPairs.Choice choice(Tokenizer tokenizer, int minCount, double test, long seed) {
        return new TextPairs.Choice(text -> tokenizer, minCount, test, seed);
    }

    @Test
    void samplesOfSimilarLengthComeTogetherAndEachOnce() {
        int[] lengths = new int[1003];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = 1 + (i * 37) % 50;
        }
        BatchOrder order = BatchOrder.bucketed(5, 8, lengths);
        int[] first = order.samples(lengths.length, 0);
        assertThat(Arrays.stream(first).sorted().toArray())
                .isEqualTo(java.util.stream.IntStream.range(0, lengths.length).toArray());
        int spread = 0;
        Set<Integer> shortest = new HashSet<>();
        for (int batch = 0; batch < lengths.length / 8; batch++) {
            int[] own = Arrays.stream(first, batch * 8, batch * 8 + 8)
                    .map(i -> lengths[i])
                    .toArray();
            spread = Math.max(
                    spread,
                    Arrays.stream(own).max().orElseThrow()
                            - Arrays.stream(own).min().orElseThrow());
            shortest.add(Arrays.stream(own).min().orElseThrow());
        }
        assertThat(spread).isLessThanOrEqualTo(3);
        assertThat(shortest).hasSizeGreaterThan(20);
        assertThat(order.samples(lengths.length, 0)).isEqualTo(first);
        assertThat(order.samples(lengths.length, 1)).isNotEqualTo(first);
    }

    /** What a job trains on: every line once in an epoch, beside lines of its length, whose padding is little; tests stay in order. */
    @Test
    void aJobsBatchesAreOfLinesOfSimilarLength() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 401; i++) {
            lines.append("a ".repeat(1 + i * 37 % 40).strip())
                    .append("\tx")
                    .append(i % 9)
                    .append('\n');
        }
        TrainTest data = TextPairs.translations("t", TextLines.ofTabbed("t", lines.toString()), WORDS);
        assertThat(padding(data.train(), BatchOrder.shuffled(1))).isLessThan(0.05);
        assertThat(padding(data.train(), BatchOrder.sequential())).isGreaterThan(0.4);
    }

    /** The share of an epoch's elements that is padding; every line comes once, and masks say the same. */
    private static double padding(Dataset lines, BatchOrder order) {
        BatchSource source = lines.batches("", "", 8, 1, order);
        int[] ofLength = new int[41];
        long padded = 0;
        long all = 0;
        try (BatchTensors tensors = new BatchTensors(source)) {
            for (int step = 0; step < source.stepsPerEpoch(); step++) {
                Map<String, Tensor> batch = tensors.read(source.plan(step)).getFirst();
                int[] lengths = ints(batch, "src_lengths");
                int[] mask = ints(batch, "src_mask");
                Arrays.stream(lengths).forEach(length -> ofLength[length]++);
                assertThat(mask.length)
                        .isEqualTo(lengths.length * Arrays.stream(lengths).max().orElseThrow());
                assertThat(Arrays.stream(mask).sum())
                        .isEqualTo(Arrays.stream(lengths).sum());
                padded += Arrays.stream(mask).filter(own -> own == 0).count();
                all += mask.length;
            }
        }
        assertThat(Arrays.stream(ofLength).sum()).isEqualTo(lines.size());
        assertThat(ofLength[0]).isZero();
        assertThat(Arrays.stream(ofLength, 1, 41)).allMatch(count -> count == 10 || count == 11 || count == 9);
        return (double) padded / all;
    }

    /** What the training lines have often enough is what a run keeps, with its numbers. */
    @Test
    void theVocabularyOfAMinimumCountIsKeptWithARun(@TempDir Path run) throws IOException {
        TextPairs.Choice often = new TextPairs.Choice(text -> new WordTokenizer(true), 3, 1, 0);
        String lines = "a b\tx y\na rare\tx seldom\na b c\ty z\na b c\tx y\na b c\tx z\n";
        TrainTest data = TextPairs.translations("t", TextLines.ofTabbed("t", lines), often);
        InputProfile.of(data.train()).write(run);
        InputProfile kept = InputProfile.read(run).orElseThrow();
        TextEncoding source = kept.text().orElseThrow();
        assertThat(source).isEqualTo(data.train().textEncoding().orElseThrow());
        assertThat(source.vocabulary().words()).contains("a", "b").doesNotContain("rare");
        assertThat(source.encode("a rare b"))
                .containsExactly(
                        source.vocabulary().number("a"),
                        Vocabulary.NUL,
                        source.vocabulary().number("b"));
        assertThat(kept.translated().orElseThrow().vocabulary().words()).doesNotContain("seldom");
    }

    @Test
    void onePairIsTheSameInOneFileAndInTwo() {
        TextLines one = TextLines.ofTabbed("t", " a b \tx\n c\ty \r\n");
        TextLines two = two("t", " a b \n c\n", "u", "x\ny \r\n");
        assertThat(sides(two)).isEqualTo(sides(one)).containsExactly("a b", "x", "c", "y");
    }

    private static TextLines two(String source, String text, String otherSource, String other) {
        return TextLines.ofTwo(TextSource.held(source, text), TextSource.held(otherSource, other));
    }

    private static List<String> sides(TextLines lines) {
        List<String> sides = new ArrayList<>();
        lines.each((first, second) -> sides.addAll(List.of(first, second)));
        return sides;
    }

    @Test
    void linesThatAreNoPairsAreNamed() {
        refused(
                () -> TextLines.ofTabbed("t.tsv", "a\tb\nc\n"),
                "t.tsv, line 2: expected two texts with a tab between them, found 1 text");
        refused(
                () -> TextLines.ofTabbed("t.tsv", "a\tb\n\nc\td\n"),
                "t.tsv, line 2: expected two texts with a tab between them, found 1 text");
        refused(
                () -> TextLines.ofTabbed("t.tsv", "a\tb\tc\n"),
                "t.tsv, line 1: expected two texts with a tab between them, found 3 texts");
        refused(
                () -> TextLines.ofTabbed("t.tsv", "a\tb\n \tx\n"),
                "t.tsv, line 2: expected a text on each side, found an empty one");
        refused(() -> two("a.txt", "a\nb\n", "b.txt", "x\n"), "b.txt: expected 2 lines as a.txt has, found 1");
        refused(
                () -> two("a.txt", "a\nb\n", "b.txt", "x\n\n"),
                "b.txt, line 2: expected a text on each side, found an empty one");
        refused(
                () -> TextPairs.classes("t", TextLines.ofTabbed("t", "a\tx\nb\tx\n"), WORDS),
                "t: expected at least 2 classes, behind the tabs, found only 'x'");
        refused(
                () -> TextPairs.translations("t", TextLines.ofTabbed("t", "a\tx\n"), WORDS),
                "t: expected lines to learn from and 1 to test with, found 1 line");
    }

    @Test
    void aLabelNeverSeenIsNamed() {
        TextLines lines = TextLines.ofTabbed("t", "a\tx\na\ty\na\tx\na\tz\n");
        // Of four lines one is tested with; in one of these draws it is the only z.
        boolean named = false;
        for (int seed = 0; seed < 20 && !named; seed++) {
            try {
                TextPairs.classes("t", lines, new TextPairs.Choice(text -> new WordTokenizer(true), 1, 1, seed));
            } catch (BadDataException e) {
                assertThat(e)
                        .hasMessage(
                                "t/test, sample 0: expected one of the classes of the training lines, x, y, found 'z'");
                named = true;
            }
        }
        assertThat(named).isTrue();
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String line) {
        assertThatThrownBy(call).isInstanceOf(BadDataException.class).hasMessage(line);
    }

    private static BatchSource source(TrainTest data, int batch) {
        return data.train().batches("", "", batch, 1, BatchOrder.sequential());
    }

    private static int[] ints(Map<String, Tensor> batch, String port) {
        Tensor tensor = Objects.requireNonNull(batch.get(port));
        int[] values = new int[tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.getInt(i);
        }
        return values;
    }
}
