package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All numbers of a run in both files: of heads, penalties, norms of gradients and learning rates. */
class MetricsFilesTest {
    private static final int STEPS = 5;

    @TempDir
    private Path folder;

    private Path trained(String name, String job, String... more) throws IOException {
        Path run = folder.resolve(name);
        List<String> arguments = new ArrayList<>(
                List.of("train", Files.writeString(folder.resolve(name + ".conf"), job) + "", "--run-dir", run + ""));
        arguments.addAll(List.of(more));
        InProcess ran = InProcess.run(arguments.toArray(String[]::new));
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        return run;
    }

    private static List<Map<String, String>> csv(Path run) throws IOException {
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(run.resolve("metrics.csv"));
        String[] names = lines.getFirst().split(",", -1);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            assertThat(cells).hasSameSizeAs(names);
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < names.length; i++) {
                row.put(names[i], cells[i]);
            }
            rows.add(row);
        }
        return rows;
    }

    private static String cell(Map<String, String> row, String name) {
        return Objects.requireNonNull(row.get(name), name);
    }

    private static Map<String, String> object(String line) {
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                values.put(name, json.getText());
            }
            return values;
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    /** Half of the last digit that {@code metrics.csv} has of a column, and a little for the sum of two roundings. */
    private static double rounding(String column) {
        return switch (column) {
            case "step", "epoch" -> 0;
            case "samples_per_second" -> 0.0501;
            case "bubble" -> 0.0000501;
            default -> column.endsWith("learning_rate") ? 0 : 0.000000501;
        };
    }

    /** Every cell of the one file is a field of the other. */
    private static void requireSame(Path run) throws IOException {
        List<Map<String, String>> rows = csv(run);
        List<Map<String, String>> objects = Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(MetricsFilesTest::object)
                .toList();
        assertThat(objects).hasSameSizeAs(rows);
        for (int i = 0; i < rows.size(); i++) {
            Map<String, String> object = objects.get(i);
            List<String> told = new ArrayList<>();
            for (Map.Entry<String, String> cell : rows.get(i).entrySet()) {
                if (cell.getValue().isEmpty()) {
                    continue;
                }
                told.add(cell.getKey());
                String other = cell(object, cell.getKey());
                if (cell.getKey().equals("phase")) {
                    assertThat(other).isEqualTo(cell.getValue());
                } else {
                    assertThat(Double.parseDouble(other))
                            .as("%s of line %d", cell.getKey(), i + 1)
                            .isCloseTo(Double.parseDouble(cell.getValue()), Offset.offset(rounding(cell.getKey())));
                }
            }
            assertThat(object).containsOnlyKeys(told);
        }
    }

    @Test
    void headsPenaltiesNormsAndRatesAreThere() throws IOException {
        Path run = trained("probe", """
                model {
                  input = [1, 8, 8]
                  layers = [
                    "Flatten()"
                    "hidden = Linear(64, 16)"
                    "relu = ReLU()"
                    "main = Linear(16, 10)"
                    "probe = Linear(16, 10) <- relu"
                    "head first = CrossEntropyLoss() <- main targets target metrics accuracy"
                    "head second = CrossEntropyLoss() <- probe targets target metrics accuracy, top5_accuracy"
                    "output main, probe"
                  ]
                }
                data = digits
                penalties = ["L2(0.001)"]
                grad-norm = true
                non-finite-gradients = skip
                learning-rate-schedule = "StepLR(step_size=2, gamma=0.5)"
                optimizer = "Adam(lr=0.01)"
                batch = 300
                epochs = 2
                stages = 2
                """);
        List<Map<String, String>> rows = csv(run);
        List<String> always = List.of(
                "loss",
                "first/loss",
                "first/accuracy",
                "second/loss",
                "second/accuracy",
                "second/top5_accuracy",
                "penalty");
        for (Map<String, String> row : rows) {
            String phase = cell(row, "phase");
            assertThat(row).doesNotContainEntry("loss", "");
            assertThat(cell(row, "grad_norm").isEmpty()).as(phase).isEqualTo(phase.equals("test"));
            assertThat(cell(row, "learning_rate").isEmpty()).isEqualTo(!phase.equals("step"));
            for (String name : always) {
                boolean told = !name.equals("penalty") || !phase.equals("test");
                assertThat(cell(row, name).isEmpty()).as(name + " of " + phase).isNotEqualTo(told);
            }
        }
        assertThat(rates(run)).startsWith(0.01, 0.01, 0.005, 0.005, 0.0025);
        requireSame(run);
    }

    private static List<Double> rates(Path run) throws IOException {
        return csv(run).stream()
                .filter(row -> cell(row, "phase").equals("step"))
                .map(row -> Double.valueOf(cell(row, "learning_rate")))
                .toList();
    }

    /** Each epoch but the first is no better by this rule, so each halves the rate; a run that goes on knows of those before. */
    @Test
    void aScheduleThatWatchesTheRunIsToldAsItIsInForce() throws IOException {
        String job = """
                data = iris
                model { name = "mlp(4, 8, 3)" }
                optimizer = "SGD(lr=0.125)"
                learning-rate-schedule = "ReduceLROnPlateau(factor=0.5, patience=0, threshold=0.9)"
                batch = 24
                epochs = 5
                stages = 2
                """;
        Path whole = trained("whole", job);
        List<Double> expected = new ArrayList<>();
        for (double rate : new double[] {0.125, 0.125, 0.0625, 0.03125, 0.015625}) {
            for (int step = 0; step < STEPS; step++) {
                expected.add(rate);
            }
        }
        assertThat(rates(whole)).isEqualTo(expected);
        Path parted = trained("parted", job, "--epochs", "3");
        InProcess more = InProcess.run("train", "--resume", parted + "", "--epochs", "5");
        assertThat(more.exitCode()).as(more.err()).isZero();
        assertThat(rates(parted)).isEqualTo(expected);
        requireSame(parted);
    }

    @Test
    void eachObjectiveHasItsRate() throws IOException {
        Path run = trained(
                "objectives",
                Files.readString(Path.of("..", "jobs", "probe-digits.conf")),
                "--batch",
                "300",
                "--epochs",
                "1");
        Map<String, String> first = csv(run).getFirst();
        assertThat(first)
                .containsEntry("classifier/learning_rate", "0.01")
                .containsEntry("probe/learning_rate", "0.01");
        requireSame(run);
    }
}
