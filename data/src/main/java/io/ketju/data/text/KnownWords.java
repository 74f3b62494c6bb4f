package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.stream.LongStream;

/** The tokens of a text that a vocabulary knows: how often each comes, and the text that they are without the others. */
final class KnownWords {
    /** All of them stay. */
    static final Staying ALL = (number, token) -> true;

    private KnownWords() {}

    /** Which of the known ones stay: the one of this number in the text, from 0 on, that is this token. */
    interface Staying {
        boolean stays(long number, int token);
    }

    /** How often each token of the vocabulary comes; 0 for those that are not known. */
    static int[] counts(String name, TokenNumbers tokens, Vocabulary vocabulary) {
        long[] counts = new long[vocabulary.size()];
        tokens.each(part -> {
            for (int token : part) {
                counts[token]++;
            }
        });
        counts[Vocabulary.NUL] = 0;
        for (int token = 0; token < counts.length; token++) {
            if (counts[token] > Integer.MAX_VALUE) {
                throw BadDataException.of(
                        name,
                        "every word at most " + Integer.MAX_VALUE + " times",
                        "'" + Excerpt.of(vocabulary.token(token)) + "' " + counts[token] + " times");
            }
        }
        return LongStream.of(counts).mapToInt(count -> (int) count).toArray();
    }

    /** Those that are known and stay, in their order. */
    static TokenNumbers of(TokenNumbers tokens, Vocabulary vocabulary, Staying staying) {
        try (TokenNumbers.Writer known = new TokenNumbers.Writer(vocabulary.size(), HeapRoom.ofTokens())) {
            long[] number = new long[1];
            tokens.each(part -> {
                int kept = 0;
                for (int token : part) {
                    if (token != Vocabulary.NUL && staying.stays(number[0]++, token)) {
                        part[kept++] = token;
                    }
                }
                known.add(Arrays.copyOf(part, kept));
            });
            return known.finish();
        }
    }

    /** A word of share f stays with the probability {@code (sqrt(f / t) + 1) · t / f}, as in the authors' program. */
    static Staying sampled(long known, int[] counts, WordWindows.Form form) {
        if (form.sample() == 0) {
            return ALL;
        }
        double threshold = form.sample() * known;
        CounterRandom random = CounterRandom.of(form.seed(), "subsampling");
        return (number, token) -> {
            double ratio = threshold / counts[token];
            return Math.sqrt(ratio) + ratio > random.uniform(number);
        };
    }
}
