package io.ketju.layers.spec;

import io.ketju.tensor.Excerpt;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant. */
public final class NearestName {
    private NearestName() {}

    /**
     * {@return the known name that goes by the written one elsewhere, or has the fewest edits from it, if those are at most 2 or a third of
     * its letters; empty if none is near, or what is written is longer than a message quotes}
     *
     * @param written by a person, perhaps with the modules of Python in front: {@code nn.Conv2D}
     * @param known what may be meant; case counts in the result alone
     */
    public static Optional<String> of(String written, Collection<String> known) {
        if (written.length() > Excerpt.LENGTH) {
            return Optional.empty();
        }
        Optional<String> elsewhere = PyTorchNames.of(written, known);
        if (elsewhere.isPresent()) {
            return elsewhere;
        }
        String lower = PyTorchNames.withoutModules(written).toLowerCase(Locale.ROOT);
        return known.stream()
                .min(Comparator.comparingInt((String name) -> edits(lower, name.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(name -> edits(lower, name.toLowerCase(Locale.ROOT)) <= Math.max(2, name.length() / 3));
    }

    /**
     * {@return {@code ; did you mean 'stages'?} to be put behind a message, or an empty text}
     *
     * @param written by a person
     * @param known what may be meant
     */
    public static String hint(String written, Collection<String> known) {
        return of(written, known).map(name -> "; did you mean '" + name + "'?").orElse("");
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
