package io.ketju.data.text;

import io.ketju.data.IdentityHash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The tokens that a model knows, by number. In one that was learnt here the first four are no text: padding, begin and end of a
 * sequence, and what stands for every token that is not known. One of another program ({@link #foreign}) has numbers of its own
 * for all of that, as far as it has it. Immutable.
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

    /** What ends a text in the vocabulary of a GPT-2. */
    static final String END_OF_TEXT = "<|endoftext|>";

    /** By number; empty where no token has it. */
    private final List<String> tokens;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final SortedSet<String> special;
    private final boolean own;

    /**
     * Numbers words.
     *
     * @param words those that are text, in the order of their numbers from 4 on, all different
     * @throws IllegalArgumentException if one comes twice
     */
    public Vocabulary(List<String> words) {
        List<String> all = new ArrayList<>(SPECIAL);
        all.addAll(words);
        own = true;
        special = new TreeSet<>(SPECIAL);
        tokens = List.copyOf(all);
        for (int i = SPECIAL.size(); i < tokens.size(); i++) {
            if (numbers.put(tokens.get(i), i) != null) {
                throw new IllegalArgumentException("token '" + tokens.get(i) + "' is in the vocabulary twice");
            }
        }
    }

    private Vocabulary(List<String> tokens, Collection<String> special) {
        own = false;
        this.special = new TreeSet<>(special);
        this.tokens = List.copyOf(tokens);
        for (int i = 0; i < tokens.size(); i++) {
            if (!tokens.get(i).isEmpty() && numbers.put(tokens.get(i), i) != null) {
                throw new IllegalArgumentException("token '" + tokens.get(i) + "' is in the vocabulary twice");
            }
        }
        if (!numbers.keySet().containsAll(special)) {
            throw new IllegalArgumentException("a token that is no text is not in the vocabulary");
        }
    }

    /**
     * {@return the vocabulary of another program, such as that of a GPT-2: every token has the number that it has there}
     *
     * @param tokens by number from 0 on, all different; empty where no token has that number
     * @param special those of them that are no text
     * @throws IllegalArgumentException if one comes twice, or what is no text is none of them
     */
    public static Vocabulary foreign(List<String> tokens, Collection<String> special) {
        return new Vocabulary(tokens, special);
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

    /** {@return whether {@link #PAD}, {@link #BOS}, {@link #EOS} and {@link #NUL} are what the first four numbers stand for} */
    public boolean isOwn() {
        return own;
    }

    /**
     * {@return whether a number stands for text}
     *
     * @param number any
     */
    public boolean isText(int number) {
        return number >= 0
                && number < tokens.size()
                && !tokens.get(number).isEmpty()
                && !isEnd(number)
                && (own ? number >= SPECIAL.size() : !special.contains(tokens.get(number)));
    }

    /**
     * {@return whether a number ends a text: {@link #EOS}, or that of {@code <|endoftext|>} in the vocabulary of another program}
     *
     * @param number any
     */
    public boolean isEnd(int number) {
        return own ? number == EOS : number >= 0 && number == numbers.getOrDefault(END_OF_TEXT, -1);
    }

    /** {@return the names of those that are no text, sorted} */
    public SortedSet<String> special() {
        return Collections.unmodifiableSortedSet(special);
    }

    /** {@return how many numbers there are, those that are no text included} */
    public int size() {
        return tokens.size();
    }

    /**
     * {@return the number of a token; if it is not known, {@link #NUL}, or -1 where {@linkplain #isOwn nothing} stands for that}
     *
     * @param token a text; the names of those that are no text are not known
     */
    public int number(String token) {
        return numbers.getOrDefault(token, own ? NUL : -1);
    }

    /**
     * {@return the token of a number; for those that are no text, what they are called; empty where no token has it}
     *
     * @param number 0 to {@link #size}, exclusive
     * @throws IndexOutOfBoundsException if it is another
     */
    public String token(int number) {
        return tokens.get(number);
    }

    /** {@return those that are text, in the order of their numbers from 4 on; of another program all, by number from 0 on} */
    public List<String> words() {
        return own ? tokens.subList(SPECIAL.size(), tokens.size()) : tokens;
    }

    void addTo(IdentityHash hash) {
        words().forEach(hash::add);
        if (!own) {
            hash.add("foreign");
            special.forEach(hash::add);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vocabulary vocabulary
                && vocabulary.own == own
                && vocabulary.tokens.equals(tokens)
                && vocabulary.special.equals(special);
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
