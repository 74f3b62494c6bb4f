package io.ketju.deploy.display;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of a run's numbers, a row at a time, whose first column is the optimizer step. A run that goes on drops the rows
 * after its checkpoint.
 */
final class RunCsv implements AutoCloseable {
    private final RunLines file;

    /**
     * @param file null for a run that keeps nothing
     */
    RunCsv(@Nullable Path file) {
        this.file = new RunLines(file);
    }

    /** Keeps the heading and what came before a step, and goes on behind it. */
    void open(List<String> columns, long firstStep) {
        String heading = String.join(",", columns);
        long commas = commas(heading);
        file.open(List.of(heading), firstStep > 1, line -> commas(line) == commas && stepOf(line) < firstStep);
    }

    /** Whether rows are kept. */
    boolean isOpen() {
        return file.isOpen();
    }

    /** One more row, without a line end. */
    void row(String line) {
        file.line(line);
    }

    void flush() {
        file.flush();
    }

    @Override
    public void close() {
        file.close();
    }

    /** Of a line that was cut by a crash there are fewer. */
    private static long commas(String line) {
        return line.chars().filter(c -> c == ',').count();
    }

    /** The heading counts as later than everything. */
    private static long stepOf(String line) {
        String number = line.substring(0, line.indexOf(','));
        return number.matches("\\d{1,18}") ? Long.parseLong(number) : Long.MAX_VALUE;
    }
}
