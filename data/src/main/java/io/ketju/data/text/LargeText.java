package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.data.TrainTest;
import io.ketju.data.archive.PackedFile;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

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

    /** Numbers that take more bytes lie in a file. */
    private static final long HEAP_BYTES = 16L << 20;

    /** What a token and its count take of the heap, about. */
    private static final long BYTES_OF_TOKEN = 256;

    private final Path file;
    private final TextParts parts;

    /**
     * How the two halves are made.
     *
     * @param testShare of the characters, 0 to 1, both excluded
     * @param tokenizer of the training text: a {@link TokenizerLearning} where it depends on it
     * @param minCount how often a token must come in the training text to be known
     */
    public record Choice(double testShare, Function<String, Tokenizer> tokenizer, int minCount) {}

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
        LargeText text = new LargeText(file, TextParts.USUAL);
        return new TextWindows(name, encoding, text.numbers(encoding, 0, text.parts.size()), cut);
    }

    /**
     * {@return the windows of both halves, numbered by an encoding that is there}
     *
     * @param name what reports call the data
     * @param file as above
     * @param testShare of the characters, 0 to 1, both excluded
     * @param encoding of both halves
     * @param cut how windows are cut
     * @throws BadDataException as above
     */
    public static TrainTest windows(
            String name, Path file, double testShare, TextEncoding encoding, TextWindows.Cut cut) {
        LargeText text = new LargeText(file, TextParts.USUAL);
        return text.halves(name, text.end(testShare), encoding, cut);
    }

    TrainTest windows(String name, Choice choice, TextWindows.Cut cut) {
        long end = end(choice.testShare());
        Tokenizer tokenizer = tokenizer(choice.tokenizer(), end);
        Vocabulary vocabulary = Vocabulary.of(counts(tokenizer, end), choice.minCount());
        return halves(name, end, new TextEncoding(tokenizer, vocabulary), cut);
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

    TrainTest halves(String name, long end, TextEncoding encoding, TextWindows.Cut cut) {
        return new TrainTest(
                new TextWindows(name + "/train", encoding, numbers(encoding, 0, end), cut),
                new TextWindows(name + "/test", encoding, numbers(encoding, end, parts.size()), cut));
    }

    private Tokenizer tokenizer(Function<String, Tokenizer> choice, long end) {
        return choice instanceof TokenizerLearning learning
                ? learning.learn(counted(learning::units, end))
                : choice.apply("");
    }

    private Map<String, Long> counts(Tokenizer tokenizer, long end) {
        if (!(tokenizer instanceof CharacterTokenizer)) {
            return counted(tokenizer::split, end);
        }
        long[] ofCharacter = new long[Character.MAX_CODE_POINT + 1];
        parts.each(0, end, true, part -> part.codePoints().forEach(character -> ofCharacter[character]++));
        Map<String, Long> counts = new HashMap<>();
        IntStream.range(0, ofCharacter.length)
                .filter(character -> ofCharacter[character] > 0)
                .forEach(character -> counts.put(Character.toString(character), ofCharacter[character]));
        return counts;
    }

    private Map<String, Long> counted(Function<String, List<String>> pieces, long end) {
        Map<String, Long> counts = new HashMap<>();
        long most = Runtime.getRuntime().maxMemory() / BYTES_OF_TOKEN;
        parts.each(0, end, false, part -> {
            pieces.apply(part).forEach(piece -> counts.merge(piece, 1L, Long::sum));
            if (counts.size() > most) {
                throw BadDataException.of(
                        file.toString(),
                        "at most " + most + " different words, as many as the heap has room for",
                        "more; raise -Xmx, or take tokens=characters");
            }
        });
        return counts;
    }

    private TokenNumbers numbers(TextEncoding encoding, long from, long to) {
        boolean characters = encoding.tokenizer() instanceof CharacterTokenizer;
        Function<String, int[]> encode = characters ? ofCharacters(encoding.vocabulary()) : encoding::encode;
        try (TokenNumbers.Writer numbers =
                new TokenNumbers.Writer(encoding.vocabulary().size(), HEAP_BYTES)) {
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
