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

    /** What samples give one by one is what all give, and every metric has a value within its bounds. */
    @ParameterizedTest
    @MethodSource("cases")
    void samplesMakeTheWhole(LossCase test) {
        Loss loss = test.loss();
        Tensor scores = tensor(TensorType.floats(test.scores()), test.values(7));
        Tensor target = test.target(arena, 7);
        assertThat(loss.metrics()).extracting(Metric::name).doesNotHaveDuplicates();
        for (Metric metric : loss.metrics()) {
            List<Double> whole = sums(loss, metric, scores, target);
            int most = metric.numbers(List.of(TensorType.of(scores)));
            List<List<Double>> samples = new ArrayList<>();
            for (int i = 0; i < test.scores().dimension(0); i++) {
                samples.add(sums(loss, metric, scores.samples(i, 1), target.samples(i, 1)));
            }
            if (metric.collects()) {
                assertThat(whole).as(metric.name()).hasSizeLessThanOrEqualTo(most);
                assertThat(samples.stream().flatMap(List::stream))
                        .as(metric.name())
                        .containsExactlyElementsOf(whole);
            } else {
                assertThat(whole).as(metric.name()).hasSize(most);
                addUpTo(metric, samples, whole);
            }
            double value = metric.value(whole);
            if (metric instanceof ReportedMetric) {
                assertThat(value).as(metric.name()).isNaN();
            } else if (metric.table()) {
                assertThat(value).as(metric.name()).isNaN();
                assertThat(metric.tableOf(whole).total())
                        .isEqualTo(whole.stream().mapToLong(Math::round).sum());
            } else {
                assertThat(value).as(metric.name()).isFinite();
                assertThat(metric.share() ? value : 0.5).as(metric.name()).isBetween(0.0, 1.0);
            }
        }
    }

    private static void addUpTo(Metric metric, List<List<Double>> samples, List<Double> whole) {
        double[] added = new double[whole.size()];
        for (List<Double> one : samples) {
            assertThat(one).as(metric.name()).hasSameSizeAs(whole);
            for (int k = 0; k < added.length; k++) {
                added[k] += one.get(k);
            }
        }
        for (int k = 0; k < added.length; k++) {
            assertThat(added[k])
                    .as(metric.name())
                    .isCloseTo(whole.get(k), within(1e-12 * Math.max(1, Math.abs(whole.get(k)))));
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
        Tensor eight = tensor(TensorType.floats(2, 8), new float[16]);
        assertThat(measured("CrossEntropyLoss()", "bits_per_character", eight, ints(4, 1)))
                .isCloseTo(3, within(TOLERANCE));
        assertThat(Losses.parse("CrossEntropyLoss(label_smoothing=0.1)").metrics())
                .extracting(Metric::name)
                .doesNotContain("perplexity");
        assertThat(Losses.parse("NLLLoss(weight=(1, 2))").metrics())
                .extracting(Metric::name)
                .doesNotContain("perplexity");
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

    /** Values of sklearn.metrics' precision_score, recall_score and f1_score, average='macro', zero_division=0. */
    @Test
    void agreementOfClasses() {
        // Told 0, 0, 1, 3, 1, 0 of five classes; the last target is ignored; class 4 is neither told nor true.
        Tensor scores = tensor(
                TensorType.floats(6, 5),
                9,
                1,
                2,
                3,
                4,
                9,
                1,
                2,
                3,
                4,
                1,
                9,
                2,
                3,
                4,
                1,
                2,
                3,
                9,
                4,
                1,
                9,
                2,
                3,
                4,
                9,
                1,
                2,
                3,
                4);
        Tensor targets = ints(0, 1, 1, 2, 1, -100);
        String loss = "CrossEntropyLoss()";
        assertThat(measured(loss, "macro_precision", scores, targets)).isCloseTo((0.5 + 1) / 4, within(TOLERANCE));
        assertThat(measured(loss, "macro_recall", scores, targets)).isCloseTo((1 + 2 / 3.0) / 4, within(TOLERANCE));
        assertThat(measured(loss, "macro_f1", scores, targets)).isCloseTo((2 / 3.0 + 0.8) / 4, within(TOLERANCE));
        // Of sample 1 class 1 is the last, of sample 3 class 2 the third.
        assertThat(measured(loss, "top3_accuracy", scores, targets)).isEqualTo(4 / 5.0);
        assertThat(measured(loss, "top5_accuracy", scores, targets)).isEqualTo(1);
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
        // Label 0: told of samples 0 and 1, true of 0. Label 1: told of 1, true of 1 and 2.
        String loss = "BCEWithLogitsLoss()";
        assertThat(measured(loss, "precision", logits, targets)).isCloseTo(2 / 3.0, within(TOLERANCE));
        assertThat(measured(loss, "recall", logits, targets)).isCloseTo(2 / 3.0, within(TOLERANCE));
        assertThat(measured(loss, "macro_precision", logits, targets)).isCloseTo((0.5 + 1) / 2, within(TOLERANCE));
        assertThat(measured(loss, "macro_recall", logits, targets)).isCloseTo((1 + 0.5) / 2, within(TOLERANCE));
        assertThat(measured(loss, "macro_f1", logits, targets)).isCloseTo(2 / 3.0, within(TOLERANCE));
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

    @Test
    void aMetricMayHaveArguments() {
        Loss loss = new CrossEntropyLoss();
        List<Metric> chosen = Metrics.parse(loss, "bleu(sentences=20), accuracy");
        assertThat(chosen.getFirst()).isEqualTo(new TranslationBleu(20));
        assertThat(chosen).extracting(Metric::name).containsExactly("bleu", "accuracy");
        assertThat(Metrics.parse(loss, Metrics.names(chosen))).isEqualTo(chosen);
        assertThat(Metrics.names(Metrics.parse(loss, "bleu(sentences=500)"))).isEqualTo("bleu");
        assertThatThrownBy(() -> Metrics.parse(loss, "bleu(sentences=0)"))
                .hasMessage("bleu: argument 'sentences': expected at least 1, found 0");
        assertThatThrownBy(() -> Metrics.parse(loss, "bleu, bleu(sentences=3)"))
                .hasMessage("metric 'bleu' is named twice");
        assertThatThrownBy(() -> Metrics.parse(loss, "accuracy(top=3)"))
                .hasMessageContaining("unknown metric 'accuracy(top=3)'");
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
