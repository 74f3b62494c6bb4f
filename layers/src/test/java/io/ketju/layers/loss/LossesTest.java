package io.ketju.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import io.ketju.layers.Goldens.Golden;
import io.ketju.layers.loss.LossCase.Result;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every loss against PyTorch, against its formula in double, and against itself. */
class LossesTest {
    private static final long SEED = 3;
    private static final double TOLERANCE = 2e-6;

    private final TensorArena arena = new TensorArena(1 << 18);

    @AfterEach
    void close() {
        arena.close();
    }

    static List<LossCase> cases() {
        return LossCase.all();
    }

    static List<String> goldens() {
        return Goldens.casesWith("scores");
    }

    private Tensor tensor(TensorType type, float[] values) {
        Tensor tensor = arena.allocate(type.dtype(), type.shape());
        for (int i = 0; i < values.length; i++) {
            if (type.dtype() == DType.INT32) {
                tensor.setInt(i, (int) values[i]);
            } else {
                tensor.setFloat(i, values[i]);
            }
        }
        return tensor;
    }

    private Tensor golden(String name) {
        Golden golden = Goldens.get(name);
        return tensor(golden.type(), golden.values());
    }

    private Result compute(Loss loss, Tensor scores, Tensor target, double scale) {
        return LossCase.compute(loss, scores, target, scale, Kernels.scalar(), arena);
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void equalsPyTorch(String name) {
        String spec = name.substring(0, name.lastIndexOf(')') + 1);
        Loss loss = Losses.parse(spec);
        assertThat(loss.toString()).isEqualTo(spec);
        Tensor scores = golden(name + "/scores");
        Tensor target = golden(name + "/target");
        assertThat(loss.targets(List.of(TensorType.of(scores)))).containsExactly(TensorType.of(target));
        double weight = loss.weight(target.shape().dimension(0), List.of(target));
        Result result = compute(loss, scores, target, 1 / weight);
        float expected = Goldens.get(name + "/value").values()[0];
        assertThat(result.value() / weight).isCloseTo(expected, within(TOLERANCE * Math.max(1, expected)));
        float[] gradient = Goldens.get(name + "/gradInput").values();
        Floats.assertClose("gradient", result.gradInput().toFloats(), gradient, TOLERANCE);
    }

    /** Central differences of the formula in double; the value, too. */
    @ParameterizedTest
    @MethodSource("cases")
    void gradientIsTheDerivative(LossCase test) {
        Tensor target = test.target(arena, SEED);
        Loss loss = test.loss();
        float[] x = test.values(SEED);
        Result result = compute(loss, tensor(TensorType.floats(test.scores()), x), target, 0.25);
        double[] moved = Floats.toDoubles(x);
        double[] expected = new double[x.length];
        double step = 1e-5;
        for (int i = 0; i < x.length; i++) {
            moved[i] = x[i] + step;
            double above = ReferenceLosses.sum(loss, test.scores(), moved, target);
            moved[i] = x[i] - step;
            expected[i] = (above - ReferenceLosses.sum(loss, test.scores(), moved, target)) / (2 * step) * 0.25;
            moved[i] = x[i];
        }
        Floats.assertClose("gradient", result.gradInput().toFloats(), expected, TOLERANCE);
        double sum = ReferenceLosses.sum(loss, test.scores(), moved, target);
        assertThat(result.value()).isCloseTo(sum, within(TOLERANCE * Math.max(1, Math.abs(sum))));
    }

    /** Micro-batches with the scale of the whole have its bits; their weights and values add up to it. */
    @ParameterizedTest
    @MethodSource("cases")
    void microbatchesMakeTheWhole(LossCase test) {
        Loss loss = test.loss();
        Tensor scores = tensor(TensorType.floats(test.scores()), test.values(SEED));
        Tensor target = test.target(arena, SEED);
        int samples = test.scores().dimension(0);
        Result whole = compute(loss, scores, target, 0.125);
        double sum = 0;
        double weight = 0;
        for (int sample = 0; sample < samples; sample++) {
            Result one = compute(loss, scores.samples(sample, 1), target.samples(sample, 1), 0.125);
            assertThat(Floats.bits(one.gradInput()))
                    .isEqualTo(Floats.bits(whole.gradInput().samples(sample, 1)));
            sum += one.value();
            weight += loss.weight(1, List.of(target.samples(sample, 1)));
        }
        assertThat(sum).isCloseTo(whole.value(), within(1e-12 * Math.max(1, Math.abs(sum))));
        assertThat(weight).isEqualTo(loss.weight(target.shape().dimension(0), List.of(target)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void vectorEqualsScalar(LossCase test) {
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(2, KernelChoice.VECTOR))) {
            Tensor scores = tensor(TensorType.floats(test.scores()), test.values(SEED));
            Tensor target = test.target(arena, SEED);
            Result scalar = compute(test.loss(), scores, target, 0.3);
            Result vector = LossCase.compute(test.loss(), scores, target, 0.3, core.kernels(), arena);
            assertThat(Floats.bits(vector.gradInput())).isEqualTo(Floats.bits(scalar.gradInput()));
            assertThat(Floats.bits(vector.losses())).isEqualTo(Floats.bits(scalar.losses()));
            assertThat(vector.value()).isEqualTo(scalar.value());
        }
    }

    /** What is ignored neither weighs nor counts, and has no gradient; whatever is at its place. */
    @Test
    void ignoredTargetsAreNotThere() {
        Loss loss = new CrossEntropyLoss().withClassesLast().withWeight(List.of(0.5, 2.0, 1.0));
        Tensor scores = tensor(TensorType.floats(2, 2, 3), new float[] {1, 0, 0, 0, 9, 0, 0, 1, 0, 5, 0, 1});
        Tensor target = tensor(TensorType.ints(2, 2), new float[] {0, -100, 1, 2});
        assertThat(loss.weight(target.shape().dimension(0), List.of(target))).isEqualTo(0.5 + 2 + 1);
        Result result = compute(loss, scores, target, 1);
        assertThat(result.losses().getFloat(1)).isZero();
        assertThat(result.gradInput().view(Shape.of(4, 3)).samples(1, 1).toFloats())
                .containsOnly(0);
        Tensor none = tensor(TensorType.ints(2, 2), new float[] {-100, -100, -100, -100});
        assertThat(loss.weight(2, List.of(none))).isZero();
        assertThat(compute(loss, scores, none, 1).value()).isZero();
    }

    @Test
    void weightsAreSumsInTheirOrder() {
        Tensor target = tensor(TensorType.ints(4), new float[] {2, 0, 0, 1});
        float tenth = 0.1f;
        assertThat(new CrossEntropyLoss(List.of(0.1, 1.0, 3.0), -100, 0, 1, false).weight(4, List.of(target)))
                .isEqualTo(3.0 + tenth + tenth + 1.0);
        assertThat(new CrossEntropyLoss().weight(4, List.of(target))).isEqualTo(4);
        assertThat(new MSELoss().weight(2, List.of(tensor(TensorType.floats(2, 3), new float[6]))))
                .isEqualTo(6);
    }

    @Test
    void constructorsSayTheSame() {
        assertThat(new CrossEntropyLoss()
                        .withWeight(List.of(1.0, 0.5))
                        .withIgnoreIndex(1)
                        .withLabelSmoothing(0.1)
                        .withClassesLast())
                .isEqualTo(
                        Losses.parse("CrossEntropyLoss((1, 0.5), ignore_index=1, label_smoothing=0.1, class_dim=-1)"));
        assertThat(new NLLLoss()).isEqualTo(Losses.parse("NLLLoss"));
        assertThat(new SmoothL1Loss(0.5)).isEqualTo(Losses.parse("SmoothL1Loss(beta=0.5)"));
        assertThat(new HuberLoss()).isEqualTo(Losses.parse("HuberLoss(delta=1)"));
        assertThat(new BCEWithLogitsLoss(List.of(2.0)))
                .isEqualTo(Losses.parse("BCEWithLogitsLoss(pos_weight=2)"))
                .hasToString("BCEWithLogitsLoss(pos_weight=2)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CrossEntropyLoss(label_smoothing=2)|CrossEntropyLoss: argument 'label_smoothing': expected 0 to 1, found 2.0",
                "CrossEntropyLoss(class_dim=2)|CrossEntropyLoss: argument 'class_dim': expected 1 or -1, found 2",
                "NLLLoss(weight=(1, -1))|NLLLoss: argument 'weight': expected numbers of at least 0, found -1.0",
                "BCEWithLogitsLoss(pos_weight=(1, -2))|BCEWithLogitsLoss: argument 'pos_weight': expected numbers of at least 0, found -2.0",
                "HuberLoss(delta=0)|HuberLoss: argument 'delta': expected a number > 0, found 0.0",
                "SmoothL1Loss(beta=-1)|SmoothL1Loss: argument 'beta': expected a number >= 0, found -1.0",
                "MSELoss(1)|MSELoss(1): expected no arguments without names, found 1; it takes reduction, sample_weights",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Losses.parse(text)).hasMessage(message);
    }

    @Test
    void tensorsThatDoNotFitPrintBoth() {
        Loss weighted = Losses.parse("CrossEntropyLoss(weight=(1, 2))");
        assertThatThrownBy(() -> weighted.targets(List.of(TensorType.floats(5, 3))))
                .hasMessage("CrossEntropyLoss: expected as many classes as weights, 2, found 3");
        assertThatThrownBy(() ->
                        Losses.parse("BCEWithLogitsLoss(pos_weight=(1, 2))").targets(List.of(TensorType.floats(5, 3))))
                .hasMessage(
                        "BCEWithLogitsLoss: expected model output [samples, ..., 2], as many as weights, found [5, 3]");
        assertThatThrownBy(() -> new MSELoss().targets(List.of(TensorType.floats())))
                .hasMessage("MSELoss: expected model output [samples, ...], found []");
        Tensor scores = tensor(TensorType.floats(2, 3), new float[6]);
        assertThatThrownBy(() -> compute(new MSELoss(), scores, tensor(TensorType.floats(3, 2), new float[6]), 1))
                .hasMessage("MSELoss: expected targets float32[2, 3] as the model's output, found float32[3, 2]");
        Tensor sequence = tensor(TensorType.floats(2, 2, 3), new float[12]);
        Tensor wrong = tensor(TensorType.ints(2, 2), new float[] {0, 1, 2, 3});
        assertThatThrownBy(() -> compute(new CrossEntropyLoss().withClassesLast(), sequence, wrong, 1))
                .hasMessage(
                        "CrossEntropyLoss: target of sample 1, position 1 of the micro-batch: expected a class from 0"
                                + " to 2, or -100 for none, found 3; give the model more outputs or correct the labels");
    }
}
