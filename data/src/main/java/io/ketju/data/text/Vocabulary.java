package io.ketju.data.text;

import io.ketju.data.IdentityHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens that a model knows, by number. The first four are no text: padding, begin and end of a sequence, and what stands
 * for every token that is not known. Immutable.
 */
public final class Vocabulary {
    /** Number of padding: {@code <PAD>}. */
    public static final int PAD = 0;

    /** Number of the begin of a sequence: {@code <BOS>}. */
    public static final int BOS = 1;

    /** Number of the end of a sequence: {@code <EOS>}. */
    public static final int EOS = 2;

    /** Number of every unknown token: {@code <NUL>}. */
    public static final int NUL = 3;

    /** Names of those that are no text. */
    public static final List<String> SPECIAL = List.of("<PAD>", "<BOS>", "<EOS>", "<NUL>");

    private final List<String> tokens;
    private final Map<String, Integer> numbers = new HashMap<>();

    /**
     * Numbers words.
     *
     * @param words those that are text, in the order of their numbers from 4 on, all different
     * @throws IllegalArgumentException if one comes twice
     */
    public Vocabulary(List<String> words) {
        List<String> all = new ArrayList<>(SPECIAL);
        all.addAll(words);
        tokens = List.copyOf(all);
        for (int i = SPECIAL.size(); i < tokens.size(); i++) {
            if (numbers.put(tokens.get(i), i) != null) {
                throw new IllegalArgumentException("token '" + tokens.get(i) + "' is in the vocabulary twice");
            }
        }
    }

    /**
     * {@return the tokens of a text that come at least so often, the most frequent first, of equals the first by its letters}
     *
     * @param text its tokens
     * @param minCount how often a token must come
     */
    public static Vocabulary of(Iterable<String> text, int minCount) {
        Map<String, Long> counts = new HashMap<>();
        text.forEach(token -> counts.merge(token, 1L, Long::sum));
        return of(counts, minCount);
    }

    /**
     * {@return the same of tokens that are counted}
     *
     * @param counts how often each comes
     * @param minCount how often a token must come
     */
    static Vocabulary of(Map<String, Long> counts, int minCount) {
        return new Vocabulary(counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= minCount)
                .sorted(Comparator.comparingLong((Map.Entry<String, Long> entry) -> -entry.getValue())
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .toList());
    }

    /** {@return how many numbers there are, those that are no text included} */
    public int size() {
        return tokens.size();
    }

    /**
     * {@return the number of a token; {@link #NUL} if it is not known}
     *
     * @param token a text; the names of those that are no text are not known
     */
    public int number(String token) {
        return numbers.getOrDefault(token, NUL);
    }

    /**
     * {@return the token of a number; for the first four, what {@link #SPECIAL} calls them}
     *
     * @param number 0 to {@link #size}, exclusive
     * @throws IndexOutOfBoundsException if it is another
     */
    public String token(int number) {
        return tokens.get(number);
    }

    /** {@return those that are text, in the order of their numbers from 4 on} */
    public List<String> words() {
        return tokens.subList(SPECIAL.size(), tokens.size());
    }

    void addTo(IdentityHash hash) {
        words().forEach(hash::add);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vocabulary vocabulary && vocabulary.tokens.equals(tokens);
    }

    @Override
    public int hashCode() {
        return tokens.hashCode();
    }

    @Override
    public String toString() {
        return size() + " tokens";
    }
}
