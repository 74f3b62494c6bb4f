package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.data.TrainTest;
import io.ketju.data.archive.PackedFile;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A text that is not held: it is gone through part by part, once to count its characters, once to count its tokens (twice where a tokenizer
 * is learnt), and once to number them. The numbers lie in a temporary file then. Vocabulary, samples and identity are those of the
 * same text in memory.
 */
public final class LargeText {
    /** Texts of as many bytes are not held. */
    private static final long LARGE_BYTES = 16L << 20;

    /** A byte of a packed text stands for so many at most, about. */
    private static final int PACKING = 8;

    private final Path file;
    private final TextParts parts;

    /**
     * How the two halves are made.
     *
     * @param testShare of the characters, 0 to 1, both excluded
     * @param encoding of the training text
     */
    public record Choice(double testShare, EncodingChoice encoding) {
        /**
         * With a vocabulary that is learnt.
         *
         * @param testShare of the characters, 0 to 1, both excluded
         * @param tokenizer of the training text: a {@link TokenizerLearning} where it depends on it
         * @param minCount how often a token must come in the training text to be known
         */
        public Choice(double testShare, Function<String, Tokenizer> tokenizer, int minCount) {
            this(testShare, new EncodingChoice.Learnt(tokenizer, minCount));
        }
    }

    /** Both halves as numbers of their tokens. */
    record Halves(TextEncoding encoding, TokenNumbers train, TokenNumbers test) {}

    LargeText(Path file, int charactersOfPart) {
        this.file = file;
        parts = new TextParts(file, charactersOfPart);
    }

    /**
     * {@return whether a file is so large that it is better not held} Of a packed one the text may be some times as large.
     *
     * @param file that need not be there
     */
    public static boolean is(Path file) {
        try {
            long large = PackedFile.isPacked(file) ? LARGE_BYTES / PACKING : LARGE_BYTES;
            return Files.isRegularFile(file) && Files.size(file) >= large;
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        }
    }

    /**
     * {@return the windows of both halves, as {@link TextWindows#of} cuts them}
     *
     * @param name what reports call the data
     * @param file UTF-8; gzipped, if its name ends in {@code .gz}, or the only one in a {@code .zip} or {@code .tgz}, of at most 256 MiB
     *     then
     * @param choice how the two halves are made
     * @param cut how windows are cut
     * @throws BadDataException if it cannot be read, is no UTF-8, or a half has no window
     */
    public static TrainTest windows(String name, Path file, Choice choice, TextWindows.Cut cut) {
        return new LargeText(file, TextParts.USUAL).windows(name, choice, cut);
    }

    /**
     * {@return the windows of a whole text, numbered as another one was}
     *
     * @param name what reports call the data
     * @param file as above
     * @param encoding of the other
     * @param cut how windows are cut
     * @throws BadDataException as above
     */
    public static TextWindows windows(String name, Path file, TextEncoding encoding, TextWindows.Cut cut) {
        return new TextWindows(name, encoding, numbers(file, encoding), cut);
    }

    /** The tokens of a whole text, numbered as another one was. */
    static TokenNumbers numbers(Path file, TextEncoding encoding) {
        LargeText text = new LargeText(file, TextParts.USUAL);
        return text.numbers(encoding, 0, text.parts.size());
    }

    TrainTest windows(String name, Choice choice, TextWindows.Cut cut) {
        Halves halves = halves(choice);
        return new TrainTest(
                new TextWindows(name + "/train", halves.encoding(), halves.train(), cut),
                new TextWindows(name + "/test", halves.encoding(), halves.test(), cut));
    }

    Halves halves(Choice choice) {
        long end = end(choice.testShare());
        TextEncoding encoding = choice.encoding().of(front(end));
        return new Halves(encoding, numbers(encoding, 0, end), numbers(encoding, end, parts.size()));
    }

    private EncodingChoice.Parts front(long end) {
        return new EncodingChoice.Parts() {
            @Override
            public String source() {
                return file.toString();
            }

            @Override
            public void each(boolean anywhere, Consumer<String> taker) {
                parts.each(0, end, anywhere, taker);
            }
        };
    }

    /** Where the training text ends. */
    private long end(double testShare) {
        long end = parts.wholeCharacters(Math.round(parts.size() * (1 - testShare)));
        if (end < 1 || end >= parts.size()) {
            throw BadDataException.of(
                    "text '" + Excerpt.of(file.toString()) + "'",
                    "a text that can be cut in two",
                    parts.size() + " characters");
        }
        return end;
    }

    private TokenNumbers numbers(TextEncoding encoding, long from, long to) {
        boolean characters = encoding.tokenizer() instanceof CharacterTokenizer;
        Function<String, int[]> encode = characters ? ofCharacters(encoding.vocabulary()) : encoding::encode;
        try (TokenNumbers.Writer numbers =
                new TokenNumbers.Writer(encoding.vocabulary().size(), HeapRoom.ofTokens())) {
            parts.each(from, to, characters, part -> numbers.add(encode.apply(part)));
            return numbers.finish();
        }
    }

    /** As the encoding does, by a table. */
    private static Function<String, int[]> ofCharacters(Vocabulary vocabulary) {
        int[] numbers = new int[Character.MAX_CODE_POINT + 1];
        Arrays.fill(numbers, Vocabulary.NUL);
        vocabulary.words().forEach(word -> numbers[word.codePointAt(0)] = vocabulary.number(word));
        return part -> part.codePoints().map(character -> numbers[character]).toArray();
    }
}
