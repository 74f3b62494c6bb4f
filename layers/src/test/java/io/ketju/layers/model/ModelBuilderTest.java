package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Footprint;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelBuilderTest {
    private final ModelBuilder builder = new ModelBuilder();
    private Value x;

    @BeforeEach
    void input() {
        x = builder.input(Input.samples("x", DType.FLOAT32, Shape.of(3, 8, 8)));
    }

    /** Two convolutions and a shortcut, which may need one of its own. */
    private record BasicBlock(int in, int out) implements Block {
        @Override
        public Value in(ModelBuilder model, Value input) {
            Sequential projection = Sequential.of(new Conv2d(in, out, 1).withoutBias(), new BatchNorm2d(out));
            Value skip = in == out ? input : model.add("downsample", projection, input);
            Value y = model.add("conv1", new Conv2d(in, out, 3).withPadding(1).withoutBias(), input);
            y = model.add("relu1", Activations.relu(), model.add("bn1", new BatchNorm2d(out), y));
            y = model.add("conv2", new Conv2d(out, out, 3).withPadding(1).withoutBias(), y);
            y = model.add("bn2", new BatchNorm2d(out), y);
            return model.add("relu2", Activations.relu(), model.add("sum", new Add(), y, skip));
        }
    }

    /** Two halves of each row. */
    private record Halves() implements Layer {
        @Override
        public Spec spec() {
            return Spec.of("Halves");
        }

        @Override
        public List<TensorType> outputs(List<TensorType> inputs) {
            Shape shape = inputs.getFirst().shape();
            TensorType half = TensorType.floats(shape.dimension(0), shape.dimension(1) / 2);
            return List.of(half, half);
        }

        @Override
        public Footprint footprint(List<TensorType> inputs) {
            return Footprint.NOTHING;
        }

        @Override
        public long forwardFlops(List<TensorType> inputs) {
            return 0;
        }

        @Override
        public void forward(Pass pass) {
            throw new UnsupportedOperationException("only its types are asked for");
        }

        @Override
        public void backwardInput(Pass pass) {
            throw new UnsupportedOperationException("only its types are asked for");
        }
    }

    /** As they are in the state_dict of the same modules in PyTorch. */
    @Test
    void blocksDissolveIntoNodesWithDottedNames() {
        Value y = builder.add("layer1", new BasicBlock(3, 3), x);
        y = builder.inside("layer2").add("0", new BasicBlock(3, 5), y);
        Model model = builder.output(y).build();
        assertThat(model.nodes())
                .extracting(Node::name)
                .containsExactly(
                        "layer1.conv1",
                        "layer1.bn1",
                        "layer1.relu1",
                        "layer1.conv2",
                        "layer1.bn2",
                        "layer1.sum",
                        "layer1.relu2",
                        "layer2.0.downsample.0",
                        "layer2.0.downsample.1",
                        "layer2.0.conv1",
                        "layer2.0.bn1",
                        "layer2.0.relu1",
                        "layer2.0.conv2",
                        "layer2.0.bn2",
                        "layer2.0.sum",
                        "layer2.0.relu2");
        assertThat(model.nodes().get(8).parameters())
                .containsExactly(
                        "layer2.0.downsample.1.weight",
                        "layer2.0.downsample.1.bias",
                        "layer2.0.downsample.1.running_mean",
                        "layer2.0.downsample.1.running_var");
        assertThat(model.nodes().get(5).inputs()).containsExactly(new Value(4, 0), x);
        assertThat(model.nodes().get(14).inputs()).containsExactly(new Value(13, 0), new Value(8, 0));
        assertThat(model.outputShape()).isEqualTo(Shape.of(5, 8, 8));
        assertThat(model.parameterCount()).isEqualTo(2 * 81 + 4 * 3 + 15 + 135 + 225 + 3 * 10);
    }

    @Test
    void blocksWithoutANameStayOnTheirLevel() {
        Value y = builder.add(Sequential.of(new Flatten(), new Linear(192, 2)), x);
        assertThat(builder.output(y).build().nodes()).extracting(Node::name).containsExactly("0", "1");
    }

    /** What one kernel call may do together stands together. */
    @Test
    void theBlockOfAPageIsWiredAsItSays() {
        Model model = builder.output(builder.inside("h").add("mlp", new FeedForward(8), x))
                .build();
        assertThat(model.nodes())
                .extracting(Node::name)
                .containsExactly("h.mlp.c_fc", "h.mlp.gelu", "h.mlp.c_proj", "h.mlp.sum");
        assertThat(model.nodes().getLast().inputs()).containsExactly(new Value(2, 0), x);
        assertThat(model.outputShape()).isEqualTo(Shape.of(3, 8, 8));
        assertThat(model.parameterCount()).isEqualTo(2 * 4 * 8 * 8 + 4 * 8 + 8);
    }

    @Test
    void layersMayHaveSeveralOutputs() {
        List<Value> halves = builder.addAll("halves", new Halves(), builder.add("flat", new Flatten(), x));
        assertThat(halves).containsExactly(new Value(1, 0), new Value(1, 1));
        Value sum = builder.add("sum", new Add(), halves.get(0), halves.get(1));
        assertThat(builder.type(sum)).isEqualTo(TensorType.floats(1, 96));
        assertThat(builder.output(sum).build().types(4).of(halves.get(1))).isEqualTo(TensorType.floats(4, 96));
        assertThatThrownBy(() -> builder.inside("b").add("halves", new Halves(), new Value(0, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer b.halves has 2 outputs: name them with addAll");
        // What was refused is not in the graph.
        assertThat(builder.add("last", new Flatten(), sum)).isEqualTo(new Value(3, 0));
        assertThat(builder.output(sum).build().nodes())
                .extracting(Node::name)
                .containsExactly("flat", "halves", "sum", "last");
    }

    @Test
    void inputsOfSeveralTypesAndHeadsOnTheWay() {
        Value tokens = builder.input(Input.samples("tokens", DType.INT32, Shape.of(4)));
        Value table = builder.input(Input.whole("table", TensorType.floats(2, 2)));
        Value row = builder.add("row", new Flatten(), builder.add("wte", new Embedding(9, 5), tokens));
        Value early = builder.add("early", new Linear(20, 3), row);
        Value late = builder.add("late", new Linear(20, 3), row);
        Model model = builder.head("auxiliary", new CrossEntropyLoss(), List.of(early), "class")
                .head(new Head("loss", new CrossEntropyLoss(), List.of(late), List.of("class"), 0.5))
                .output(late)
                .output(row)
                .build();
        ModelTypes types = model.types(6);
        assertThat(types.of(List.of(x, tokens, table, row, late)))
                .containsExactly(
                        TensorType.floats(6, 3, 8, 8),
                        TensorType.ints(6, 4),
                        TensorType.floats(2, 2),
                        TensorType.floats(6, 20),
                        TensorType.floats(6, 3));
        assertThat(model.heads()).extracting(Head::node).containsExactly(2, 3);
        assertThat(model.outputs()).containsExactly(late, row);
        assertThat(types.inputs(model.nodes().get(2))).containsExactly(TensorType.floats(6, 20));
    }

    @Test
    void layersThatDoNotFitAreNamed() {
        ModelBuilder block = builder.inside("block");
        assertThatThrownBy(() -> block.add("fc", new Linear(5, 2), x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer block.fc Linear(5, 2): expected input [..., 5], found [1, 3, 8, 8]");
        assertThatThrownBy(() -> block.add("sum", new Add(), x))
                .hasMessageStartingWith("layer block.sum Add(): expected at least 2 inputs, found 1");
    }

    @Test
    void tiedParametersHaveOneName() {
        Value a = builder.add("a", new Linear(8, 8), x);
        builder.tie("b.c.weight", "a.weight").tie("d.weight", "a.weight");
        Value b = builder.add("b", Sequential.of(Activations.tanh(), Activations.tanh()), a);
        Value c = builder.inside("b").add("c", new Linear(8, 8), b);
        Value d = builder.add("d", new Linear(8, 8), c);
        Model model = builder.output(d).build();
        assertThat(model.nodes().stream().flatMap(node -> node.parameters().stream()))
                .containsExactly("a.weight", "a.bias", "a.weight", "b.c.bias", "a.weight", "d.bias");
        assertThat(model.parameterCount()).isEqualTo(64 + 3 * 8);
    }

    @Test
    void tiesThatCannotBeAreErrors() {
        builder.tie("b.weight", "a.weight");
        assertThatThrownBy(() -> builder.add("b", new Linear(8, 8), x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer b Linear(8, 8): parameter weight is tied to 'a.weight', which no earlier layer has");

        Value a = builder.add("a", new Linear(8, 4), x);
        assertThatThrownBy(() -> builder.output(a).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected parameters of layers to tie, found [b.weight], which no layer has");
        builder.add("b", new Linear(8, 2), x);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer b Linear(8, 2): parameter weight [2, 8] cannot be tied to 'a.weight' [4, 8]");
    }

    /** What a commit changes belongs to one layer. */
    @Test
    void buffersAreNotTied() {
        Value a = builder.add("a", new BatchNorm2d(3), x);
        builder.tie("b.running_mean", "a.running_mean");
        builder.output(builder.add("b", new BatchNorm2d(3), a));
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "layer b BatchNorm2d(3): parameter running_mean [3] cannot be tied to 'a.running_mean' [3]");
    }
}
