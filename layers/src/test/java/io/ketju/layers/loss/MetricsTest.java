package io.ketju.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetricsTest {
    private static final double TOLERANCE = 1e-6;

    private final TensorCore core = TensorCore.open(1);
    private final TensorArena arena = new TensorArena(1 << 20);

    @AfterEach
    void free() {
        arena.close();
        core.close();
    }

    static List<LossCase> cases() {
        return LossCase.all();
    }

    /** Sums of samples one by one add up to those of all, and every metric has a value within its bounds. */
    @ParameterizedTest
    @MethodSource("cases")
    void sumsOfSamplesMakeTheWhole(LossCase test) {
        Loss loss = test.loss();
        Tensor scores = tensor(TensorType.floats(test.scores()), test.values(7));
        Tensor target = test.target(arena, 7);
        assertThat(loss.metrics()).extracting(Metric::name).doesNotHaveDuplicates();
        for (Metric metric : loss.metrics()) {
            List<Double> whole = sums(loss, metric, scores, target);
            double[] added = new double[whole.size()];
            for (int i = 0; i < test.scores().dimension(0); i++) {
                List<Double> one = sums(loss, metric, scores.samples(i, 1), target.samples(i, 1));
                assertThat(one).hasSameSizeAs(whole);
                for (int k = 0; k < added.length; k++) {
                    added[k] += one.get(k);
                }
            }
            for (int k = 0; k < added.length; k++) {
                assertThat(added[k])
                        .as(metric.name())
                        .isCloseTo(whole.get(k), within(1e-12 * Math.max(1, Math.abs(whole.get(k)))));
            }
            double value = metric.value(whole);
            assertThat(value).as(metric.name()).isFinite();
            assertThat(metric.share() ? value : 0.5).as(metric.name()).isBetween(0.0, 1.0);
        }
    }

    @Test
    void accuracyCountsTheFirstOfTheLargestAndNothingIgnored() {
        Tensor scores = tensor(TensorType.floats(3, 2), 1, 0, 0, 1, 2, 2);
        assertThat(measured("CrossEntropyLoss()", "accuracy", scores, ints(0, 0, 0)))
                .isEqualTo(2 / 3.0);
        assertThat(measured("CrossEntropyLoss()", "accuracy", scores, ints(0, -100, 1)))
                .isEqualTo(1 / 2.0);
        assertThat(measured("CrossEntropyLoss()", "accuracy", scores, ints(-100, -100, -100)))
                .isNaN();
        assertThat(measured("NLLLoss()", "accuracy", scores, ints(0, 1, 1))).isEqualTo(2 / 3.0);
    }

    @Test
    void perplexityIsTheExponentialOfTheMeanLoss() {
        Tensor even = tensor(TensorType.floats(2, 5), new float[10]);
        assertThat(measured("CrossEntropyLoss()", "perplexity", even, ints(4, 1)))
                .isCloseTo(5, within(TOLERANCE));
        assertThat(Losses.parse("CrossEntropyLoss(label_smoothing=0.1)").metrics())
                .extracting(Metric::name)
                .containsExactly("accuracy");
        assertThat(Losses.parse("NLLLoss(weight=(1, 2))").metrics())
                .extracting(Metric::name)
                .containsExactly("accuracy");
    }

    /** Values of sklearn.metrics.r2_score([[1, 10], [2, 30], [4, 20]], [[1.5, 12], [2, 27], [3, 22]]) and its like. */
    @Test
    void regressionMetrics() {
        Tensor outputs = tensor(TensorType.floats(3, 2), 1.5f, 12, 2, 27, 3, 22);
        Tensor targets = tensor(TensorType.floats(3, 2), 1, 10, 2, 30, 4, 20);
        assertThat(measured("MSELoss()", "mae", outputs, targets)).isCloseTo(8.5 / 6, within(TOLERANCE));
        assertThat(measured("MSELoss()", "rmse", outputs, targets)).isCloseTo(Math.sqrt(18.25 / 6), within(TOLERANCE));
        double first = 1 - 1.25 / (21 - 49 / 3.0);
        double second = 1 - 17 / 200.0;
        assertThat(measured("MSELoss()", "r2", outputs, targets)).isCloseTo((first + second) / 2, within(TOLERANCE));
        Tensor one = tensor(TensorType.floats(1, 2), 3, 4);
        assertThat(measured("MSELoss()", "r2", one, one)).isNaN();
    }

    @Test
    void metricsOfLabels() {
        Tensor logits = tensor(TensorType.floats(3, 2), 2, -1, 0.5f, 3, -4, -0.1f);
        Tensor targets = tensor(TensorType.floats(3, 2), 1, 0, 0, 1, 0, 1);
        assertThat(measured("BCEWithLogitsLoss()", "binary_accuracy", logits, targets))
                .isEqualTo(4 / 6.0);
        assertThat(measured("BCEWithLogitsLoss()", "exact_match", logits, targets))
                .isEqualTo(1 / 3.0);
        assertThat(measured("BCEWithLogitsLoss()", "f1", logits, targets)).isEqualTo(2 * 2 / 6.0);
    }

    @Test
    void namesRoundTripAndAnUnknownOneListsWhatThereIs() {
        Loss loss = new MSELoss();
        assertThat(Metrics.usual(loss)).extracting(Metric::name).containsExactly("mae");
        List<Metric> chosen = Metrics.parse(loss, " r2, mae ");
        assertThat(chosen).extracting(Metric::name).containsExactly("r2", "mae");
        assertThat(Metrics.parse(loss, Metrics.names(chosen))).isEqualTo(chosen);
        assertThat(Metrics.parse(loss, Metrics.NONE)).isEmpty();
        assertThatThrownBy(() -> Metrics.parse(loss, "acuracy"))
                .hasMessage("unknown metric 'acuracy'; MSELoss() has mae, rmse, r2");
        assertThatThrownBy(() -> Metrics.parse(loss, "mae, mae")).hasMessage("metric 'mae' is named twice");
    }

    private double measured(String loss, String metric, Tensor outputs, Tensor targets) {
        Loss parsed = Losses.parse(loss);
        Metric named = Metrics.parse(parsed, metric).getFirst();
        return named.value(sums(parsed, named, outputs, targets));
    }

    private List<Double> sums(Loss loss, Metric metric, Tensor outputs, Tensor targets) {
        List<Tensor> room = new ArrayList<>();
        metric.room(List.of(TensorType.of(outputs))).forEach(type -> room.add(arena.allocate(type)));
        double lossSum = LossCase.compute(loss, outputs, targets, 1, core.kernels(), arena)
                .value();
        MetricPass pass = new MetricPass(
                core.kernels(),
                List.of(outputs),
                List.of(targets),
                room,
                lossSum,
                loss.weight(outputs.shape().dimension(0), List.of(targets)));
        return Arrays.stream(metric.measure(pass)).boxed().toList();
    }

    private Tensor tensor(TensorType type, float... values) {
        Tensor tensor = arena.allocate(type);
        tensor.copyFrom(values);
        return tensor;
    }

    private Tensor ints(int... values) {
        Tensor tensor = arena.allocate(TensorType.ints(values.length));
        for (int i = 0; i < values.length; i++) {
            tensor.setInt(i, values[i]);
        }
        return tensor;
    }
}
