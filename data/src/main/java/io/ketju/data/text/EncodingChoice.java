package io.ketju.data.text;

import io.ketju.data.BadDataException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Where the encoding of a training text comes from, which need not be held: it is gone through part by part. */
public sealed interface EncodingChoice {
    /**
     * {@return the encoding of a text}
     *
     * @param text to learn it from, where it is learnt
     * @throws BadDataException if the heap has no room for its different words
     */
    TextEncoding of(Parts text);

    /** A text, part by part, as often as it is asked for. */
    interface Parts {
        /** {@return what errors call it} */
        String source();

        /**
         * Goes through all parts in their order.
         *
         * @param anywhere whether parts may end behind every whole character, else where every {@link Tokenizer} gives the same tokens
         *     of the parts as of the whole
         * @param taker of each
         */
        void each(boolean anywhere, Consumer<String> taker);
    }

    /**
     * One that is there.
     *
     * @param encoding of whatever text
     */
    record There(TextEncoding encoding) implements EncodingChoice {
        @Override
        public TextEncoding of(Parts text) {
            return encoding;
        }
    }

    /**
     * One that the text gives, as {@link TextEncoding#of} has it of the whole text.
     *
     * @param tokenizer of the text: a {@link TokenizerLearning} where it depends on it
     * @param minCount how often a token must come to be known
     */
    record Learnt(Function<String, Tokenizer> tokenizer, int minCount) implements EncodingChoice {
        @Override
        public TextEncoding of(Parts text) {
            Tokenizer found = tokenizer instanceof TokenizerLearning learning
                    ? learning.learn(counted(text, learning::units))
                    : tokenizer.apply("");
            return new TextEncoding(found, Vocabulary.of(counts(text, found), minCount));
        }

        private static Map<String, Long> counts(Parts text, Tokenizer tokenizer) {
            if (!(tokenizer instanceof CharacterTokenizer)) {
                return counted(text, tokenizer::split);
            }
            long[] ofCharacter = new long[Character.MAX_CODE_POINT + 1];
            text.each(true, part -> part.codePoints().forEach(character -> ofCharacter[character]++));
            Map<String, Long> counts = new HashMap<>();
            IntStream.range(0, ofCharacter.length)
                    .filter(character -> ofCharacter[character] > 0)
                    .forEach(character -> counts.put(Character.toString(character), ofCharacter[character]));
            return counts;
        }

        private static Map<String, Long> counted(Parts text, Function<String, List<String>> pieces) {
            Map<String, Long> counts = new HashMap<>();
            long most = HeapRoom.mostDifferent();
            text.each(false, part -> {
                pieces.apply(part).forEach(piece -> counts.merge(piece, 1L, Long::sum));
                if (counts.size() > most) {
                    throw BadDataException.of(
                            text.source(),
                            "at most " + most + " different words, as many as the heap has room for",
                            "more; raise -Xmx, or take tokens=characters");
                }
            });
            return counts;
        }
    }
}
