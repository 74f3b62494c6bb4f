package io.ketju.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics against scikit-learn's: see {@code src/test/golden/metrics.py}. Shares of small whole numbers, so nearly exact. */
class MetricsGoldenTest {
    private static final double TOLERANCE = 1e-14;

    static List<String> rows() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/golden/metrics.tsv"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void areThoseOfScikitLearn(String row) {
        List<String> cells = List.of(row.split("\t"));
        Loss loss = Losses.parse(cells.get(0));
        Shape shape = Shape.of(
                numbers(cells.get(1)).stream().mapToInt(Double::intValue).toArray());
        try (TensorCore core = TensorCore.open(1);
                TensorArena arena = new TensorArena(1 << 20)) {
            Tensor scores = arena.allocate(shape);
            scores.copyFrom(floats(cells.get(2)));
            TensorType type = loss.targets(List.of(TensorType.floats(shape))).getFirst();
            Tensor targets = arena.allocate(type);
            List<Double> real = numbers(cells.get(3));
            for (int i = 0; i < real.size(); i++) {
                if (type.dtype() == DType.INT32) {
                    targets.setInt(i, real.get(i).intValue());
                } else {
                    targets.setFloat(i, real.get(i).floatValue());
                }
            }
            for (String expected : cells.subList(4, cells.size())) {
                compare(loss, expected.split("="), scores, targets, core, arena);
            }
        }
    }

    private static void compare(
            Loss loss, String[] expected, Tensor scores, Tensor targets, TensorCore core, TensorArena arena) {
        Metric metric = Metrics.parse(loss, expected[0]).getFirst();
        List<Tensor> room = new ArrayList<>();
        metric.room(List.of(TensorType.of(scores))).forEach(one -> room.add(arena.allocate(one)));
        double[] measured =
                metric.measure(new MetricPass(core.kernels(), List.of(scores), List.of(targets), room, 0, 1));
        List<Double> all = Arrays.stream(measured).boxed().toList();
        List<Double> golden = numbers(expected[1]);
        if (metric.table()) {
            assertThat(metric.tableOf(all).counts())
                    .isEqualTo(golden.stream().map(Math::round).toList());
        } else {
            assertThat(metric.value(all)).as(expected[0]).isCloseTo(golden.getFirst(), within(TOLERANCE));
        }
    }

    /** The order of the scores is that of their numbers, whatever their signs, and of equal scores the false one is first. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, (1 << 19) - 1})
    void rankedLabelsComeInTheOrderOfTheirScores(int column) {
        float[] scores = {
            Float.NEGATIVE_INFINITY,
            -Float.MAX_VALUE,
            -1.5f,
            -Float.MIN_VALUE,
            0,
            Float.MIN_VALUE,
            1,
            Float.MAX_VALUE,
            Float.POSITIVE_INFINITY
        };
        double before = column == 0 ? -1 : RankedLabel.of(column - 1, Float.POSITIVE_INFINITY, true);
        for (float score : scores) {
            for (boolean holds : new boolean[] {false, true}) {
                double number = RankedLabel.of(column, score, holds);
                assertThat(number)
                        .isGreaterThan(before)
                        .isEqualTo(Math.rint(number))
                        .isLessThan(0x1p53);
                before = number;
            }
        }
        assertThat(RankedLabel.of(column, -0f, true)).isEqualTo(RankedLabel.of(column, 0f, true));
    }

    private static List<Double> numbers(String text) {
        return Arrays.stream(text.split(",")).map(Double::valueOf).toList();
    }

    private static float[] floats(String text) {
        List<Double> numbers = numbers(text);
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i).floatValue();
        }
        return floats;
    }
}
