package io.ketju.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import io.ketju.layers.Goldens.Golden;
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
import org.junit.jupiter.params.provider.MethodSource;

class CrossEntropyLossTest {
    private static final double TOLERANCE = 2e-6;

    private final Loss loss = new CrossEntropyLoss();
    private final Kernels kernels = Kernels.scalar();
    private final TensorArena arena = new TensorArena(1 << 16);

    @AfterEach
    void close() {
        arena.close();
    }

    static List<String> cases() {
        return Goldens.casesWith("loss");
    }

    /** What a loss gives. */
    private record Result(double loss, Tensor gradOutput) {}

    private Result compute(Tensor logits, Tensor targets, long denominator) {
        return compute(logits, targets, denominator, kernels);
    }

    private Result compute(Tensor logits, Tensor targets, long denominator, Kernels with) {
        List<Tensor> room = loss.room(List.of(TensorType.of(logits))).stream()
                .map(type -> arena.allocate(type.dtype(), type.shape()))
                .toList();
        Tensor gradient = arena.allocate(logits.shape());
        LossPass pass =
                new LossPass(with, List.of(logits), List.of(targets), List.of(gradient), room, 1.0 / denominator);
        return new Result(loss.compute(pass), gradient);
    }

    private Tensor logits(Shape shape, float... values) {
        Tensor tensor = arena.allocate(shape);
        tensor.copyFrom(values);
        return tensor;
    }

    private Tensor targets(int... values) {
        Tensor tensor = arena.allocate(DType.INT32, Shape.of(values.length));
        for (int i = 0; i < values.length; i++) {
            tensor.setInt(i, values[i]);
        }
        return tensor;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPyTorch(String name) {
        Golden input = Goldens.get(name + "/input");
        int samples = input.shape().dimension(0);
        Tensor logits = logits(input.shape(), input.values());
        Tensor targets = targets(Goldens.get(name + "/target").ints());
        Result value = compute(logits, targets, samples);
        float expected = Goldens.get(name + "/loss").values()[0];
        assertThat(value.loss() / samples).isCloseTo(expected, within(TOLERANCE * Math.max(1, expected)));
        Floats.assertClose(
                "gradient",
                value.gradOutput().toFloats(),
                Goldens.get(name + "/gradInput").values(),
                TOLERANCE);
    }

    /** Central differences of the same formula in double. */
    @Test
    void gradientIsTheDerivative() {
        int classes = 7;
        float[] x = Floats.normal(9, "logits", classes);
        Result value = compute(logits(Shape.of(1, classes), x), targets(4), 3);
        double step = 1e-5;
        double[] expected = new double[classes];
        for (int i = 0; i < classes; i++) {
            double[] moved = Floats.toDoubles(x);
            moved[i] += step;
            double above = reference(moved, 4);
            moved[i] -= 2 * step;
            expected[i] = (above - reference(moved, 4)) / (2 * step) / 3;
        }
        Floats.assertClose("gradient", value.gradOutput().toFloats(), expected, TOLERANCE);
        assertThat(value.loss()).isCloseTo(reference(Floats.toDoubles(x), 4), within(1e-6));
    }

    private static double reference(double[] x, int target) {
        double sum = 0;
        for (double value : x) {
            sum += Math.exp(value);
        }
        return Math.log(sum) - x[target];
    }

    /** Two micro-batches with the denominator of the whole give the bits of the whole. */
    @Test
    void microbatchesMakeTheWhole() {
        int samples = 5;
        Tensor logits = logits(Shape.of(samples, 4), Floats.normal(21, "logits", samples * 4));
        Tensor targets = targets(0, 3, 2, 2, 1);
        Result whole = compute(logits, targets, samples);
        Result first = compute(logits.samples(0, 2), targets.samples(0, 2), samples);
        Result second = compute(logits.samples(2, 3), targets.samples(2, 3), samples);
        assertThat(Floats.bits(first.gradOutput()))
                .isEqualTo(Floats.bits(whole.gradOutput().samples(0, 2)));
        assertThat(Floats.bits(second.gradOutput()))
                .isEqualTo(Floats.bits(whole.gradOutput().samples(2, 3)));
        assertThat(first.loss() + second.loss()).isCloseTo(whole.loss(), within(1e-12));
    }

    @Test
    void vectorEqualsScalar() {
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(2, KernelChoice.VECTOR))) {
            Tensor logits = logits(Shape.of(37, 13), Floats.normal(4, "logits", 37 * 13));
            Tensor targets = targets(
                    java.util.stream.IntStream.range(0, 37).map(i -> i % 13).toArray());
            Result scalar = compute(logits, targets, 37);
            Result vector = compute(logits, targets, 37, core.kernels());
            assertThat(Floats.bits(vector.gradOutput())).isEqualTo(Floats.bits(scalar.gradOutput()));
            assertThat(vector.loss()).isEqualTo(scalar.loss());
        }
    }

    @Test
    void saysWhatIsWrong() {
        Tensor logits = logits(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        assertThatThrownBy(() -> compute(logits, targets(0, 3), 2))
                .hasMessage(
                        "CrossEntropyLoss: target of sample 1 of the micro-batch: expected a class from 0 to 2, or -100"
                                + " for none, found 3; give the model more outputs or correct the labels");
        assertThatThrownBy(() -> compute(logits, targets(-1, 0), 2))
                .hasMessageContaining("sample 0")
                .hasMessageContaining("found -1");
        assertThatThrownBy(() -> compute(logits, targets(0), 2))
                .hasMessage("CrossEntropyLoss: expected targets int32[2], found int32[1]");
        assertThatThrownBy(() -> loss.targets(List.of(TensorType.floats(28))))
                .hasMessage("CrossEntropyLoss: expected model output [samples, classes, ...], found [28];"
                        + " add Flatten() or Linear");
        assertThatThrownBy(() -> loss.targets(List.of(TensorType.ints(3, 2))))
                .hasMessage("expected input of type float32, found int32[3, 2]");
        assertThatThrownBy(() -> Losses.parse("crossentropy()"))
                .hasMessage("unknown loss 'crossentropy'; did you mean 'CrossEntropyLoss'?");
    }

    @Test
    void printsWhatItParses() {
        assertThat(Losses.parse("CrossEntropyLoss")).isEqualTo(loss).hasToString("CrossEntropyLoss()");
        assertThat(loss.targets(List.of(TensorType.floats(5, 10)))).containsExactly(TensorType.ints(5));
    }
}
