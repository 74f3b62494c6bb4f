package io.ketju.tensor;

/**
 * How messages quote what others wrote: short, on one line, and without characters that a terminal would obey. Every
 * message that shows a value of a file, a flag or a name from outside shows its excerpt.
 */
public final class Excerpt {
    /** Most characters of a value that a message quotes. */
    public static final int LENGTH = 60;

    /** Most characters of a path that a message names: as long as a path on Linux can be. */
    private static final int PATH_LENGTH = 4096;

    private static final String CUT = "...";

    private Excerpt() {}

    /**
     * {@return the text of the value, cut to {@value #LENGTH} characters, what is invisible escaped: {@code \n}, {@code \u202e}}
     *
     * @param value whose {@code toString} is quoted
     */
    public static String of(Object value) {
        return cut(value.toString(), LENGTH);
    }

    /**
     * {@return a path, whole up to the 4096 characters that one can have, because people copy it; what is invisible escaped}
     *
     * @param path whose {@code toString} is quoted
     */
    public static String ofPath(Object path) {
        return cut(path.toString(), PATH_LENGTH);
    }

    /**
     * {@return all of the text, with escapes for control characters and for those that turn the direction of writing}
     *
     * @param text of any length
     */
    public static String escaped(String text) {
        if (text.chars().noneMatch(Excerpt::isInvisible)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                    if (isInvisible(c)) {
                        shown.append("\\u").append("%04x".formatted((int) c));
                    } else {
                        shown.append(c);
                    }
                }
            }
        }
        return shown.toString();
    }

    private static String cut(String text, int length) {
        if (text.length() <= length) {
            String shown = escaped(text);
            return shown.length() <= length ? shown : shown.substring(0, length - CUT.length()) + CUT;
        }
        // Escapes make text longer, so more than this much of it is never shown.
        String shown = escaped(text.substring(0, length));
        int end = length - CUT.length();
        boolean splitsPair = Character.isHighSurrogate(shown.charAt(end - 1));
        return shown.substring(0, splitsPair ? end - 1 : end) + CUT;
    }

    /** Control and format characters, line and paragraph separators. */
    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
