package io.ketju.data.text;

import java.util.ArrayList;
import java.util.List;

/**
 * How a text becomes numbers, and numbers a text.
 *
 * @param tokenizer cuts
 * @param vocabulary numbers
 */
public record TextEncoding(Tokenizer tokenizer, Vocabulary vocabulary) {
    /**
     * {@return the encoding that a training text gives: the vocabulary of its tokens that come at least so often}
     *
     * @param tokenizer cuts it
     * @param text to learn the vocabulary from
     * @param minCount how often a token must come to be known; with 1 all are
     */
    public static TextEncoding of(Tokenizer tokenizer, String text, int minCount) {
        return new TextEncoding(tokenizer, Vocabulary.of(tokenizer.split(text), minCount));
    }

    /**
     * {@return the numbers of the tokens of a text; {@link Vocabulary#NUL} for those that are not known}
     *
     * @param text any
     */
    public int[] encode(String text) {
        return tokenizer.split(text).stream().mapToInt(vocabulary::number).toArray();
    }

    /**
     * {@return the text of these numbers, up to the first {@link Vocabulary#EOS}, without padding and begins}
     *
     * @param numbers of the vocabulary
     * @throws IndexOutOfBoundsException for one that the vocabulary has not
     */
    public String decode(int... numbers) {
        List<String> tokens = new ArrayList<>();
        for (int number : numbers) {
            if (number == Vocabulary.EOS) {
                break;
            }
            if (number != Vocabulary.PAD && number != Vocabulary.BOS) {
                tokens.add(vocabulary.token(number));
            }
        }
        return tokenizer.join(tokens);
    }

    /**
     * {@return how many of these numbers stand for tokens that are not known: are {@link Vocabulary#NUL}}
     *
     * @param numbers of any vocabulary
     */
    public static int unknown(int... numbers) {
        int count = 0;
        for (int number : numbers) {
            count += number == Vocabulary.NUL ? 1 : 0;
        }
        return count;
    }
}
