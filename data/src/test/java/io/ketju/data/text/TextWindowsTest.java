package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.Dataset;
import io.ketju.data.Texts;
import io.ketju.data.TrainTest;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextWindowsTest {
    @TempDir
    private Path folder;

    @Test
    void aWindowIsFollowedByItsNextTokens() {
        TrainTest data = windows("abcabcabca" + "bcab", 14 - 4, new TextWindows.Cut(3, 2));
        // a 4, b 5, c 6: by frequency, then by letter
        assertThat(data.train().size()).isEqualTo(4);
        assertThat(input(data.train(), 1)).containsExactly(6, 4, 5);
        assertThat(target(data.train(), 1)).containsExactly(4, 5, 6);
        assertThat(target(data.train(), 3)).containsExactly(5, 6, 4);
        assertThat(data.test().size()).isEqualTo(1);
    }

    @Test
    void theNovelHas77CharactersAndFourNumbersThatAreNoText() {
        TextSplit split = TextSplit.of("dickens", Texts.find("dickens"), 0.1, text -> new CharacterTokenizer(), 1);
        TrainTest data = TextWindows.of("dickens", split, new TextWindows.Cut(64, 64));
        assertThat(split.encoding().vocabulary().size()).isEqualTo(81);
        assertThat(data.train().size()).isEqualTo(17_085);
        assertThat(((TextWindows) data.test()).unknownShare()).isZero();
        assertThat(split.encoding().decode(input(data.train(), 0)))
                .isEqualTo(Texts.find("dickens").substring(0, 64));
    }

    @Test
    void otherTextsAndCutsHaveOtherIdentities() {
        String one =
                windows("abcabcabcabc", 8, new TextWindows.Cut(2, 2)).train().identity();
        assertThat(windows("abcabcabcabc", 8, new TextWindows.Cut(2, 2)).train().identity())
                .isEqualTo(one);
        assertThat(windows("abcabcabcabc", 8, new TextWindows.Cut(2, 1)).train().identity())
                .isNotEqualTo(one);
        assertThat(windows("abcabcbbcabc", 8, new TextWindows.Cut(2, 2)).train().identity())
                .isNotEqualTo(one);
    }

    @Test
    void tooShortATextIsNamed() {
        assertThatThrownBy(() -> windows("abcabc", 3, new TextWindows.Cut(5, 5)))
                .isInstanceOf(BadDataException.class)
                .hasMessage("t/train: expected at least 6 tokens, for a context of 5 and the one that comes next,"
                        + " found 3");
    }

    @Test
    void aTextOfWhichNothingIsKnownIsRefused() {
        assertThatThrownBy(() -> windows("abab" + "xyxy", 4, new TextWindows.Cut(2, 2)))
                .isInstanceOf(BadDataException.class)
                .hasMessage("t/test: expected a token that the vocabulary has, found none of 4");
    }

    @Test
    void bytesThatAreNoTextAreNamedByTheirPlace() throws IOException {
        Path file = folder.resolve("t.txt");
        Files.write(file, new byte[] {'a', 'b', (byte) 0xFF, 'c'});
        assertThatThrownBy(() -> TextFile.read(file))
                .isInstanceOf(BadDataException.class)
                .hasMessage(file + ", byte 2: expected text in UTF-8, found other bytes");
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> TextFile.read(file)).hasMessage(file + ": expected a text, found an empty file");
        Files.writeString(file, " \n ");
        assertThatThrownBy(() -> TextFile.read(file)).hasMessage(file + ": expected a text, found white space alone");
    }

    @Test
    void marksAndLineEndsOfOtherSystemsAreNoText() throws IOException {
        Path file = folder.resolve("t.txt");
        Files.write(file, "\uFEFFa\r\nb".getBytes(StandardCharsets.UTF_8));
        assertThat(TextFile.read(file)).isEqualTo("a\nb");
    }

    private static TrainTest windows(String text, int train, TextWindows.Cut cut) {
        double test = 1 - (double) train / text.length();
        return TextWindows.of("t", TextSplit.of("t", text, test, all -> new CharacterTokenizer(), 1), cut);
    }

    private static int[] input(Dataset data, int sample) {
        return ints(data, (batch, row) -> data.copyInput(sample, batch, row));
    }

    private static int[] target(Dataset data, int sample) {
        return ints(data, (batch, row) -> data.copyTarget(sample, batch, row));
    }

    private interface Copy {
        void into(Tensor batch, int row);
    }

    private static int[] ints(Dataset data, Copy copy) {
        int context = data.inputShape().dimension(0);
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor batch = arena.allocate(TensorType.ints(2, context));
            copy.into(batch, 1);
            int[] values = new int[context];
            for (int i = 0; i < context; i++) {
                values[i] = batch.getInt(context + i);
            }
            return values;
        }
    }
}
