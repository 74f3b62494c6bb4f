package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Vector kernels on two threads give the bits of the scalar kernels, seen through the layers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LayerVectorTest {
    private static final long SEED = 77;

    private TensorCore core;

    @BeforeAll
    void open() {
        core = TensorCore.open(new TensorCoreOptions(2, KernelChoice.VECTOR));
    }

    @AfterAll
    void close() {
        core.close();
    }

    static List<LayerCase> cases() {
        return LayerCase.rows();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsScalarBitForBit(LayerCase test) {
        List<int[]> scalar = bits(test, Kernels.scalar());
        List<int[]> vector = bits(test, core.kernels());
        for (int i = 0; i < scalar.size(); i++) {
            assertThat(vector.get(i))
                    .as("%s, tensor %d, seed %d", test, i, SEED)
                    .isEqualTo(scalar.get(i));
        }
    }

    static List<LayerCase> packing() {
        return cases().stream()
                .filter(test -> !test.layer().transposedParameters().isEmpty())
                .toList();
    }

    /** Also after the weights have changed. */
    @ParameterizedTest
    @MethodSource("packing")
    void packedWeightsGiveTheSameBits(LayerCase test) {
        for (Kernels kernels : List.of(Kernels.scalar(), core.kernels())) {
            try (LayerRun plain = new LayerRun(test, kernels).withWeights(SEED);
                    LayerRun run = new LayerRun(test, kernels, LayerRun.Options.PACKING).withWeights(SEED)) {
                int[] expected = forward(plain, test);
                for (int microbatch = 0; microbatch < 3; microbatch++) {
                    assertThat(forward(run, test)).as("%s, seed %d", test, SEED).isEqualTo(expected);
                }
                run.withWeights(SEED + 1);
                run.packed.values().forEach(PackedWeight::weightChanged);
                int[] changed = forward(run, test);
                assertThat(changed).isNotEqualTo(expected);
                assertThat(forward(plain.withWeights(SEED + 1), test))
                        .as("%s, seed %d", test, SEED + 1)
                        .isEqualTo(changed);
            }
        }
    }

    private static int[] forward(LayerRun run, LayerCase test) {
        return Floats.bits(run.forward(test.inputValues(SEED)).getFirst());
    }

    /** Outputs in evaluation and in training, input gradients, weight gradients, parameters after the commit. */
    private static List<int[]> bits(LayerCase test, Kernels kernels) {
        try (LayerRun run = new LayerRun(test, kernels).withWeights(SEED)) {
            List<int[]> bits = new ArrayList<>();
            run.forward(test.inputValues(SEED), false).forEach(output -> bits.add(Floats.bits(output)));
            run.forward(test.inputValues(SEED)).forEach(output -> bits.add(Floats.bits(output)));
            List<float[]> gradOutput = test.gradOutputValues(SEED);
            for (Tensor gradInput : run.backwardInput(gradOutput)) {
                bits.add(gradInput == null ? new int[0] : Floats.bits(gradInput));
            }
            run.backwardWeight(gradOutput);
            bits.addAll(run.gradientBits());
            if (test.layer() instanceof FullBackward) {
                bits.addAll(Floats.bits(run.backward(gradOutput)));
                bits.addAll(run.gradientBits());
            }
            run.commit();
            run.parameters.forEach(parameter -> bits.add(Floats.bits(parameter)));
            return bits;
        }
    }
}
