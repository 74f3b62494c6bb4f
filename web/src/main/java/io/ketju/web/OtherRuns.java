package io.ketju.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The runs beside the one that is shown, and their numbers as {@code metrics.csv} has them, thinned. */
final class OtherRuns {
    static final String METRICS = "metrics.csv";

    private static final int MOST_RUNS = 200;
    private static final int MOST_ROWS = 1000;

    /** Step, epoch, phase; and behind the metrics samples per second and bubble. */
    private static final int FIRST_METRIC = 3;

    private static final int BEHIND_METRICS = 2;

    private OtherRuns() {}

    /** By name. */
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(run -> Files.isRegularFile(run.resolve(METRICS)))
                    .map(run -> String.valueOf(run.getFileName()))
                    .sorted()
                    .limit(MOST_RUNS)
                    .toList();
        }
    }

    /** Of one of {@link #names}; empty if it is none of them, whatever it may be. */
    static Optional<String> numbers(Path folder, String name) throws IOException {
        if (!names(folder).contains(name)) {
            return Optional.empty();
        }
        List<String> metrics;
        ThinnedRows steps = new ThinnedRows(MOST_ROWS);
        Map<Integer, double[]> epochs = new TreeMap<>();
        try (BufferedReader lines = Files.newBufferedReader(folder.resolve(name).resolve(METRICS))) {
            String heading = lines.readLine();
            List<String> columns = heading == null ? List.of() : List.of(heading.split(",", -1));
            if (columns.size() <= FIRST_METRIC + BEHIND_METRICS) {
                return Optional.empty();
            }
            metrics = columns.subList(FIRST_METRIC, columns.size() - BEHIND_METRICS);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(List.of(line.split(",", -1)), metrics.size(), steps, epochs);
            }
        }
        ThinnedRows ofEpochs = new ThinnedRows(MOST_ROWS);
        epochs.values().forEach(ofEpochs::add);
        return Optional.of(Json.of(json -> {
            json.writeStartObject();
            json.writeStringField("run", name);
            Json.strings(json, "metrics", metrics);
            Json.rows(json, "steps", steps.rows(0));
            Json.rows(json, "epochs", ofEpochs.rows(0));
            json.writeEndObject();
        }));
    }

    /** A row that is none, such as one that is just being written, is left out. */
    private static void add(List<String> fields, int metrics, ThinnedRows steps, Map<Integer, double[]> epochs) {
        if (fields.size() != FIRST_METRIC + metrics + BEHIND_METRICS) {
            return;
        }
        try {
            List<Double> values = new ArrayList<>();
            for (int i = FIRST_METRIC; i < FIRST_METRIC + metrics; i++) {
                values.add(fields.get(i).isEmpty() ? Double.NaN : Double.parseDouble(fields.get(i)));
            }
            int epoch = Integer.parseInt(fields.get(1));
            if (fields.get(2).equals("step")) {
                double[] row = new double[1 + metrics];
                row[0] = Double.parseDouble(fields.get(0));
                for (int i = 0; i < metrics; i++) {
                    row[1 + i] = values.get(i);
                }
                steps.add(row);
                return;
            }
            double[] row = epochs.computeIfAbsent(epoch, unseen -> {
                double[] made = new double[1 + 2 * metrics];
                Arrays.fill(made, Double.NaN);
                made[0] = unseen;
                return made;
            });
            int first = fields.get(2).equals("train") ? 1 : 1 + metrics;
            for (int i = 0; i < metrics; i++) {
                row[first + i] = values.get(i);
            }
        } catch (NumberFormatException e) {
            // Half a row.
        }
    }
}
