package io.ketju.layers.optimizer;

import io.ketju.tensor.Excerpt;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names with {@code *} for any letters and {@code ?} for one. */
public final class Glob {
    /** Names that an error line lists. */
    private static final int LISTED = 3;

    private Glob() {}

    /**
     * {@return whether a name is one of those that the pattern stands for}
     *
     * @param pattern matches the whole name or not at all; case counts
     * @param name global name of a parameter
     */
    public static boolean matches(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                resume = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        return pattern.substring(p).chars().allMatch(c -> c == '*');
    }

    /**
     * Checks that a pattern stands for something.
     *
     * @param pattern what somebody has written
     * @param names all that there are
     * @throws IllegalArgumentException if none matches, listing the names that have most of the pattern's letters in their order
     */
    public static void requireMatch(String pattern, Collection<String> names) {
        if (names.stream().noneMatch(name -> matches(pattern, name))) {
            List<String> near = names.stream()
                    .sorted(Comparator.comparingInt((String name) -> -common(pattern, name))
                            .thenComparingInt(String::length))
                    .limit(LISTED)
                    .toList();
            throw new IllegalArgumentException("'" + Excerpt.of(pattern) + "' matches none of the " + names.size()
                    + " parameters" + (near.isEmpty() ? "" : "; near are " + String.join(", ", near)));
        }
    }

    /** Length of the longest common subsequence. */
    private static int common(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = 0;
            for (int j = 1; j <= b.length(); j++) {
                int both = a.charAt(i - 1) == b.charAt(j - 1) ? diagonal + 1 : 0;
                diagonal = row[j];
                row[j] = Math.max(both, Math.max(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
