package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.BatchTensors;
import io.ketju.data.Dataset;
import io.ketju.data.Texts;
import io.ketju.data.TrainTest;
import io.ketju.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A text that is gone through part by part gives what it gives in memory: tokens, vocabulary, batches, identity. */
class LargeTextTest {
    private static final TextWindows.Cut CUT = new TextWindows.Cut(9, 5);

    /** What goes wrong at the border of two parts: marks, white space in rows, capitals that look around, halves of characters. */
    private static final String ODD =
            "\uFEFF  Σ ΟΔΥΣΣΕΥΣ, ΣΣ\tΣ.\r\nİstanbul's  \r\r\n\n old-time—né e\u0301 𝄞𝄞 𝄞 1,841 don't \u00A0 x\r";

    private static final Tokenizer BYTES = ByteLevelBpe.read(Path.of("src", "test", "resources", "tokenizer"));

    @TempDir
    private Path folder;

    /** How a text is cut, as job files say it. */
    record Cutting(String name, Function<String, Tokenizer> tokenizer) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Cutting> cuttings() {
        return List.of(
                new Cutting("characters", text -> new CharacterTokenizer()),
                new Cutting("words", text -> new WordTokenizer(true)),
                new Cutting("words as written", text -> new WordTokenizer(false)),
                new Cutting("pieces of words", BytePairTokenizer.learning(60)),
                new Cutting("bytes", text -> BYTES));
    }

    /** Packed, a text takes less of the disk than of the heap. */
    @Test
    void aPackedFileIsLargeBefore() throws IOException {
        assertThat(LargeText.is(ofSize("text.txt", 16L << 20))).isTrue();
        assertThat(LargeText.is(ofSize("text.txt", (16L << 20) - 1))).isFalse();
        for (String name : List.of("text.txt.gz", "text.zip", "text.tgz")) {
            assertThat(LargeText.is(ofSize(name, 2L << 20))).as(name).isTrue();
            assertThat(LargeText.is(ofSize(name, (2L << 20) - 1))).as(name).isFalse();
        }
        assertThat(LargeText.is(folder.resolve("none.gz"))).isFalse();
    }

    private Path ofSize(String name, long bytes) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(bytes);
        }
        return file;
    }

    @ParameterizedTest
    @MethodSource("cuttings")
    void partsGiveWhatTheWholeGives(Cutting cutting) throws IOException {
        Path file = folder.resolve("t.txt");
        String novel = Texts.find("dickens").substring(0, 30_000);
        Files.writeString(file, ODD.repeat(3) + novel + ODD.substring(1).repeat(40));
        for (int minCount : new int[] {1, 3}) {
            TrainTest whole = TextWindows.of(
                    "t", TextSplit.of("t", TextFile.read(file), 0.13, cutting.tokenizer(), minCount), CUT);
            for (int characters : new int[] {1, 2, 7, 100, 5_000, 1 << 20}) {
                requireSame(parts(file, characters, 0.13, cutting.tokenizer(), minCount), whole);
            }
        }
    }

    @Test
    void randomTextsAndCutsToo() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String letters = "aΣ𝄞 \n\r\té1'-.\u00A0\u2003";
        for (int round = 0; round < 60; round++) {
            StringBuilder text = new StringBuilder("abc abd abe");
            int[] characters = letters.codePoints().toArray();
            for (int i = 0; i < 300; i++) {
                text.appendCodePoint(characters[random.nextInt(characters.length)]);
            }
            Path file = folder.resolve("t.txt");
            Files.writeString(file, text);
            double share = 0.2 + 0.6 * random.nextDouble();
            for (Cutting cutting : cuttings()) {
                TrainTest whole =
                        TextWindows.of("t", TextSplit.of("t", TextFile.read(file), share, cutting.tokenizer(), 1), CUT);
                TrainTest parts = parts(file, 1 + random.nextInt(40), share, cutting.tokenizer(), 1);
                assertThat(parts.train().identity())
                        .as("seed %d, %s", seed, cutting)
                        .isEqualTo(whole.train().identity());
                assertThat(parts.test().identity())
                        .as("seed %d, %s", seed, cutting)
                        .isEqualTo(whole.test().identity());
            }
        }
    }

    @Test
    void gzippedOnesAndOthersInTheVocabularyOfARunAreReadAlike() throws IOException {
        byte[] bytes = Texts.find("dickens").substring(0, 20_000).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        Path file = Files.write(folder.resolve("t.txt.gz"), packed.toByteArray());
        TextEncoding encoding = TextEncoding.of(new WordTokenizer(true), "the a and of nell", 1);
        TextWindows whole = new TextWindows("t", encoding, encoding.encode(TextFile.read(file)), CUT);
        TextWindows parts = LargeText.windows("t", file, encoding, CUT);
        assertThat(parts.identity()).isEqualTo(whole.identity());
        assertThat(parts.unknownShare()).isEqualTo(whole.unknownShare());
        assertThat(parts.notes()).isEqualTo(whole.notes());
        assertThat(parts.text(7)).isEqualTo(whole.text(7));
    }

    /** As narrow as the vocabulary allows, on the heap and in a file. */
    @Test
    void numbersAreWhatWasWritten() {
        for (int vocabulary : new int[] {256, 257, 65_536, 65_537}) {
            for (long heapBytes : new long[] {0, 1 << 20}) {
                try (TokenNumbers.Writer writer = new TokenNumbers.Writer(vocabulary, heapBytes)) {
                    writer.add(0, vocabulary - 1, 3);
                    writer.add();
                    writer.add(vocabulary / 2);
                    TokenNumbers numbers = writer.finish();
                    assertThat(numbers.size()).isEqualTo(4);
                    assertThat(numbers.copy(0, 4)).containsExactly(0, vocabulary - 1, 3, vocabulary / 2);
                }
            }
        }
    }

    @Test
    void whatIsNoTextIsNamedAsInMemory() throws IOException {
        refused(new byte[] {'a', 'b', (byte) 0xFF, 'c'});
        refused(new byte[] {'a', 'b', (byte) 0xE2, (byte) 0x82});
        refused(new byte[0]);
        refused(" \r\n \t".getBytes(StandardCharsets.UTF_8));
        byte[] late = "0123456789".repeat(20_000).getBytes(StandardCharsets.UTF_8);
        late[150_001] = (byte) 0xC0;
        refused(late);
    }

    @Test
    void aTextThatGoesOnWithoutWhiteSpaceIsRefusedUnlessItIsOfCharacters() throws IOException {
        Path file = folder.resolve("t.txt");
        Files.writeString(file, "ab".repeat(9 << 20));
        assertThatThrownBy(() -> parts(file, 1 << 20, 0.01, text -> new WordTokenizer(true), 1))
                .isInstanceOf(BadDataException.class)
                .hasMessage(file + ": expected white space at least every 16777216 characters, or tokens=characters,"
                        + " found a text without");
        TrainTest characters = parts(file, 1 << 20, 0.01, text -> new CharacterTokenizer(), 1);
        assertThat(characters.train().tokens("input")).isEqualTo(6);
    }

    private void refused(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("t.txt"), bytes);
        String line = message(() -> TextFile.read(file));
        assertThat(message(() -> new TextParts(file, 10))).isEqualTo(line);
    }

    private static String message(Runnable reading) {
        try {
            reading.run();
            return "";
        } catch (BadDataException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static TrainTest parts(
            Path file, int characters, double share, Function<String, Tokenizer> tokenizer, int minCount) {
        return new LargeText(file, characters).windows("t", new LargeText.Choice(share, tokenizer, minCount), CUT);
    }

    private static void requireSame(TrainTest parts, TrainTest whole) {
        requireSame(parts.train(), whole.train());
        requireSame(parts.test(), whole.test());
    }

    private static void requireSame(Dataset parts, Dataset whole) {
        assertThat(parts.size()).isEqualTo(whole.size());
        assertThat(parts.textEncoding()).isEqualTo(whole.textEncoding());
        assertThat(parts.identity()).isEqualTo(whole.identity());
        assertThat(parts.notes()).isEqualTo(whole.notes());
        assertThat(firstBatches(parts)).isEqualTo(firstBatches(whole));
    }

    private static List<Integer> firstBatches(Dataset data) {
        BatchSource source = data.batches("input", "target", 8, 2, BatchOrder.shuffled(3));
        List<Integer> values = new ArrayList<>();
        try (BatchTensors tensors = new BatchTensors(source)) {
            for (int step = 0; step < Math.min(3, source.stepsPerEpoch()); step++) {
                for (Map<String, Tensor> batch : tensors.read(source.plan(step))) {
                    for (Tensor tensor : batch.values()) {
                        for (int i = 0; i < tensor.elements(); i++) {
                            values.add(tensor.getInt(i));
                        }
                    }
                }
            }
        }
        return values;
    }
}
