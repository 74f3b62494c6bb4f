package io.ketju.deploy.display;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Map;

/**
 * Where the command line writes.
 *
 * @param out what was asked for
 * @param err what went wrong, one line each
 * @param interactive whether {@code out} is a terminal on which a line may be rewritten
 * @param columns width of a line
 * @param unicode whether {@code out} can show more than ASCII
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive, int columns, boolean unicode) {
    /** The launcher says so when standard output is a terminal, and how wide it is. */
    public static final String COLUMNS_PROPERTY = "ketju.terminal.columns";

    private static final int DEFAULT_COLUMNS = 100;

    /** The process's own streams. */
    public static Terminal ofProcess(Map<String, String> environment) {
        int columns = Integer.getInteger(COLUMNS_PROPERTY, 0);
        boolean dumb = "dumb".equals(environment.get("TERM")) || environment.containsKey("CI");
        Charset charset = System.out.charset();
        return new Terminal(
                System.out,
                System.err,
                columns > 0 && !dumb,
                columns > 0 ? columns : DEFAULT_COLUMNS,
                charset.newEncoder().canEncode('█'));
    }

    /** This, without anything that rewrites lines. */
    public Terminal plain() {
        return new Terminal(out, err, false, columns, unicode);
    }

    /** Prints lines as they are: what is too wide is for the terminal to wrap. */
    public void print(Iterable<String> lines) {
        for (String line : lines) {
            out.println(line);
        }
    }

    /** A line cut to the width, with a sign that something is missing. */
    public String cut(String line) {
        if (line.length() <= columns) {
            return line;
        }
        String mark = unicode ? "…" : "...";
        return line.substring(0, Math.max(0, columns - mark.length())) + mark;
    }
}
