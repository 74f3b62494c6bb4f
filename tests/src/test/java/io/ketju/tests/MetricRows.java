package io.ketju.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What a run's {@code metrics.csv} tells. */
final class MetricRows {
    private MetricRows() {}

    /** The steps that have a row, in its order. */
    static List<Long> steps(Path run) {
        try (Stream<String> rows = Files.lines(run.resolve("metrics.csv"))) {
            return rows.map(row -> row.split(",", -1))
                    .filter(cells -> cells[2].equals("step"))
                    .map(cells -> Long.parseLong(cells[0]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each step once, from the first to this one. */
    static List<Long> all(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }
}
