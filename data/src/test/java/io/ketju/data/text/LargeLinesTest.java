package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.BatchTensors;
import io.ketju.data.ConstantBatches.Constant;
import io.ketju.data.Dataset;
import io.ketju.data.Texts;
import io.ketju.data.TrainTest;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines and words of files that are not held, whose tokens lie in files, give what they give in memory. */
class LargeLinesTest {
    private static final String ODD =
            "\u00A0Σ ΟΔΥΣΣΕΥΣ, ΣΣ Σ\u2003.\u00A0\tİstanbul's old-time—né\u00A0\r\n 𝄞𝄞 𝄞 1,841 \tdon't \r";

    @TempDir
    private Path folder;

    static List<Function<String, Tokenizer>> tokenizers() {
        return List.of(
                text -> new CharacterTokenizer(),
                text -> new WordTokenizer(true),
                text -> new WordTokenizer(false),
                BytePairTokenizer.learning(60));
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void pairsOfAFileGiveWhatTheyGiveInMemory(Function<String, Tokenizer> tokenizer) throws IOException {
        Path file = file("t.tsv", verses(250));
        for (TextPairs.Choice choice :
                List.of(new TextPairs.Choice(tokenizer, 1, 0.13, 4), new TextPairs.Choice(tokenizer, 3, 20, 0))) {
            requireSame(
                    TextPairs.translations("t", streamed(file), choice),
                    TextPairs.translations("t", held(file), choice));
        }
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void classesOfAFileGiveWhatTheyGiveInMemory(Function<String, Tokenizer> tokenizer) throws IOException {
        Path file = file(
                "t.tsv",
                verses(250)
                        .lines()
                        .map(line -> line.substring(0, line.indexOf('\t') + 1) + "class " + line.length() % 5)
                        .collect(Collectors.joining("\r\n")));
        TextPairs.Choice choice = new TextPairs.Choice(tokenizer, 2, 3, 1);
        TrainTest streamed = TextPairs.classes("t", streamed(file), choice);
        assertThat(streamed.train().classNames()).hasSize(5);
        requireSame(streamed, TextPairs.classes("t", held(file), choice));
    }

    /** The vocabulary is that of all training texts as one text, whose parts end anywhere. */
    @ParameterizedTest
    @MethodSource("tokenizers")
    void joinedLinesAreOneText(Function<String, Tokenizer> tokenizer) {
        List<String> lines =
                verses(60).lines().map(line -> line.split("\t", -1)[0].strip()).toList();
        String all = String.join("\n", lines);
        TextEncoding whole = TextEncoding.of(tokenizer.apply(all), all, 1);
        for (int characters : new int[] {1, 20, 150, 1 << 20}) {
            JoinedLines joined = new JoinedLines("t", characters, lines::forEach);
            assertThat(new EncodingChoice.Learnt(tokenizer, 1).of(joined))
                    .as("parts of %d characters", characters)
                    .isEqualTo(whole);
        }
    }

    @Test
    void twoFilesOfWhichOneIsPackedGiveWhatOneGives() throws IOException {
        Path one = file("t.tsv", verses(100));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(side(one, 0).getBytes(StandardCharsets.UTF_8));
        }
        TextSource first = TextSource.streamed(Files.write(folder.resolve("a.txt.gz"), packed.toByteArray()));
        TextSource second = TextSource.streamed(file("b.txt", side(one, 1)));
        TextPairs.Choice choice = new TextPairs.Choice(text -> new WordTokenizer(true), 1, 5, 0);
        requireSame(
                TextPairs.translations("t", TextLines.ofTwo(first, second).holding(0), choice),
                TextPairs.translations("t", held(one), choice));
    }

    private static String side(Path file, int side) {
        return TextFile.read(file)
                .lines()
                .map(line -> line.split("\t", -1)[side])
                .collect(Collectors.joining("\r\n"));
    }

    @ParameterizedTest
    @MethodSource("tokenizers")
    void wordsOfAFileGiveWhatTheyGiveInMemory(Function<String, Tokenizer> tokenizer) throws IOException {
        Path file = file("t.txt", Texts.find("dickens").substring(0, 40_000) + ODD.repeat(9));
        WordWindows.Tree tree = counts -> new Constant(TensorType.ints(counts.length), counts.clone());
        for (WordWindows.Form form : List.of(
                new WordWindows.Form(true, new WordWindows.Window(2, 2, 1), 0.01, 3),
                new WordWindows.Form(false, new WordWindows.Window(3, 0, 4), 0, 0))) {
            TextSplit split = TextSplit.of("t", TextFile.read(file), 0.2, tokenizer, 2);
            TrainTest whole = WordWindows.of("t", split, form, tree);
            LargeText.Choice choice = new LargeText.Choice(0.2, tokenizer, 2);
            requireSame(WordWindows.of("t", file, choice, form, tree), whole);
            requireSame(WordWindows.of("t", new LargeText(file, 100).halves(choice), form, tree), whole);
        }
    }

    @Test
    void whatIsWrongIsSaidAsOfASmallFile() throws IOException {
        refused("a\tb\nc\n", ", line 2: expected two texts with a tab between them, found 1 text");
        refused("a\tb\r\nc\td\te\n", ", line 2: expected two texts with a tab between them, found 3 texts");
        refused("a\tb\n\r \tx\n", ", line 2: expected two texts with a tab between them, found 1 text");
        refused("a\tb\r \tx\n", ", line 2: expected a text on each side, found an empty one");
        Path file = Files.write(folder.resolve("t.tsv"), new byte[] {'a', '\t', 'b', '\n', (byte) 0xFF});
        assertThatThrownBy(() -> TextLines.ofTabbed(TextSource.streamed(file)))
                .isInstanceOf(BadDataException.class)
                .hasMessage(file + ", byte 4: expected text in UTF-8, found other bytes");
        Path two = file("a.txt", "a\nb\n");
        Path one = file("b.txt", "x\n");
        assertThatThrownBy(() -> TextLines.ofTwo(TextSource.streamed(two), TextSource.streamed(one)))
                .isInstanceOf(BadDataException.class)
                .hasMessage(one + ": expected 2 lines as " + two + " has, found 1");
    }

    private void refused(String text, String line) throws IOException {
        Path file = file("t.tsv", text);
        for (TextSource source : List.of(TextSource.of(file), TextSource.streamed(file))) {
            assertThatThrownBy(() -> TextLines.ofTabbed(source))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage(file + line);
        }
    }

    @Test
    void aFileThatChangesAndALineWithoutEndAreRefused() throws IOException {
        for (String changed : List.of("a\tx\n", "a\tx\nb\ty\nc\tz\n")) {
            Path file = file("t.tsv", "a\tx\nb\ty\n");
            TextLines lines = streamed(file);
            file("t.tsv", changed);
            assertThatThrownBy(() -> lines.each((first, second) -> {}))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage(file + ": expected 2 lines, as a moment ago, found another number");
        }
        Path long1 = file("long.tsv", "a\tx\n" + "ab".repeat(9 << 20) + "\tx\n");
        assertThatThrownBy(() -> streamed(long1))
                .isInstanceOf(BadDataException.class)
                .hasMessage(long1 + ", line 2: expected at most 16777216 characters in a line, found more");
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** Some verses, and lines at which a part must not end anywhere. */
    private static String verses(int count) {
        StringBuilder text = new StringBuilder(ODD.repeat(7));
        try (LineReader verses = Texts.findPairs("verses").lines()) {
            for (int i = 0; i < count; i++) {
                text.append(verses.next()).append(i % 3 == 0 ? "\r\n" : "\n");
            }
        }
        return text.append(ODD.repeat(3)).toString();
    }

    private static TextLines streamed(Path file) {
        return TextLines.ofTabbed(TextSource.streamed(file)).holding(0);
    }

    private static TextLines held(Path file) {
        return TextLines.ofTabbed("t", TextFile.read(file)).holding(Long.MAX_VALUE);
    }

    private static void requireSame(TrainTest files, TrainTest memory) {
        requireSame(files.train(), memory.train());
        requireSame(files.test(), memory.test());
    }

    private static void requireSame(Dataset files, Dataset memory) {
        assertThat(files.size()).isEqualTo(memory.size());
        assertThat(files.inputShape()).isEqualTo(memory.inputShape());
        assertThat(files.textEncoding()).isEqualTo(memory.textEncoding());
        assertThat(files.identity()).isEqualTo(memory.identity());
        assertThat(files.notes()).isEqualTo(memory.notes());
        assertThat(files.classNames()).isEqualTo(memory.classNames());
        assertThat(batches(files)).isEqualTo(batches(memory));
        assertThat(files.translations().isPresent())
                .isEqualTo(memory.translations().isPresent());
        files.translations().ifPresent(pairs -> {
            Translations others = memory.translations().orElseThrow();
            assertThat(pairs.target()).isEqualTo(others.target());
            assertThat(pairs.references()).isEqualTo(others.references());
            assertThat(pairs.sentences().stream().map(Arrays::toString))
                    .containsExactlyElementsOf(
                            others.sentences().stream().map(Arrays::toString).toList());
        });
    }

    /** All values of some batches of the first epoch and of the second. */
    private static List<Object> batches(Dataset data) {
        BatchSource source = data.batches("", "", 8, 2, BatchOrder.shuffled(3));
        List<Object> values = new ArrayList<>();
        try (BatchTensors tensors = new BatchTensors(source)) {
            for (int step = 0; step < Math.min(40, 2 * source.stepsPerEpoch()); step++) {
                for (Map<String, Tensor> batch : tensors.read(source.plan(step))) {
                    new TreeMap<>(batch).forEach((port, tensor) -> {
                        values.add(port + tensor.shape());
                        for (int i = 0; i < tensor.elements(); i++) {
                            values.add(tensor.getInt(i));
                        }
                    });
                }
            }
        }
        return values;
    }
}
