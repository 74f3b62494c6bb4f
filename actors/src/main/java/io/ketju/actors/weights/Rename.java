package io.ketju.actors.weights;

import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What tensors of a file are called here. Without {@code *} it is about names that begin so: {@code module.=} takes a prefix
 * away, {@code =backbone.} puts one in front of all, {@code fc.=head.} changes one. With {@code *}, which stands for any
 * letters, it is about whole names, and each star of the right side is what that of the left side stood for: {@code
 * layers.*.attn.*=h.*.attention.*}.
 *
 * @param from names as the file has them
 * @param to names of the model
 */
public record Rename(String from, String to) {
    private static final char STAR = '*';
    private static final String BETWEEN = "=";

    /**
     * Looks whether this can be a rule.
     *
     * @throws IllegalArgumentException if the stars do not pair, or nothing would change
     */
    public Rename {
        if (stars(from) != stars(to)) {
            throw new IllegalArgumentException("expected as many '*' on both sides of '=', found " + stars(from)
                    + " in '" + Excerpt.of(from) + "' and " + stars(to) + " in '" + Excerpt.of(to) + "'");
        }
        if (from.equals(to)) {
            throw new IllegalArgumentException(
                    "expected another name on each side of '=', found '" + Excerpt.of(from) + "' on both");
        }
    }

    /**
     * {@return the rule that a text says}
     *
     * @param text such as {@code module.=}; space around either side does not count
     * @throws IllegalArgumentException if it is no such rule
     */
    public static Rename parse(String text) {
        int at = text.indexOf(BETWEEN);
        if (at < 0 || text.indexOf(BETWEEN, at + 1) >= 0) {
            throw new IllegalArgumentException(
                    "expected a rule such as 'module.=' or 'fc.*=head.*', found '" + Excerpt.of(text) + "'");
        }
        return new Rename(text.substring(0, at).strip(), text.substring(at + 1).strip());
    }

    /**
     * {@return the name by this rule; as it is where the rule is not about it}
     *
     * @param name as the file, or the rule before, has it
     */
    public String apply(String name) {
        if (stars(from) == 0) {
            return name.startsWith(from) ? to + name.substring(from.length()) : name;
        }
        List<String> stood = stood(name);
        if (stood.isEmpty()) {
            return name;
        }
        StringBuilder renamed = new StringBuilder();
        int star = 0;
        for (int i = 0; i < to.length(); i++) {
            if (to.charAt(i) == STAR) {
                renamed.append(stood.get(star++));
            } else {
                renamed.append(to.charAt(i));
            }
        }
        return renamed.toString();
    }

    /** What each star stood for, all but the last as short as can be; nothing if the name is none of these. */
    private List<String> stood(String name) {
        String[] pieces = from.split(Pattern.quote(String.valueOf(STAR)), -1);
        if (!name.startsWith(pieces[0])) {
            return List.of();
        }
        List<String> stood = new ArrayList<>();
        int at = pieces[0].length();
        for (int i = 1; i < pieces.length; i++) {
            boolean last = i == pieces.length - 1;
            int next = last ? name.length() - pieces[i].length() : name.indexOf(pieces[i], at);
            if (next < at || !name.startsWith(pieces[i], next)) {
                return List.of();
            }
            stood.add(name.substring(at, next));
            at = next + pieces[i].length();
        }
        return stood;
    }

    private static long stars(String text) {
        return text.chars().filter(c -> c == STAR).count();
    }

    /** The text that reads back. */
    @Override
    public String toString() {
        return from + BETWEEN + to;
    }
}
