package io.ketju.data.text;

import io.ketju.data.text.BytePairTokenizer.Merge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Learns merges: again and again the pair of neighbours that is most frequent over all words; of equally frequent ones the
 * first by its letters, so that equal texts give equal merges. A pair that comes once is no pair.
 */
final class BytePairLearning {
    private static final int LEAST = 2;

    /** A kind of word: its pieces so far, and how often it comes. */
    private static final class Word {
        private List<String> pieces;
        private final long count;

        Word(String text, long count) {
            this.pieces = text.codePoints().mapToObj(Character::toString).toList();
            this.count = count;
        }
    }

    /** Most frequent first. */
    private record Ranked(long count, Merge pair) implements Comparable<Ranked> {
        @Override
        public int compareTo(Ranked other) {
            int byCount = Long.compare(other.count, count);
            return byCount != 0 ? byCount : pair.compareTo(other.pair);
        }
    }

    private final List<Word> words = new ArrayList<>();
    private final Map<Merge, Long> counts = new HashMap<>();
    /** The words that may have a pair; some no longer do. */
    private final Map<Merge, Set<Integer>> places = new HashMap<>();

    private final TreeSet<Ranked> ranking = new TreeSet<>();

    BytePairLearning(List<String> text) {
        this(counts(text));
    }

    private static Map<String, Long> counts(List<String> text) {
        Map<String, Long> kinds = new HashMap<>();
        text.forEach(word -> kinds.merge(word, 1L, Long::sum));
        return kinds;
    }

    /** @param kinds how often each word comes */
    BytePairLearning(Map<String, Long> kinds) {
        new TreeMap<>(kinds).forEach((word, count) -> words.add(new Word(word, count)));
        for (int i = 0; i < words.size(); i++) {
            addPairs(i, 1);
        }
    }

    /** At most so many. */
    List<Merge> merges(int most) {
        List<Merge> merges = new ArrayList<>();
        while (merges.size() < most && !ranking.isEmpty() && ranking.first().count() >= LEAST) {
            Merge best = ranking.first().pair();
            for (int word : List.copyOf(places.getOrDefault(best, Set.of()))) {
                addPairs(word, -1);
                words.get(word).pieces = merged(words.get(word).pieces, best);
                addPairs(word, 1);
            }
            places.remove(best);
            merges.add(best);
        }
        return merges;
    }

    private void addPairs(int index, int sign) {
        Word word = words.get(index);
        for (int i = 0; i + 1 < word.pieces.size(); i++) {
            Merge pair = new Merge(word.pieces.get(i), word.pieces.get(i + 1));
            long before = counts.getOrDefault(pair, 0L);
            long after = before + sign * word.count;
            ranking.remove(new Ranked(before, pair));
            if (after > 0) {
                counts.put(pair, after);
                ranking.add(new Ranked(after, pair));
                places.computeIfAbsent(pair, none -> new HashSet<>()).add(index);
            } else {
                counts.remove(pair);
            }
        }
    }

    private static List<String> merged(List<String> pieces, Merge pair) {
        List<String> result = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            boolean here = i + 1 < pieces.size()
                    && pieces.get(i).equals(pair.left())
                    && pieces.get(i + 1).equals(pair.right());
            result.add(here ? pair.joined() : pieces.get(i));
            i += here ? 1 : 0;
        }
        return List.copyOf(result);
    }
}
