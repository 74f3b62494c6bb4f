package io.ketju.deploy.config;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.JobLimits;
import io.ketju.tensor.Excerpt;

/**
 * What of HOCON a file of settings may use, checked before the parser sees it, because the parser fetches what is included,
 * multiplies what is substituted, and descends a level of its stack for every level of nesting. It follows HOCON's
 * quotes and comments, and takes what it does not understand for text: the parser will say what is wrong with it.
 */
final class HoconBounds {
    /** Most words of a value without quotes, and blanks of a line. */
    private static final int PIECES = 1000;

    private static final String TRIPLE_QUOTE = "\"\"\"";

    private final FileKind kind;
    private final String label;
    private final String text;
    private int position;
    private int line = 1;
    private int levels;
    private int keys;
    private int dots;
    private int pieces;
    /** Whether the next word is a key, or part of one, rather than part of a value. */
    private boolean inKey = true;

    private HoconBounds(FileKind kind, String label, String text) {
        this.kind = kind;
        this.label = label;
        this.text = text;
    }

    /** Throws {@link InvalidJobException} with file and line. */
    static void check(FileKind kind, String label, String text) {
        new HoconBounds(kind, label, text).scan();
    }

    private void scan() {
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '"') {
                skipQuoted();
                addPiece();
            } else if (c == '#' || text.startsWith("//", position)) {
                skipTo("\n");
            } else if (text.startsWith("${", position)) {
                throw refused(kind.expectedWithoutSubstitution(), "'" + restOfLine() + "'");
            } else if (text.startsWith("+=", position)) {
                throw refused("a key, '=' and the whole value", "'+='");
            } else if (inKey && isWord("include")) {
                throw refused(kind.expectedAlone(), "'" + restOfLine() + "'");
            } else {
                step(c);
                position++;
            }
        }
    }

    private void step(char c) {
        switch (c) {
            case '{', '[' -> {
                levels++;
                startKey();
                requireLevels(levels);
                countKey(c == '{');
            }
            case '}', ']' -> {
                levels--;
                startKey();
                addPiece();
            }
            case ',' -> {
                startKey();
                pieces = 0;
            }
            case '\n' -> {
                line++;
                startKey();
                pieces = 0;
            }
            case ' ', '\t' -> addPiece();
            case '=', ':' -> {
                inKey = false;
                countKey(true);
            }
            case '.' -> {
                dots += inKey ? 1 : 0;
                requireLevels(levels + dots);
            }
            default -> {}
        }
    }

    /** A group counts too: the parser merges those of one name, each time copying what it has. */
    private void countKey(boolean counts) {
        keys += counts ? 1 : 0;
        if (keys > JobLimits.FILE_KEYS) {
            throw refused("at most " + JobLimits.FILE_KEYS + " keys and groups", "more");
        }
    }

    private void startKey() {
        inKey = true;
        dots = 0;
    }

    /** The parser joins words, texts and lists that stand side by side, each time copying what it has. */
    private void addPiece() {
        pieces++;
        if (pieces > PIECES) {
            throw refused("one value, or several with commas between them", "over " + PIECES + " side by side");
        }
    }

    private void requireLevels(int found) {
        if (found > JobLimits.FILE_LEVELS) {
            throw refused("at most " + JobLimits.FILE_LEVELS + " levels of nesting", "more");
        }
    }

    /** Whether this word, whole, stands here. */
    private boolean isWord(String word) {
        int end = position + word.length();
        return text.startsWith(word, position)
                && (position == 0 || !isWordPart(text.charAt(position - 1)))
                && (end == text.length() || !isWordPart(text.charAt(end)));
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.';
    }

    private void skipQuoted() {
        if (text.startsWith(TRIPLE_QUOTE, position)) {
            position += TRIPLE_QUOTE.length();
            skipTo(TRIPLE_QUOTE);
            position = Math.min(text.length(), position + TRIPLE_QUOTE.length());
            return;
        }
        position++;
        while (position < text.length() && text.charAt(position) != '"' && text.charAt(position) != '\n') {
            boolean escape = text.charAt(position) == '\\' && !text.startsWith("\n", position + 1);
            position += escape ? 2 : 1;
        }
        if (position < text.length() && text.charAt(position) == '"') {
            position++;
        }
    }

    /** Moves to this text, counting lines on the way. */
    private void skipTo(String end) {
        int found = text.indexOf(end, position);
        int to = found < 0 ? text.length() : found;
        line += (int)
                text.substring(position, to).chars().filter(c -> c == '\n').count();
        position = to;
    }

    private String restOfLine() {
        int end = text.indexOf('\n', position);
        return Excerpt.of(
                text.substring(position, end < 0 ? text.length() : end).strip());
    }

    private InvalidJobException refused(String expected, String found) {
        return new InvalidJobException(label + ":" + line + ": expected " + expected + ", found " + found);
    }
}
