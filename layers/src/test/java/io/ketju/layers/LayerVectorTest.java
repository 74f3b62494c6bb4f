package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.simd.ColumnSum;
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
        List<LayerCase> cases = new ArrayList<>(LayerCase.all());
        // More than a chain of products, more rows than a block of their sums.
        int features = MatrixKernels.K_BLOCK + 44;
        int rows = Math.max(MatrixKernels.K_BLOCK, ColumnSum.BLOCK) + 5;
        cases.add(new LayerCase("Linear(" + features + ", 67)", io.ketju.tensor.Shape.of(features), rows));
        cases.add(new LayerCase("Conv2d(6, 16, 5)", io.ketju.tensor.Shape.of(6, 14, 14), 9));
        return cases;
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

    /** Also after the weights have changed, and where a micro-batch is alone and reads them as they are. */
    @ParameterizedTest
    @MethodSource("packing")
    void packedWeightsGiveTheSameBits(LayerCase test) {
        for (Kernels kernels : List.of(Kernels.scalar(), core.kernels())) {
            try (LayerRun run = LayerRun.packing(test, kernels).withWeights(SEED)) {
                int[] expected = bits(test, kernels).getFirst();
                for (int microbatch = 0; microbatch < 3; microbatch++) {
                    assertThat(forward(run, test)).as("%s, seed %d", test, SEED).isEqualTo(expected);
                }
                run.withWeights(SEED + 1);
                run.packed.values().forEach(PackedWeight::weightChanged);
                int[] changed = forward(run, test);
                assertThat(changed).isNotEqualTo(expected);
                run.newMicrobatch();
                run.saved().resetForOne();
                assertThat(Floats.bits(run.forward(test.batch(), test.inputValues(SEED))))
                        .as("%s alone, seed %d", test, SEED)
                        .isEqualTo(changed);
            }
        }
    }

    private static int[] forward(LayerRun run, LayerCase test) {
        run.newMicrobatch();
        return Floats.bits(run.forward(test.batch(), test.inputValues(SEED)));
    }

    /** Output, input gradient, weight gradients. */
    private static List<int[]> bits(LayerCase test, Kernels kernels) {
        try (LayerRun run = new LayerRun(test.layer(), test.input(), test.samples(), kernels).withWeights(SEED)) {
            List<int[]> bits = new ArrayList<>();
            bits.add(Floats.bits(run.forward(test.batch(), test.inputValues(SEED))));
            Tensor gradOutput = run.tensor(test.outputBatch(), test.gradOutputValues(SEED));
            bits.add(Floats.bits(run.backwardInput(gradOutput)));
            run.backwardWeight(gradOutput);
            run.gradients.forEach(gradient -> bits.add(Floats.bits(gradient)));
            return bits;
        }
    }
}
