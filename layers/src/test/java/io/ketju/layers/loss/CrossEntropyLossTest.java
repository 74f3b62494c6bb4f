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
        LossValue value = loss.compute(logits, targets, samples, kernels, arena);
        float expected = Goldens.get(name + "/loss").values()[0];
        assertThat(value.lossSum() / samples).isCloseTo(expected, within(TOLERANCE * Math.max(1, expected)));
        assertThat(value.samples()).isEqualTo(samples);
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
        LossValue value = loss.compute(logits(Shape.of(1, classes), x), targets(4), 3, kernels, arena);
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
        assertThat(value.lossSum()).isCloseTo(reference(Floats.toDoubles(x), 4), within(1e-6));
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
        LossValue whole = loss.compute(logits, targets, samples, kernels, arena);
        LossValue first = loss.compute(logits.samples(0, 2), targets.samples(0, 2), samples, kernels, arena);
        LossValue second = loss.compute(logits.samples(2, 3), targets.samples(2, 3), samples, kernels, arena);
        assertThat(Floats.bits(first.gradOutput()))
                .isEqualTo(Floats.bits(whole.gradOutput().samples(0, 2)));
        assertThat(Floats.bits(second.gradOutput()))
                .isEqualTo(Floats.bits(whole.gradOutput().samples(2, 3)));
        assertThat(first.lossSum() + second.lossSum()).isCloseTo(whole.lossSum(), within(1e-12));
        assertThat(first.correct() + second.correct()).isEqualTo(whole.correct());
    }

    @Test
    void countsTheCorrect() {
        Tensor logits = logits(Shape.of(3, 2), 1, 0, 0, 1, 2, 2);
        assertThat(loss.compute(logits, targets(0, 0, 0), 3, kernels, arena).correct())
                .isEqualTo(2);
    }

    @Test
    void vectorEqualsScalar() {
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(2, KernelChoice.VECTOR))) {
            Tensor logits = logits(Shape.of(37, 13), Floats.normal(4, "logits", 37 * 13));
            Tensor targets = targets(
                    java.util.stream.IntStream.range(0, 37).map(i -> i % 13).toArray());
            LossValue scalar = loss.compute(logits, targets, 37, kernels, arena);
            LossValue vector = loss.compute(logits, targets, 37, core.kernels(), arena);
            assertThat(Floats.bits(vector.gradOutput())).isEqualTo(Floats.bits(scalar.gradOutput()));
            assertThat(vector.lossSum()).isEqualTo(scalar.lossSum());
        }
    }

    @Test
    void takesExactlyTheBytesItAnnounces() {
        Tensor logits = logits(Shape.of(5, 7), new float[35]);
        Tensor targets = targets(0, 1, 2, 3, 4);
        long before = arena.usedBytes();
        loss.compute(logits, targets, 5, kernels, arena);
        assertThat(arena.usedBytes() - before).isEqualTo(loss.slotBytes(Shape.of(7), 5));
    }

    @Test
    void saysWhatIsWrong() {
        Tensor logits = logits(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
        assertThatThrownBy(() -> loss.compute(logits, targets(0, 3), 2, kernels, arena))
                .hasMessage(
                        "CrossEntropyLoss: target of sample 1 of the micro-batch: expected a class from 0 to 2, found 3;"
                                + " give the model more outputs or correct the labels");
        assertThatThrownBy(() -> loss.compute(logits, targets(-1, 0), 2, kernels, arena))
                .hasMessageContaining("sample 0")
                .hasMessageContaining("found -1");
        assertThatThrownBy(() -> loss.compute(logits, targets(0), 2, kernels, arena))
                .hasMessage("CrossEntropyLoss: expected targets int32[2], found int32[1]");
        assertThatThrownBy(() -> loss.compute(logits, targets(0, 1), 0, kernels, arena))
                .hasMessageContaining("denominator");
        assertThatThrownBy(() -> loss.targetShape(Shape.of(1, 28, 28)))
                .hasMessageContaining("expected model output [classes], found [1, 28, 28]");
        assertThatThrownBy(() -> Losses.parse("MSELoss()"))
                .hasMessage("unknown loss 'MSELoss'; known: CrossEntropyLoss");
    }

    @Test
    void printsWhatItParses() {
        assertThat(Losses.parse("CrossEntropyLoss")).isEqualTo(loss).hasToString("CrossEntropyLoss()");
        assertThat(loss.targetShape(Shape.of(10))).isEqualTo(Shape.of());
        assertThat(loss.targetType()).isEqualTo(DType.INT32);
    }
}
