package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Floats;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.zoo.Models;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterBlockTest {
    private static final Model MODEL = Models.named("mlp(5, 4, 3)");
    private static final List<String> NAMES = List.of("1.weight", "1.bias", "3.weight", "3.bias");

    @Test
    void namesEverythingInParameterOrder() {
        try (ParameterBlock block = ParameterBlock.forTraining(MODEL.nodes(), new Adam())) {
            assertThat(block.values()).extracting(NamedTensor::name).isEqualTo(NAMES);
            assertThat(block.gradients()).extracting(NamedTensor::name).isEqualTo(NAMES);
            assertThat(block.states())
                    .extracting(ParameterBlock.StateTensor::name)
                    .startsWith("1.weight.exp_avg", "1.weight.exp_avg_sq", "1.bias.exp_avg")
                    .hasSize(8);
            assertThat(block.value("3.weight").shape()).isEqualTo(Shape.of(3, 4));
            assertThat(block.values(MODEL.nodes().get(1)))
                    .containsExactly(block.value("1.weight"), block.value("1.bias"));
            assertThat(block.weights(MODEL.nodes().get(1)).gradients())
                    .containsExactly(block.gradient("1.weight"), block.gradient("1.bias"));
            assertThat(block.values(MODEL.nodes().get(2))).isEmpty();
        }
    }

    @Test
    void isAlignedAndCountsItsBytes() {
        try (ParameterBlock block = ParameterBlock.forTraining(MODEL.nodes(), new SGD(0.1).withMomentum(0.9))) {
            long bytes = 0;
            for (NamedTensor value : block.values()) {
                assertThat(value.tensor().segment().address() % TensorArena.ALIGNMENT)
                        .as(value.name())
                        .isZero();
                bytes += TensorArena.bytesFor(value.tensor().shape());
            }
            assertThat(block.bytes()).isEqualTo(3 * bytes);
        }
    }

    /** A stage's part of the model starts with the same bits as the whole does. */
    @Test
    void initialValuesDependOnSeedAndGlobalNameAlone() {
        try (ParameterBlock whole = ParameterBlock.forTraining(MODEL.nodes(), new Adam());
                ParameterBlock part = ParameterBlock.forInference(MODEL.nodes().subList(2, 4));
                ParameterBlock other = ParameterBlock.forInference(MODEL.nodes())) {
            whole.initialize(42);
            part.initialize(42);
            other.initialize(43);
            for (NamedTensor value : part.values()) {
                int[] bits = Floats.bits(value.tensor());
                assertThat(bits).isEqualTo(Floats.bits(whole.value(value.name())));
                assertThat(bits).isNotEqualTo(Floats.bits(other.value(value.name())));
            }
        }
    }

    /** Equal layers in different places start differently. */
    @Test
    void initialValuesDependOnThePlace() {
        try (ParameterBlock block =
                ParameterBlock.forInference(Models.named("mlp(4, 4, 4)").nodes())) {
            block.initialize(42);
            assertThat(Floats.bits(block.value("1.weight"))).isNotEqualTo(Floats.bits(block.value("3.weight")));
        }
    }

    @Test
    void updatesAllAndClearsGradients() {
        SGD optimizer = new SGD(0.5).withMomentum(0.9);
        try (ParameterBlock block = ParameterBlock.forTraining(MODEL.nodes(), optimizer)) {
            block.gradients().forEach(gradient -> fill(gradient.tensor(), 2));
            block.update(Kernels.scalar(), name -> true, any -> 0.25, 1);
            block.values()
                    .forEach(value -> assertThat(value.tensor().toFloats()).containsOnly(-0.5f));
            block.states()
                    .forEach(state -> assertThat(state.tensor().toFloats()).containsOnly(2));
            block.clearGradients();
            block.gradients()
                    .forEach(
                            gradient -> assertThat(gradient.tensor().toFloats()).containsOnly(0));
            block.initialize(1);
            block.states()
                    .forEach(state -> assertThat(state.tensor().toFloats()).containsOnly(0));
        }
    }

    /** An optimizer that counts its updates down from ten. */
    private record Countdown() implements Optimizer {
        @Override
        public Spec spec() {
            return Spec.of("Countdown");
        }

        @Override
        public List<State> states() {
            return List.of(new State("seen"), new State("left", 10));
        }

        @Override
        public void update(
                Kernels kernels, double rate, long step, Tensor parameter, Tensor gradient, List<Tensor> state) {
            fill(state.getFirst(), (float) step);
            fill(state.getLast(), state.getLast().getFloat(0) - 1);
        }

        @Override
        public double learningRate() {
            return 1;
        }
    }

    @Test
    void statesStartAtTheirInitialValues() {
        Optimizer optimizer = new Countdown();
        assertThat(optimizer.stateNames()).containsExactly("seen", "left");
        try (ParameterBlock block = ParameterBlock.forTraining(MODEL.nodes(), optimizer)) {
            for (int run = 0; run < 2; run++) {
                assertStates(block, 0, 10);
                block.update(Kernels.scalar(), name -> true, any -> 1, 1);
                block.update(Kernels.scalar(), name -> true, any -> 1, 2);
                assertStates(block, 2, 8);
                block.initialize(1);
            }
        }
    }

    private static void assertStates(ParameterBlock block, float seen, float left) {
        assertThat(block.states()).isNotEmpty();
        for (ParameterBlock.StateTensor state : block.states()) {
            assertThat(state.tensor().toFloats()).containsOnly(state.name().endsWith(".seen") ? seen : left);
        }
    }

    private static void fill(Tensor tensor, float value) {
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, value);
        }
    }

    @Test
    void inferenceHasValuesOnly() {
        try (ParameterBlock block = ParameterBlock.forInference(MODEL.nodes())) {
            assertThat(block.gradients()).isEmpty();
            assertThat(block.states()).isEmpty();
            assertThat(block.weights(MODEL.nodes().get(1)).gradients()).isEmpty();
            assertThatThrownBy(() -> block.gradient("1.weight"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no gradient of '1.weight': the block is for inference only, or it does not learn");
        }
    }

    @Test
    void layersWithoutParametersMakeAnEmptyBlock() {
        try (ParameterBlock block = ParameterBlock.forTraining(MODEL.nodes().subList(0, 1), new Adam())) {
            assertThat(block.values()).isEmpty();
            assertThat(block.bytes()).isZero();
            block.initialize(1);
            block.update(Kernels.scalar(), name -> true, any -> 0.1, 1);
        }
    }

    @Test
    void saysWhatIsWrong() {
        ParameterBlock block = ParameterBlock.forInference(MODEL.nodes());
        assertThatThrownBy(() -> block.value("2.weight"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no parameter '2.weight'; there are [1.weight, 1.bias, 3.weight, 3.bias]");
        Node stranger = new Node("9", Activations.relu(), List.of(Value.ofInput(0)));
        assertThatThrownBy(() -> block.weights(stranger)).hasMessage("no layer '9'; there are [0, 1, 2, 3]");
        Tensor tensor = block.value("1.bias");
        block.close();
        block.close();
        assertThatThrownBy(() -> tensor.getFloat(0)).isInstanceOf(IllegalStateException.class);
    }
}
