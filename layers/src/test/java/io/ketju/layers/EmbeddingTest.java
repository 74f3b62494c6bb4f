package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.embedding.Embedding;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
    @Test
    void paddingStartsAsZerosAndTheRestAsNormalNumbers() {
        Parameter table = new Embedding(50, 20).withPaddingIdx(7).parameters().getFirst();
        try (TensorArena arena = new TensorArena(table.shape().bytes())) {
            Tensor weight = arena.allocate(table.shape());
            table.initializer().fill(weight, LayerRun.random());
            assertThat(weight.samples(7, 1).toFloats()).containsOnly(0);
            double squares = 0;
            for (float value : weight.toFloats()) {
                squares += (double) value * value;
            }
            assertThat(squares / (49 * 20)).isBetween(0.8, 1.2);
        }
    }

    @Test
    void paddingDoesNotLearn() {
        LayerCase test = LayerCase.of("Embedding(3, 2, padding_idx=1)", TensorType.ints(4));
        try (LayerRun run = new LayerRun(test, Kernels.scalar()).withWeights(1)) {
            run.forward(List.of(new float[] {0, 1, 0, 1}));
            assertThat(run.backwardInput(List.of(new float[8]))).containsOnlyNulls();
            run.backwardWeight(List.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}));
            assertThat(run.gradients.getFirst().toFloats()).containsExactly(6, 8, 0, 0, 0, 0);
        }
    }

    @Test
    void tokensWithoutARowAreNamed() {
        LayerCase test = LayerCase.of("Embedding(3, 2)", TensorType.ints(2, 2));
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(2, KernelChoice.VECTOR))) {
            for (Kernels kernels : List.of(Kernels.scalar(), core.kernels())) {
                try (LayerRun run = new LayerRun(test, kernels)) {
                    for (int wrong : new int[] {3, -1}) {
                        assertThatThrownBy(() -> run.forward(List.of(new float[] {0, 1, wrong, 2})))
                                .isInstanceOf(IllegalArgumentException.class)
                                .hasMessage(
                                        "Embedding(3, 2) on int32[2, 2]: index " + wrong
                                                + " at position 2 is not from 0 to 2; give the layer more rows or correct the tokens");
                    }
                }
            }
        }
    }
}
