package io.ketju.data.text;

import io.ketju.data.text.BytePairTokenizer.Merge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Byte-pair learning as plainly as possible: all pairs of all words are counted again for every merge. */
final class PlainBytePairs {
    private PlainBytePairs() {}

    static List<Merge> learn(String text, int most) {
        List<List<String>> words = new ArrayList<>();
        for (String word : BytePairTokenizer.words(text)) {
            words.add(new ArrayList<>(
                    word.codePoints().mapToObj(Character::toString).toList()));
        }
        List<Merge> merges = new ArrayList<>();
        while (merges.size() < most) {
            Map<Merge, Integer> counts = new HashMap<>();
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    counts.merge(new Merge(word.get(i), word.get(i + 1)), 1, Integer::sum);
                }
            }
            Merge best = null;
            for (Map.Entry<Merge, Integer> pair : counts.entrySet()) {
                int most2 = best == null ? 1 : counts.getOrDefault(best, 0);
                if (pair.getValue() > most2
                        || (best != null
                                && pair.getValue() == most2
                                && pair.getKey().compareTo(best) < 0)) {
                    best = pair.getKey();
                }
            }
            if (best == null) {
                return merges;
            }
            merges.add(best);
            for (List<String> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    if (word.get(i).equals(best.left()) && word.get(i + 1).equals(best.right())) {
                        word.set(i, best.joined());
                        word.remove(i + 1);
                    }
                }
            }
        }
        return merges;
    }
}
