package io.ketju.data.text;

import io.ketju.data.BadDataException;
import java.util.function.Function;

/**
 * A text cut in two, and the encoding of its front.
 *
 * @param train the front
 * @param test the end
 * @param encoding with the vocabulary of the front alone
 */
public record TextSplit(String train, String test, TextEncoding encoding) {
    /**
     * Cuts a text; never between the two halves of one character.
     *
     * @param name for errors
     * @param text to cut
     * @param testShare of the characters, 0 to 1, both excluded
     * @param tokenizer of the training text
     * @param minCount how often a token must come in the training text to be known
     * @return front and end, with the encoding of the front
     * @throws BadDataException if one of both would be empty
     */
    public static TextSplit of(
            String name, String text, double testShare, Function<String, Tokenizer> tokenizer, int minCount) {
        return of(name, text, testShare, train -> TextEncoding.of(tokenizer.apply(train), train, minCount));
    }

    /**
     * Cuts a text; never between the two halves of one character.
     *
     * @param name for errors
     * @param text to cut
     * @param testShare of the characters, 0 to 1, both excluded
     * @param encoding of the training text: learnt from it, or one that is there
     * @return front and end, with that encoding
     * @throws BadDataException if one of both would be empty
     */
    public static TextSplit of(String name, String text, double testShare, Function<String, TextEncoding> encoding) {
        int at = (int) Math.round(text.length() * (1 - testShare));
        // Not between the halves of one character.
        int cut = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
        if (cut < 1 || cut >= text.length()) {
            throw BadDataException.of(name, "a text that can be cut in two", text.length() + " characters");
        }
        String train = text.substring(0, cut);
        return new TextSplit(train, text.substring(cut), encoding.apply(train));
    }
}
