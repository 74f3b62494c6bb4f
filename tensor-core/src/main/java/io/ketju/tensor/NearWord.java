package io.ketju.tensor;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How messages find the word that was probably meant, and ask for it. */
public final class NearWord {
    private NearWord() {}

    /**
     * {@return the known word that has the fewest edits from the written one, if those are at most 2 or a third of its letters, and no more
     * than half of those of the shorter word; empty if none is near, or what is written is longer than a message quotes}
     *
     * @param written by a person
     * @param known what may be meant; case counts in the result alone; of two that are as near, the first in order
     */
    public static Optional<String> of(String written, Collection<String> known) {
        if (written.length() > Excerpt.LENGTH) {
            return Optional.empty();
        }
        String lower = written.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(word -> edits(lower, word.toLowerCase(Locale.ROOT)) <= most(written, word))
                .min(Comparator.comparingInt((String word) -> edits(lower, word.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /**
     * {@return {@code ; did you mean 'stages'?} to be put behind a message, or an empty text}
     *
     * @param meant probably; empty if nothing is near
     */
    public static String hint(Optional<String> meant) {
        return meant.map(word -> "; did you mean '" + word + "'?").orElse("");
    }

    /** Of short words other letters are another word. */
    private static int most(String written, String word) {
        return Math.min(Math.max(2, word.length() / 3), Math.min(written.length(), word.length()) / 2);
    }

    /** Levenshtein's distance, row by row. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
