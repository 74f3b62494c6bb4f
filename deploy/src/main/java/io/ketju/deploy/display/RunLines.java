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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A file of a run's numbers, a line at a time. A run that goes on drops the lines after its checkpoint. */
final class RunLines implements AutoCloseable {
    private final @Nullable Path file;
    private @Nullable BufferedWriter writer;

    /**
     * @param file null for a run that keeps nothing
     */
    RunLines(@Nullable Path file) {
        this.file = file;
    }

    /**
     * Goes on behind what came before a step.
     *
     * @param first lines that every such file begins with
     * @param again whether the run has gone before
     * @param kept which of the lines that are there stay then
     */
    void open(List<String> first, boolean again, Predicate<String> kept) {
        if (file == null) {
            return;
        }
        try {
            List<String> stay = new ArrayList<>(first);
            if (again && Files.exists(file)) {
                Files.readAllLines(file).stream().filter(kept).forEach(stay::add);
            }
            // Another file of the name: what a process that has lost this run still writes goes to the one before.
            Path next = file.resolveSibling("." + file.getFileName() + ".next");
            Files.write(next, stay);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Whether lines are kept. */
    boolean isOpen() {
        return writer != null;
    }

    /** One more, without a line end. */
    void line(String line) {
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

    private UncheckedIOException failed(IOException e) {
        return new UncheckedIOException(file + ": the run's numbers cannot be written", e);
    }
}
