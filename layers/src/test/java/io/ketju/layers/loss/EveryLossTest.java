package io.ketju.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import io.ketju.layers.Goldens.Golden;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses with all their inputs and targets against PyTorch in float64: golden/losses.py has the cases. */
class EveryLossTest {
    /** Of float32 results, relative where they are above 1. */
    private static final double TOLERANCE = 1e-6;

    private final TensorArena arena = new TensorArena(1 << 18);

    /** The sum of a micro-batch and what it leaves. */
    private record Result(double sum, List<Tensor> gradients) {}

    @AfterEach
    void close() {
        arena.close();
    }

    static List<String> cases() {
        return Goldens.casesWith("lossValue");
    }

    /** Some of PyTorch's own numbers for every loss: here or in {@link LossesTest}. */
    @Test
    void everyLossIsThere() {
        Set<String> tested = new TreeSet<>();
        cases().forEach(name -> tested.add(name.substring(0, name.indexOf('('))));
        LossesTest.goldens().forEach(name -> tested.add(name.substring(0, name.indexOf('('))));
        assertThat(tested).isEqualTo(Losses.names());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPyTorch(String name) {
        Loss loss = Losses.parse(name);
        assertThat(loss).hasToString(name);
        assertThat(Losses.parse(loss.spec().toString())).isEqualTo(loss);
        List<Tensor> inputs = tensors(name, "input");
        List<Tensor> targets = tensors(name, "target");
        assertThat(loss.targets(types(inputs))).isEqualTo(types(targets));
        double denominator = loss.denominator(loss.weight(samples(inputs), targets));
        Result result = compute(loss, Kernels.scalar(), inputs, targets, 1 / denominator);
        float expected = Goldens.get(name + "/lossValue").values()[0];
        assertThat(result.sum / denominator).isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
        for (int i = 0; i < inputs.size(); i++) {
            float[] gradient = Goldens.get(name + "/lossGradient" + i).values();
            Floats.assertClose("gradient " + i, result.gradients.get(i).toFloats(), gradient, TOLERANCE);
        }
    }

    /** Samples one by one with the scale of the whole have its bits; their weights and sums add up to it. */
    @ParameterizedTest
    @MethodSource("cases")
    void samplesMakeTheWhole(String name) {
        Loss loss = Losses.parse(name);
        List<Tensor> inputs = tensors(name, "input");
        List<Tensor> targets = tensors(name, "target");
        Result whole = compute(loss, Kernels.scalar(), inputs, targets, 0.125);
        double sum = 0;
        double weight = 0;
        for (int i = 0; i < samples(inputs); i++) {
            List<Tensor> ofSample = sample(targets, i);
            Result one = compute(loss, Kernels.scalar(), sample(inputs, i), ofSample, 0.125);
            for (int k = 0; k < inputs.size(); k++) {
                assertThat(Floats.bits(one.gradients.get(k)))
                        .isEqualTo(Floats.bits(whole.gradients.get(k).samples(i, 1)));
            }
            sum += one.sum;
            weight += loss.weight(1, ofSample);
        }
        assertThat(sum).isCloseTo(whole.sum, within(1e-12 * Math.max(1, Math.abs(sum))));
        assertThat(weight).isCloseTo(loss.weight(samples(inputs), targets), within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void vectorEqualsScalar(String name) {
        Loss loss = Losses.parse(name);
        List<Tensor> inputs = tensors(name, "input");
        List<Tensor> targets = tensors(name, "target");
        Result scalar = compute(loss, Kernels.scalar(), inputs, targets, 0.3);
        for (int threads = 1; threads <= 2; threads++) {
            try (TensorCore core = TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR))) {
                Result vector = compute(loss, core.kernels(), inputs, targets, 0.3);
                assertThat(vector.sum).isEqualTo(scalar.sum);
                Floats.assertSame("gradients", Floats.bits(vector.gradients), Floats.bits(scalar.gradients));
            }
        }
    }

    private Result compute(Loss loss, Kernels kernels, List<Tensor> inputs, List<Tensor> targets, double scale) {
        List<Tensor> room = loss.room(types(inputs)).stream().map(this::dirty).toList();
        List<Tensor> gradients = types(inputs).stream().map(this::dirty).toList();
        double sum = loss.compute(new LossPass(kernels, inputs, targets, new ArrayList<>(gradients), room, scale));
        return new Result(sum, gradients);
    }

    private Tensor dirty(TensorType type) {
        Tensor tensor = arena.allocate(type.dtype(), type.shape());
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setInt(i, -1);
        }
        return tensor;
    }

    private List<Tensor> tensors(String name, String role) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; Goldens.has(name + "/" + role + i); i++) {
            Golden golden = Goldens.get(name + "/" + role + i);
            Tensor tensor = arena.allocate(golden.type().dtype(), golden.shape());
            for (int k = 0; k < tensor.elements(); k++) {
                if (tensor.dtype() == DType.INT32) {
                    tensor.setInt(k, golden.ints()[k]);
                } else {
                    tensor.setFloat(k, golden.values()[k]);
                }
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    private static List<TensorType> types(List<Tensor> tensors) {
        return tensors.stream().map(TensorType::of).toList();
    }

    private static List<Tensor> sample(List<Tensor> tensors, int index) {
        return tensors.stream().map(tensor -> tensor.samples(index, 1)).toList();
    }

    private static int samples(List<Tensor> inputs) {
        return inputs.getFirst().shape().dimension(0);
    }
}
