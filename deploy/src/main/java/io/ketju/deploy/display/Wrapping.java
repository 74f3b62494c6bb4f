package io.ketju.deploy.display;

import java.util.ArrayList;
import java.util.List;

/** Breaks text between words: nothing is cut off, and a word that is longer than a line stays whole. */
final class Wrapping {
    private static final String GAP = "  ";

    private Wrapping() {}

    /**
     * One line as those that it takes.
     *
     * @param columns width that no line should exceed
     * @param indent of every line but the first; nothing is broken before that column
     */
    static List<String> lines(String line, int columns, int indent) {
        int margin = margin(columns, indent);
        List<String> lines = new ArrayList<>();
        String rest = line;
        while (rest.length() > columns) {
            int end = rest.lastIndexOf(' ', columns);
            if (end <= margin) {
                end = rest.indexOf(' ', Math.max(columns, margin));
            }
            if (end < 0) {
                break;
            }
            lines.add(rest.substring(0, end).stripTrailing());
            rest = " ".repeat(margin) + rest.substring(end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }

    /** Parts of a line, two blanks apart, broken between parts before it is broken inside one. */
    static List<String> parts(List<String> parts, int columns, int indent) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String part : parts) {
            if (!line.isEmpty() && line.length() + GAP.length() + part.length() > columns) {
                lines.addAll(lines(line, columns, indent));
                line = " ".repeat(margin(columns, indent)) + part;
            } else {
                line += (line.isEmpty() ? "" : GAP) + part;
            }
        }
        lines.addAll(lines(line, columns, indent));
        return lines;
    }

    /** Where there is little room most of it is for the text. */
    private static int margin(int columns, int indent) {
        return Math.min(indent, columns / 3);
    }
}
