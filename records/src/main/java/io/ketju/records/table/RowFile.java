package io.ketju.records.table;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A file of a run's numbers, a row at a time, each of an optimizer step. A run that goes on drops the rows after its checkpoint. */
final class RowFile implements AutoCloseable {
    /** The step of a line that is none: later than everything. */
    static final long NO_STEP = Long.MAX_VALUE;

    private final Path file;
    private @Nullable BufferedWriter writer;

    RowFile(Path file) {
        this.file = file;
    }

    /** A file of columns, of which the first is the step: keeps what came before a step, and goes on behind it. */
    void open(List<String> columns, long firstStep) {
        String heading = String.join(",", columns);
        long commas = commas(heading);
        // Of a line that was cut by a crash there are fewer.
        open(Optional.of(heading), line -> commas(line) == commas ? leadingNumber(line) : NO_STEP, firstStep);
    }

    /**
     * Keeps the heading and what came before a step, and goes on behind it.
     *
     * @param stepOf a line that is there; {@link #NO_STEP} if it is no whole row
     */
    void open(Optional<String> heading, ToLongFunction<String> stepOf, long firstStep) {
        try {
            List<String> kept = new ArrayList<>(heading.stream().toList());
            if (firstStep > 1 && Files.exists(file)) {
                Files.readAllLines(file).stream()
                        .filter(line -> stepOf.applyAsLong(line) < firstStep)
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

    private static long commas(String line) {
        return line.chars().filter(c -> c == ',').count();
    }

    /** The number before the first comma; the heading has none there. */
    private static long leadingNumber(String line) {
        return number(line.substring(0, line.indexOf(',')));
    }

    /** A step as digits. */
    static long number(String digits) {
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : NO_STEP;
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(file + ": the run's numbers cannot be written", e);
    }
}
