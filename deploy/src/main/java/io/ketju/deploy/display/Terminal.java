package io.ketju.deploy.display;

import io.ketju.records.text.JobHeader;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Where the command line writes.
 *
 * @param out what was asked for
 * @param err what went wrong, one line each
 * @param interactive whether {@code out} is a terminal on which a line may be rewritten
 * @param width of a line, asked again for every line: a window can be resized
 * @param unicode whether {@code out} can show more than ASCII
 * @param colour whether {@code out} may be coloured
 */
public record Terminal(
        PrintStream out, PrintStream err, boolean interactive, IntSupplier width, boolean unicode, boolean colour) {
    /** The launcher says so when standard output is a terminal. */
    public static final String PROPERTY = "ketju.terminal";

    /** The launcher says so in a locale that knows nothing but ASCII. */
    public static final String ASCII_PROPERTY = "ketju.terminal.ascii";

    private static final int DEFAULT_COLUMNS = 100;

    /** A terminal of one width. */
    public Terminal(PrintStream out, PrintStream err, boolean interactive, int columns, boolean unicode) {
        this(out, err, interactive, () -> columns, unicode, interactive);
    }

    /**
     * The process's own streams.
     *
     * @param width asks for the columns, where there is a terminal
     */
    public static Terminal ofProcess(Map<String, String> environment, IntSupplier width) {
        boolean terminal = Boolean.getBoolean(PROPERTY);
        boolean dumb = "dumb".equals(environment.getOrDefault("TERM", "dumb")) || environment.containsKey("CI");
        boolean interactive = terminal && !dumb;
        return new Terminal(
                System.out,
                System.err,
                interactive,
                terminal ? width : () -> DEFAULT_COLUMNS,
                !Boolean.getBoolean(ASCII_PROPERTY)
                        && System.out.charset().newEncoder().canEncode('█'),
                interactive && environment.getOrDefault("NO_COLOR", "").isEmpty());
    }

    /** Width of a line, as it is now. */
    public int columns() {
        return width.getAsInt();
    }

    /** This, without anything that rewrites lines. */
    public Terminal plain() {
        return new Terminal(out, err, false, width, unicode, colour);
    }

    /** Prints lines as they are: what is too wide, and must not be broken, is for the terminal to wrap. */
    public void print(Iterable<String> lines) {
        for (String line : lines) {
            out.println(line);
        }
    }

    /** Prints lines of text, broken between words where they are wider than a terminal; never broken in a file. */
    public void printText(Iterable<String> lines) {
        for (String line : lines) {
            print(text(line));
        }
    }

    /** A line of text, as the lines that it takes. */
    List<String> text(String line) {
        return interactive ? Wrapping.lines(line, columns(), JobHeader.indent(line)) : List.of(line);
    }

    /** A line cut to the width, with a sign that something is missing: for what is soon written over. */
    public String cut(String line) {
        int columns = columns();
        if (line.length() <= columns) {
            return line;
        }
        String mark = unicode ? "…" : "...";
        return line.substring(0, Math.max(0, columns - mark.length())) + mark;
    }
}
