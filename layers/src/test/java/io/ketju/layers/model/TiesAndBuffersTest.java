package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Floats;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.optimizer.SGD;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parameters that several nodes share, and those that do not learn. */
class TiesAndBuffersTest {
    private static final SGD OPTIMIZER = new SGD(1).withMomentum(0.5).withWeightDecay(0.1);
    private static final Model TIED = tied();
    private static final Model NORMALIZED = Model.of(Shape.of(4), Sequential.of(new BatchNorm1d(4), new Linear(4, 2)));

    /** One table as embedding, and twice as matrix. */
    private static Model tied() {
        ModelBuilder builder = new ModelBuilder();
        Value tokens = builder.input(Input.samples("tokens", DType.INT32, Shape.of(2)));
        Value y = builder.add("wte", new Embedding(3, 3), tokens);
        builder.tie("mid.weight", "wte.weight").tie("head.weight", "wte.weight");
        y = builder.add("mid", new Linear(3, 3), y);
        return builder.output(builder.add("head", new Linear(3, 3).withoutBias(), y))
                .build();
    }

    private static void fill(Tensor tensor, float value) {
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, value);
        }
    }

    private static Tensor gradient(ParameterBlock block, int node) {
        return block.weights(TIED.nodes().get(node)).gradients().getFirst();
    }

    @Test
    void tiedParametersAreOne() {
        try (ParameterBlock block = ParameterBlock.forTraining(TIED.nodes(), OPTIMIZER)) {
            assertThat(block.values()).extracting(NamedTensor::name).containsExactly("wte.weight", "mid.bias");
            assertThat(block.gradients()).extracting(NamedTensor::name).containsExactly("wte.weight", "mid.bias");
            assertThat(block.states())
                    .extracting(ParameterBlock.StateTensor::name)
                    .containsExactly("wte.weight.momentum_buffer", "mid.bias.momentum_buffer");
            for (Node node : TIED.nodes()) {
                assertThat(block.weights(node).values().getFirst()).isSameAs(block.value("wte.weight"));
            }
        }
    }

    /** Each use has a gradient of its own; that of the first is the parameter's. */
    @Test
    void eachUseHasItsGradient() {
        try (ParameterBlock block = ParameterBlock.forTraining(TIED.nodes(), OPTIMIZER)) {
            for (int node = 0; node < 3; node++) {
                fill(gradient(block, node), node + 1);
            }
            for (int node = 0; node < 3; node++) {
                assertThat(gradient(block, node).toFloats()).containsOnly(node + 1);
            }
            assertThat(block.gradient("wte.weight")).isSameAs(gradient(block, 0));
            block.clearGradients();
            for (int node = 0; node < 3; node++) {
                assertThat(gradient(block, node).toFloats()).containsOnly(0);
            }
        }
    }

    /** In single precision (1e8 + 1) - 1e8 is 0, but (1e8 - 1e8) + 1 is 1, and so is 1 + (1e8 - 1e8). */
    @Test
    void usesFoldInNodeOrder() {
        try (ParameterBlock block = ParameterBlock.forTraining(TIED.nodes(), OPTIMIZER)) {
            for (float[] parts : new float[][] {{1e8f, 1, -1e8f}, {1, 1e8f, -1e8f}}) {
                for (int node = 0; node < 3; node++) {
                    fill(gradient(block, node), parts[node]);
                }
                fill(block.gradient("mid.bias"), 5);
                block.foldTies(Kernels.scalar());
                assertThat(block.gradient("wte.weight").toFloats()).containsOnly(0);
                assertThat(block.gradient("mid.bias").toFloats()).containsOnly(5);
            }
        }
    }

    @Test
    void tiedParametersStepOnce() {
        try (ParameterBlock block = ParameterBlock.forTraining(TIED.nodes(), OPTIMIZER)) {
            fill(block.value("wte.weight"), 10);
            fill(gradient(block, 0), 2);
            fill(gradient(block, 2), 1);
            block.foldTies(Kernels.scalar());
            block.update(Kernels.scalar(), name -> true, optimizer -> 1, 1);
            // 10 - (3 + 0.1 · 10)
            assertThat(block.value("wte.weight").toFloats()).containsOnly(6);
        }
    }

    /** By the first use: its initializer and its name; in a part of the model that has other uses only, too. */
    @Test
    void tiedParametersStartAsTheirOwner() {
        try (ParameterBlock whole = ParameterBlock.forInference(TIED.nodes());
                ParameterBlock first = ParameterBlock.forInference(TIED.nodes().subList(0, 1));
                ParameterBlock last = ParameterBlock.forInference(TIED.nodes().subList(2, 3))) {
            whole.initialize(7);
            first.initialize(7, TIED::parameter);
            last.initialize(7, TIED::parameter);
            int[] expected = Floats.bits(whole.value("wte.weight"));
            assertThat(Floats.bits(first.value("wte.weight"))).isEqualTo(expected);
            assertThat(Floats.bits(last.value("wte.weight"))).isEqualTo(expected);
            last.initialize(7);
            assertThat(Floats.bits(last.value("wte.weight"))).isNotEqualTo(expected);
        }
        assertThatThrownBy(() -> TIED.parameter("head.weight"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no parameter 'head.weight'");
    }

    @Test
    void sizesCountTiedParametersOnceAndTheirGradientsPerUse() {
        long table = TensorArena.bytesFor(Shape.of(3, 3));
        long bias = TensorArena.bytesFor(Shape.of(3));
        assertThat(ParameterSizes.of(TIED.nodes()))
                .isEqualTo(new ParameterSizes(9 + 3, 0, table + bias, 3 * table + bias, List.of(), 0, 0));
        try (ParameterBlock block = ParameterBlock.forTraining(TIED.nodes(), OPTIMIZER)) {
            assertThat(block.bytes()).isEqualTo(2 * (table + bias) + 3 * table + bias);
        }
    }

    @Test
    void buffersAreSavedButDoNotLearn() {
        try (ParameterBlock block = ParameterBlock.forTraining(NORMALIZED.nodes(), OPTIMIZER)) {
            assertThat(block.values())
                    .extracting(NamedTensor::name)
                    .containsExactly("0.weight", "0.bias", "0.running_mean", "0.running_var", "1.weight", "1.bias");
            List<String> learn = List.of("0.weight", "0.bias", "1.weight", "1.bias");
            assertThat(block.gradients()).extracting(NamedTensor::name).isEqualTo(learn);
            assertThat(block.states())
                    .extracting(ParameterBlock.StateTensor::name)
                    .isEqualTo(learn.stream()
                            .map(name -> name + ".momentum_buffer")
                            .toList());
            List<Tensor> gradients =
                    block.weights(NORMALIZED.nodes().getFirst()).gradients();
            assertThat(gradients).hasSize(4);
            assertThat(gradients.subList(0, 2)).doesNotContainNull();
            assertThat(gradients.subList(2, 4)).containsOnlyNulls();
            assertThatThrownBy(() -> block.gradient("0.running_var"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "no gradient of '0.running_var': the block is for inference only, or it does not learn");
        }
    }

    @Test
    void buffersAreNotCountedAndNoOptimizerTouchesThem() {
        assertThat(NORMALIZED.parameterCount()).isEqualTo(8 + 10);
        try (ParameterBlock block = ParameterBlock.forTraining(NORMALIZED.nodes(), OPTIMIZER)) {
            block.initialize(1);
            assertThat(block.value("0.running_var").toFloats()).containsOnly(1);
            assertThat(block.value("0.running_mean").toFloats()).containsOnly(0);
            fill(block.value("0.running_mean"), 3);
            block.update(Kernels.scalar(), name -> true, optimizer -> 1, 1);
            assertThat(block.value("0.weight").toFloats()).containsOnly(0.9f);
            assertThat(block.value("0.running_var").toFloats()).containsOnly(1);
            assertThat(block.value("0.running_mean").toFloats()).containsOnly(3);
        }
    }
}
