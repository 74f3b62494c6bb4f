package io.ketju.benchmarks.measure;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;

/** What several benchmarks came to, each in a JVM of its own: kept in a file of their folder, printed at the end. */
public final class Summary {
    private static final String SEPARATOR = "\t";
    private static final String PEER = "peer";

    private final Path file;

    /** In the folder that the benchmarks of one run share. */
    public Summary(Path folder) {
        file = folder.resolve("summary.tsv");
    }

    /** The ratios of one table. */
    public void add(String what, int threads, Ratios ratios) throws IOException {
        write(what, Integer.toString(threads), Integer.toString(ratios.count()), mean(ratios), worst(ratios));
    }

    /** A result that is no ratio to a peer. */
    public void add(String what, int threads, String result) throws IOException {
        write(what, Integer.toString(threads), "", result, "");
    }

    /** Who it was compared with; said once. */
    public void peer(String about) throws IOException {
        write(PEER, about);
    }

    /** Prints all of it as one table. */
    public void print(PrintStream out) throws IOException {
        Report report = new Report(
                "All that was compared: Ketju / best peer", "what", "threads", "of", "geometric mean", "worst");
        LinkedHashSet<String> peers = new LinkedHashSet<>();
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            List<String> cells = List.of(line.split(SEPARATOR, -1));
            if (cells.getFirst().equals(PEER)) {
                peers.add(cells.get(1));
            } else {
                report.row(cells.toArray(String[]::new));
            }
        }
        peers.forEach(report::note);
        report.print(out, Runtime.getRuntime().availableProcessors());
    }

    private static String mean(Ratios ratios) {
        return Report.number(ratios.geometricMean(), 2);
    }

    private static String worst(Ratios ratios) {
        return Report.number(ratios.worst(), 2);
    }

    private void write(String... cells) throws IOException {
        Files.writeString(
                file, String.join(SEPARATOR, cells) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
