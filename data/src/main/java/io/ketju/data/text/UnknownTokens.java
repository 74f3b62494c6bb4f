package io.ketju.data.text;

import io.ketju.data.BadDataException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What is said of tokens that a vocabulary has not. */
public final class UnknownTokens {
    private UnknownTokens() {}

    /**
     * {@return a line with the share of tokens that are not known; none where all are}
     *
     * @param name what the line calls the data
     * @param encoding whose vocabulary numbers them
     * @param tokens numbers, {@link Vocabulary#NUL} for those that are not known
     */
    public static List<String> note(String name, TextEncoding encoding, int... tokens) {
        return note(name, encoding.unknown(tokens), tokens.length);
    }

    /** The same of tokens that are counted. */
    static List<String> note(String name, long unknown, long tokens) {
        return unknown == 0
                ? List.of()
                : List.of(String.format(
                        Locale.ROOT,
                        "%s: %.2f %% of the tokens are not in the vocabulary, which stand as %s",
                        name,
                        100.0 * unknown / tokens,
                        Vocabulary.SPECIAL.get(Vocabulary.NUL)));
    }

    /**
     * Checks that one token at least is known.
     *
     * @param name what the error calls the data
     * @param encoding whose vocabulary numbers them
     * @param tokens numbers, {@link Vocabulary#NUL} for those that are not known
     * @throws BadDataException if none is, for instance because there is none
     */
    public static void requireKnown(String name, TextEncoding encoding, int... tokens) {
        requireKnown(name, encoding.unknown(tokens), tokens.length);
    }

    /** The same of tokens that are counted. */
    static void requireKnown(String name, long unknown, long tokens) {
        if (unknown == tokens) {
            throw BadDataException.of(name, "a token that the vocabulary has", "none of " + tokens);
        }
    }

    /**
     * {@return all tokens of some sequences, one sequence behind the other}
     *
     * @param sequences in their order
     */
    public static int[] all(int[]... sequences) {
        return IntStream.range(0, sequences.length)
                .flatMap(i -> IntStream.of(sequences[i]))
                .toArray();
    }
}
