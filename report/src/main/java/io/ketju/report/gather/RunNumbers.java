package io.ketju.report.gather;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.ketju.data.BadDataException;
import io.ketju.records.table.MetricsCsv;
import io.ketju.report.figure.Curves;
import io.ketju.report.figure.Curves.Line;
import io.ketju.report.figure.Curves.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * All numbers of a run as {@code metrics.csv} has them, by phase and name: of long runs so few that they can be drawn.
 *
 * @param phases {@code step}, {@code train} and {@code test}, each with its columns
 */
public record RunNumbers(Map<String, Map<String, List<Point>>> phases) {
    /** Of mini-batches. */
    public static final String STEP = "step";

    /** Of an epoch's mini-batches. */
    public static final String TRAIN = "train";

    /** Of the test samples, after an epoch. */
    public static final String TEST = "test";

    private static final int FIRST_NAME = 3;

    /**
     * Of a run.
     *
     * @param run its folder
     * @return empty where it has written none
     * @throws BadDataException if its file cannot be read, or is none of numbers
     */
    public static RunNumbers read(Path run) {
        Path file = run.resolve(MetricsCsv.FILE_NAME);
        Map<String, Map<String, ThinnedLine>> lines = new LinkedHashMap<>();
        if (Files.exists(file)) {
            try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(file)) {
                rows.forEach(row -> add(lines, row));
            } catch (IOException e) {
                throw BadDataException.unreadable(file.toString(), e);
            } catch (UncheckedIOException e) {
                throw BadDataException.unreadable(file.toString(), new IOException(e.getMessage(), e));
            } catch (CsvParseException | IllegalArgumentException | NoSuchElementException e) {
                throw BadDataException.of(
                        file.toString(), "the numbers of a run", "a row that is none: " + e.getMessage());
            }
        }
        Map<String, Map<String, List<Point>>> phases = new LinkedHashMap<>();
        lines.forEach((phase, columns) -> {
            Map<String, List<Point>> points = new LinkedHashMap<>();
            columns.forEach((name, line) -> points.put(name, line.points()));
            phases.put(phase, points);
        });
        return new RunNumbers(phases);
    }

    private static void add(Map<String, Map<String, ThinnedLine>> lines, NamedCsvRecord row) {
        String phase = row.getField("phase");
        double x = Double.parseDouble(row.getField(phase.equals(STEP) ? "step" : "epoch"));
        List<String> names = row.getHeader();
        Map<String, ThinnedLine> columns = lines.computeIfAbsent(phase, unseen -> new LinkedHashMap<>());
        for (int i = FIRST_NAME; i < names.size(); i++) {
            String field = row.getField(i);
            if (!field.isEmpty()) {
                columns.computeIfAbsent(names.get(i), unseen -> new ThinnedLine())
                        .add(x, Double.parseDouble(field));
            }
        }
    }

    /**
     * One column of one phase.
     *
     * @param phase one of the three
     * @param name of the column
     * @return empty where there is none
     */
    public List<Point> points(String phase, String name) {
        return phases.getOrDefault(phase, Map.of()).getOrDefault(name, List.of());
    }

    /** A picture for each number: those of epochs, then those of steps. */
    List<Curves> curves() {
        List<Curves> curves = new ArrayList<>();
        for (String name : phases.getOrDefault(TRAIN, Map.of()).keySet()) {
            curves.add(new Curves(
                    fileName(name),
                    words(name),
                    "epoch",
                    List.of(new Line(TRAIN, points(TRAIN, name)), new Line(TEST, points(TEST, name)))));
        }
        for (String name : phases.getOrDefault(STEP, Map.of()).keySet()) {
            if (name.equals("loss") || name.equals("samples_per_second") || name.equals("bubble")) {
                curves.add(new Curves(
                        "step-" + fileName(name),
                        words(name) + " of steps",
                        STEP,
                        List.of(new Line(words(name), points(STEP, name)))));
            }
        }
        return curves.stream().filter(curve -> !curve.lines().isEmpty()).toList();
    }

    private static String fileName(String name) {
        return name.replace('/', '-').replace('_', '-');
    }

    private static String words(String name) {
        return name.replace('_', ' ');
    }
}
