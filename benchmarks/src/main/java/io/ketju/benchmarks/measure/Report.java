package io.ketju.benchmarks.measure;

import io.ketju.deploy.display.Table;
import io.ketju.records.text.Machine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One benchmark's table, under a line that says what it ran on. */
public final class Report {
    private static final Path LOAD = Path.of("/proc/loadavg");

    private final List<List<String>> rows = new ArrayList<>();
    private final String title;
    private final List<String> notes = new ArrayList<>();

    /** A table with these headings. */
    public Report(String title, String... headings) {
        this.title = title;
        rows.add(List.of(headings));
    }

    /** One more row, as long as the headings. */
    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** A line under the table. */
    public void note(String line) {
        notes.add(line);
    }

    /** Prints title, machine, load, table and notes. */
    public void print(PrintStream out, int threads) {
        out.println();
        out.println(title);
        out.println(Machine.describe(threads) + ", load " + load());
        new Table(rows).lines(Integer.MAX_VALUE, 0, false).forEach(out::println);
        notes.forEach(out::println);
        out.flush();
    }

    /** The same, the table as Markdown. */
    public void printMarkdown(PrintStream out, int threads) {
        out.println();
        out.println(title);
        out.println(Machine.describe(threads) + ", load " + load());
        out.println();
        for (int row = 0; row < rows.size(); row++) {
            out.println("| " + String.join(" | ", rows.get(row)) + " |");
            if (row == 0) {
                out.println("|" + "---|".repeat(rows.getFirst().size()));
            }
        }
        out.println();
        notes.forEach(out::println);
        out.flush();
    }

    /** The number of running threads, averaged over one minute, this benchmark's own included. */
    public static String load() {
        try {
            return Files.readString(LOAD).split(" ", 2)[0];
        } catch (IOException e) {
            // Not Linux: the load is only for information.
            return "unknown";
        }
    }

    /** A number with this many digits after the point, the same in every locale. */
    public static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** A number without a fraction, thousands apart: {@code 12,345}. */
    public static String count(double value) {
        return String.format(Locale.ROOT, "%,.0f", value);
    }

    /** A share in percent: {@code 93 %}. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
