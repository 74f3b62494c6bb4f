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
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    /**
     * A file of columns, of which the first is the step: keeps what came before a step, and goes on behind it. Where the file has
     * other columns, as one that an older version began, its rows have theirs moved by their names; what it has no column of is empty.
     */
    void open(List<String> columns, long firstStep) {
        open(List.of(String.join(",", columns)), lines -> moved(lines, columns, firstStep), firstStep);
    }

    /**
     * A file without a heading: keeps what came before a step, and goes on behind it.
     *
     * @param stepOf a line that is there; {@link #NO_STEP} if it is no whole row
     */
    void open(ToLongFunction<String> stepOf, long firstStep) {
        open(
                List.of(),
                lines -> lines.stream()
                        .filter(line -> stepOf.applyAsLong(line) < firstStep)
                        .toList(),
                firstStep);
    }

    private void open(List<String> heading, UnaryOperator<List<String>> rows, long firstStep) {
        try {
            List<String> kept = new ArrayList<>(heading);
            if (firstStep > 1 && Files.exists(file)) {
                kept.addAll(rows.apply(Files.readAllLines(file)));
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

    private static List<String> moved(List<String> lines, List<String> columns, long firstStep) {
        List<String> there = lines.isEmpty() ? List.of() : fields(lines.getFirst());
        if (there.indexOf(columns.getFirst()) != 0) {
            return List.of();
        }
        int[] places = columns.stream().mapToInt(there::indexOf).toArray();
        return lines.stream()
                .map(RowFile::fields)
                // Of a line that was cut by a crash there are fewer; the heading has no step.
                .filter(row -> row.size() == there.size() && number(row.getFirst()) < firstStep)
                .map(row -> IntStream.of(places)
                        .mapToObj(place -> place < 0 ? "" : row.get(place))
                        .collect(Collectors.joining(",")))
                .toList();
    }

    private static List<String> fields(String line) {
        return List.of(line.split(",", -1));
    }

    /** A step as digits. */
    static long number(String digits) {
        return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : NO_STEP;
    }

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(file + ": the run's numbers cannot be written", e);
    }
}
