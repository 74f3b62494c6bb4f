package io.ketju.data.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pieces of words, by pairs that were merged as a text was learnt (Sennrich, Haddow and Birch 2016, over characters). A word has the
 * space before it with it, so that joined pieces are the text again. Merges never cross from one word to the next.
 *
 * @param merges pairs in the order in which they were learnt; earlier ones go first
 * @param ranks the place of each pair among them, from 0
 */
public record BytePairTokenizer(List<Merge> merges, Map<Merge, Integer> ranks) implements Tokenizer {
    private static final String SPACE = " \\t\\n\\x0B\\f\\r";

    /** White space is written out: other programs that take this pattern have more of it. */
    static final String PATTERN = " ?[\\p{L}\\p{M}]+| ?\\p{N}+| ?[^" + SPACE + "\\p{L}\\p{M}\\p{N}]+|[" + SPACE
            + "]+?(?= [^" + SPACE + "])|[" + SPACE + "]+";

    private static final Pattern WORD = Pattern.compile(PATTERN);

    /**
     * Two neighbours that become one. Their order is that of their letters.
     *
     * @param left the first piece
     * @param right the piece behind it
     */
    public record Merge(String left, String right) implements Comparable<Merge> {
        String joined() {
            return left + right;
        }

        @Override
        public int compareTo(Merge other) {
            int byLeft = left.compareTo(other.left);
            return byLeft != 0 ? byLeft : right.compareTo(other.right);
        }
    }

    /** Copies both. */
    public BytePairTokenizer {
        merges = List.copyOf(merges);
        ranks = Map.copyOf(ranks);
    }

    /**
     * Cuts by these merges.
     *
     * @param merges pairs in the order in which they were learnt; of a pair that comes twice, the first counts
     */
    public BytePairTokenizer(List<Merge> merges) {
        this(merges, ranks(merges));
    }

    private static Map<Merge, Integer> ranks(List<Merge> merges) {
        Map<Merge, Integer> ranks = new HashMap<>();
        for (int i = 0; i < merges.size(); i++) {
            ranks.putIfAbsent(merges.get(i), i);
        }
        return ranks;
    }

    /**
     * {@return a tokenizer that was learnt from a text: the pair of neighbours that is most frequent is merged, again and again}
     *
     * @param text to learn from
     * @param merges how many at most; fewer, when no pair comes twice any more
     */
    public static BytePairTokenizer learn(String text, int merges) {
        return new BytePairTokenizer(new BytePairLearning(words(text)).merges(merges));
    }

    /**
     * {@return how a tokenizer is learnt, from a text that is there or from parts of one}
     *
     * @param merges how many at most
     */
    public static TokenizerLearning learning(int merges) {
        return new TokenizerLearning() {
            @Override
            public Tokenizer apply(String text) {
                return BytePairTokenizer.learn(text, merges);
            }

            @Override
            public List<String> units(String part) {
                return words(part);
            }

            @Override
            public Tokenizer learn(Map<String, Long> units) {
                return new BytePairTokenizer(new BytePairLearning(units).merges(merges));
            }
        };
    }

    /** The words of a text, each with the space before it. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            words.add(word.group());
        }
        return words;
    }

    @Override
    public List<String> split(String text) {
        Map<String, List<String>> known = new HashMap<>();
        List<String> tokens = new ArrayList<>();
        for (String word : words(text)) {
            tokens.addAll(known.computeIfAbsent(word, this::pieces));
        }
        return tokens;
    }

    /** The pieces of one word. */
    List<String> pieces(String word) {
        List<String> pieces =
                new ArrayList<>(word.codePoints().mapToObj(Character::toString).toList());
        while (pieces.size() > 1) {
            int best = -1;
            int rank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < pieces.size(); i++) {
                int found = ranks.getOrDefault(new Merge(pieces.get(i), pieces.get(i + 1)), Integer.MAX_VALUE);
                if (found < rank) {
                    rank = found;
                    best = i;
                }
            }
            if (best < 0) {
                break;
            }
            pieces.set(best, pieces.get(best) + pieces.remove(best + 1));
        }
        return List.copyOf(pieces);
    }

    @Override
    public String join(List<String> tokens) {
        return String.join("", tokens);
    }
}
