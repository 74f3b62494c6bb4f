package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import io.ketju.layers.Goldens.Golden;
import io.ketju.layers.attention.InProjection;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The block against PyTorch's module: names, outputs and gradients. */
class MultiheadAttentionTest {
    /** Two products, an attention and a product again. */
    private static final double TOLERANCE = 4e-6;

    /** The cases of sequences.py. */
    enum Attention {
        SELF("self"),
        CAUSAL("causal"),
        PADDED("padded"),
        CROSS("cross"),
        CROSS_PADDED("cross padded");

        private final String golden;

        Attention(String golden) {
            this.golden = golden;
        }

        MultiheadAttention block() {
            return switch (this) {
                case SELF -> new MultiheadAttention(6, 2);
                case CAUSAL -> new MultiheadAttention(6, 3).asCausal();
                case PADDED -> new MultiheadAttention(4, 2);
                case CROSS -> new MultiheadAttention(6, 2).withoutBias();
                case CROSS_PADDED -> new MultiheadAttention(6, 1);
            };
        }

        Golden get(String name) {
            return Goldens.get(golden + "/" + name);
        }

        boolean crosses() {
            return Goldens.has(golden + "/input1");
        }

        boolean isPadded() {
            return Goldens.has(golden + "/lengths");
        }

        Model model() {
            MultiheadAttention block = block();
            ModelBuilder builder = new ModelBuilder();
            Value query = builder.input(input("query", get("input")));
            Value memory = crosses() ? builder.input(input("memory", get("input1"))) : query;
            ModelBuilder inside = builder.inside("attn");
            Value output;
            if (isPadded()) {
                Value lengths = builder.input(Input.samples("lengths", DType.INT32, Shape.of()));
                output =
                        crosses() ? block.in(inside, query, memory, memory, lengths) : block.in(inside, query, lengths);
            } else {
                output = crosses() ? block.in(inside, query, memory, memory) : builder.add("attn", block, query);
            }
            return builder.output(output).build();
        }

        private static Input input(String name, Golden golden) {
            return Input.samples(name, DType.FLOAT32, golden.shape().sample());
        }

        List<Golden> inputs() {
            List<Golden> inputs = new ArrayList<>(List.of(get("input")));
            if (crosses()) {
                inputs.add(get("input1"));
            }
            if (isPadded()) {
                inputs.add(get("lengths"));
            }
            return inputs;
        }
    }

    private static Tensor tensor(GraphRun run, Golden golden) {
        Tensor tensor = run.allocate(golden.type());
        for (int i = 0; i < tensor.elements(); i++) {
            if (tensor.dtype() == DType.INT32) {
                tensor.setInt(i, (int) golden.values()[i]);
            } else {
                tensor.setFloat(i, golden.values()[i]);
            }
        }
        return tensor;
    }

    @ParameterizedTest
    @EnumSource
    void equalsPyTorch(Attention attention) {
        try (GraphRun run = new GraphRun(attention.model())) {
            for (NamedTensor parameter : run.block().values()) {
                parameter.tensor().copyFrom(attention.get(local(parameter)).values());
            }
            Tensor output = run.forward(attention.inputs().stream()
                    .map(golden -> tensor(run, golden))
                    .toList());
            assertClose("output", output, attention.get("output"));
            run.backward(tensor(run, attention.get("grad")));
            assertClose("gradInput", run.gradInput(0), attention.get("gradInput"));
            if (attention.crosses()) {
                assertClose("gradInput1", run.gradInput(1), attention.get("gradInput1"));
            }
            for (NamedTensor gradient : run.block().gradients()) {
                assertClose(gradient.name(), gradient.tensor(), attention.get(local(gradient) + ".grad"));
            }
        }
    }

    private static String local(NamedTensor parameter) {
        assertThat(parameter.name()).startsWith("attn.");
        return parameter.name().substring("attn.".length());
    }

    private static void assertClose(String name, Tensor actual, Golden expected) {
        Floats.assertClose(name, actual.toFloats(), expected.values(), TOLERANCE);
    }

    /** In PyTorch's order, with its initial values. */
    @Test
    void parametersAreNamedAsInPyTorch() {
        Model model = Attention.SELF.model();
        assertThat(model.nodes()).extracting(Node::name).containsExactly("attn", "attn.attention", "attn.out_proj");
        try (GraphRun run = new GraphRun(model)) {
            assertThat(run.block().values())
                    .extracting(NamedTensor::name)
                    .containsExactly(
                            "attn.in_proj_weight", "attn.in_proj_bias", "attn.out_proj.weight", "attn.out_proj.bias");
        }
        try (GraphRun run = new GraphRun(Attention.CROSS.model())) {
            assertThat(run.block().values())
                    .extracting(NamedTensor::name)
                    .containsExactly("attn.in_proj_weight", "attn.out_proj.weight");
        }
        assertThat(model.nodes().getLast().layer().parameters().getLast().initializer())
                .isEqualTo(Initializers.zeros());
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> new MultiheadAttention(6, 4))
                .hasMessage("MultiheadAttention: expected embed_dim to be a multiple of num_heads, found 6 and 4");
        ModelBuilder builder = new ModelBuilder();
        Value x = builder.input(Input.samples("x", DType.FLOAT32, Shape.of(2, 4)));
        assertThatThrownBy(() -> builder.add("", new InProjection(4), x))
                .hasMessage("layer without a name: only within a block that has one");
        builder.add("attn", new MultiheadAttention(4, 2), x);
        assertThatThrownBy(() -> builder.add("cross", new MultiheadAttention(6, 2), x))
                .hasMessage("layer cross InProjection(6): expected input [..., 6], found [1, 2, 4]");
    }
}
