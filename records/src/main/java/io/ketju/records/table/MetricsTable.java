package io.ketju.records.table;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.ketju.data.BadDataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The numbers of a run as {@code metrics.csv} has them, read again: see {@link MetricsCsv}.
 *
 * @param names of what was measured, the loss first
 * @param epochs of the test phase, in their order
 */
public record MetricsTable(List<String> names, List<Epoch> epochs) {
    /**
     * What was measured on the test samples after an epoch.
     *
     * @param step optimizer steps taken
     * @param number of the epoch, from 1
     * @param values one for each name; NaN where nothing was measured
     */
    public record Epoch(long step, int number, List<Double> values) {
        /**
         * The loss, the first of the names.
         *
         * @return NaN where none was measured
         */
        public double loss() {
            return values.getFirst();
        }
    }

    private static final int FIRST_NAME = 3;
    private static final int BEHIND_NAMES = 2;

    /**
     * Of a run.
     *
     * @param run its folder
     * @return without a single epoch where the run has written no numbers
     * @throws BadDataException if the file cannot be read, or is none of numbers
     */
    public static MetricsTable read(Path run) {
        Path file = run.resolve(MetricsCsv.FILE_NAME);
        if (!Files.exists(file)) {
            return new MetricsTable(List.of(), List.of());
        }
        List<String> names = new ArrayList<>();
        List<Epoch> epochs = new ArrayList<>();
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(file)) {
            for (NamedCsvRecord row : rows) {
                if (names.isEmpty()) {
                    List<String> columns = row.getHeader();
                    names.addAll(columns.subList(FIRST_NAME, columns.size() - BEHIND_NAMES));
                }
                if (row.getField("phase").equals("test")) {
                    epochs.add(epoch(row, names));
                }
            }
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        } catch (UncheckedIOException e) {
            throw BadDataException.unreadable(file.toString(), new IOException(e.getMessage(), e));
        } catch (CsvParseException | IllegalArgumentException | java.util.NoSuchElementException e) {
            throw BadDataException.of(file.toString(), "the numbers of a run", "a row that is none: " + e.getMessage());
        }
        return new MetricsTable(names, epochs);
    }

    private static Epoch epoch(NamedCsvRecord row, List<String> names) {
        List<Double> values = names.stream()
                .map(row::getField)
                .map(field -> field.isEmpty() ? Double.NaN : Double.parseDouble(field))
                .toList();
        return new Epoch(Long.parseLong(row.getField("step")), Integer.parseInt(row.getField("epoch")), values);
    }

    /**
     * The epoch with the least test loss.
     *
     * @return the earliest of several; empty where none has a loss that is a number
     */
    public Optional<Epoch> best() {
        return epochs.stream()
                .filter(epoch -> !Double.isNaN(epoch.loss()))
                .min(Comparator.comparingDouble(Epoch::loss));
    }

    /**
     * The test losses.
     *
     * @return an epoch each, in their order
     */
    public List<Double> losses() {
        return epochs.stream().map(Epoch::loss).toList();
    }
}
