package io.ketju.data.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

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
     * {@return the numbers of the tokens of a text; {@link Vocabulary#NUL} for those that are not known, of which those of another
     * program have none}
     *
     * @param text any
     */
    public int[] encode(String text) {
        return tokenizer.split(text).stream().mapToInt(vocabulary::number).toArray();
    }

    /**
     * {@return the text of these numbers, up to the first that {@linkplain Vocabulary#isEnd ends} it, without padding and begins}
     *
     * @param numbers of the vocabulary
     * @throws IndexOutOfBoundsException for one that the vocabulary has not
     */
    public String decode(int... numbers) {
        List<String> tokens = new ArrayList<>();
        for (int number : numbers) {
            Objects.checkIndex(number, vocabulary.size());
            if (vocabulary.isEnd(number)) {
                break;
            }
            if (vocabulary.isText(number) || isUnknown(number)) {
                tokens.add(vocabulary.token(number));
            }
        }
        return tokenizer.join(tokens);
    }

    /**
     * {@return how many of these numbers stand for tokens that are not known: are {@link Vocabulary#NUL}; none of another program's}
     *
     * @param numbers of this vocabulary
     */
    public int unknown(int... numbers) {
        return (int) IntStream.of(numbers).filter(this::isUnknown).count();
    }

    private boolean isUnknown(int number) {
        return vocabulary.isOwn() && number == Vocabulary.NUL;
    }
}
