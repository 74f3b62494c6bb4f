package io.ketju.deploy.display;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of a run's numbers, a row at a time, whose first column is the optimizer step. A run that goes on drops the rows
 * after its checkpoint.
 */
final class RunCsv implements AutoCloseable {
    private final @Nullable Path file;
    private @Nullable BufferedWriter writer;

    /**
     * @param file null for a run that keeps nothing
     */
    RunCsv(@Nullable Path file) {
        this.file = file;
    }

    /** Keeps the heading and what came before a step, and goes on behind it. */
    void open(List<String> columns, long firstStep) {
        if (file == null) {
            return;
        }
        try {
            String heading = String.join(",", columns);
            List<String> kept = new ArrayList<>(List.of(heading));
            if (firstStep > 1 && Files.exists(file)) {
                long commas = commas(heading);
                Files.readAllLines(file).stream()
                        .filter(line -> commas(line) == commas && stepOf(line) < firstStep)
                        .forEach(kept::add);
            }
            // Another file of the name: what a process that has lost this run still writes goes to the one before.
            Path next = file.resolveSibling("." + file.getFileName() + ".next");
            Files.write(next, kept);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Whether rows are kept. */
    boolean isOpen() {
        return writer != null;
    }

    /** One more row, without a line end. */
    void row(String line) {
        if (writer != null) {
            try {
                writer.write(line + System.lineSeparator());
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    void flush() {
        if (writer != null) {
            try {
                writer.flush();
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }

    @Override
    public void close() {
        try {
            if (writer != null) {
                writer.close();
            }
        } catch (IOException e) {
            throw failed(e);
        }
        writer = null;
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

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(file + ": the run's numbers cannot be written", e);
    }
}
