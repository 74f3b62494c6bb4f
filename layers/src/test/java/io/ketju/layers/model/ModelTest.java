package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelTest {
    private static final Input INPUT = Input.samples("input", DType.FLOAT32, Shape.of(4));
    private static final Value X = Value.ofInput(0);
    private static final Value Y = new Value(0, 0);
    private static final Node FIRST = new Node("0", new Linear(4, 3), List.of(X));
    private static final Node SECOND = new Node("1", Activations.relu(), List.of(Y));

    private static void refused(
            List<Input> inputs, List<Node> nodes, List<Head> heads, @Nullable Value output, String message) {
        List<Value> outputs = output == null ? List.of() : List.of(output);
        assertThatThrownBy(() -> new Model(inputs, nodes, heads, outputs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void chainsAreNamedByPosition() {
        Model model = Model.of(Shape.of(4), Sequential.of(new Linear(4, 3), Activations.relu()));
        assertThat(model)
                .isEqualTo(new Model(List.of(INPUT), List.of(FIRST, SECOND), List.of(), List.of(new Value(1, 0))));
        assertThat(model.inputShape()).isEqualTo(Shape.of(4));
        assertThat(model.outputShape()).isEqualTo(Shape.of(3));
    }

    @Test
    void oneLossOfTheFirstOutput() {
        Model model = Model.of(Shape.of(4), Sequential.of(new Linear(4, 3))).withHead(new CrossEntropyLoss());
        assertThat(model.heads())
                .containsExactly(new Head("loss", new CrossEntropyLoss(), List.of(Y), List.of("target"), 1));
        assertThat(model.heads().getFirst().node()).isZero();
    }

    /** Micro-batches may have types of their own, up to what memory is planned for. */
    @Test
    void typesFollowTheInputs() {
        Model model = new Model(List.of(INPUT), List.of(FIRST, SECOND), List.of(), List.of(Y));
        assertThat(model.types(7).of(Y)).isEqualTo(TensorType.floats(7, 3));
        ModelTypes types = model.types(List.of(TensorType.floats(2, 5, 4)));
        assertThat(types.of(List.of(X, Y))).containsExactly(TensorType.floats(2, 5, 4), TensorType.floats(2, 5, 3));
        assertThatThrownBy(() -> model.types(List.of(TensorType.floats(2, 5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("layer 0 Linear(4, 3): expected input [..., 4], found [2, 5]");
    }

    @Test
    void saysWhatDoesNotFit() {
        List<Input> one = List.of(INPUT);
        List<Node> nodes = List.of(FIRST, SECOND);
        refused(one, List.of(), List.of(), X, "a model needs at least one layer");
        refused(List.of(INPUT, INPUT), nodes, List.of(), Y, "two inputs are named 'input'");
        refused(one, List.of(FIRST, FIRST), List.of(), Y, "two layers are named '0'");
        refused(
                one,
                List.of(FIRST, new Node("1", Activations.relu(), List.of(new Value(1, 0)))),
                List.of(),
                Y,
                "layer 1 ReLU(): reads [Value[node=1, output=0]], expected inputs of the model or outputs of earlier layers");
        refused(
                one,
                List.of(new Node("0", Activations.relu(), List.of(Value.ofInput(1)))),
                List.of(),
                Y,
                "layer 0 ReLU(): reads [Value[node=-2, output=0]], expected inputs of the model or outputs of earlier layers");
        refused(one, nodes, List.of(), null, "outputs of the model: found [], expected outputs of its layers");
        refused(
                one,
                nodes,
                List.of(),
                new Value(2, 0),
                "outputs of the model: found [Value[node=2, output=0]], expected outputs of its layers");
        refused(
                one,
                nodes,
                List.of(new Head("loss", new CrossEntropyLoss(), List.of(X), List.of("target"), 1)),
                Y,
                "head loss: reads [Value[node=-1, output=0]], expected at least one output of a layer");
        refused(
                one,
                List.of(new Node("0", new Linear(5, 3), List.of(X))),
                List.of(),
                Y,
                "layer 0 Linear(5, 3): expected input [..., 5], found [1, 4]");
    }

    @Test
    void headsWeighSomething() {
        for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Head("loss", new CrossEntropyLoss(), List.of(Y), List.of("target"), weight))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("head loss: expected a weight above 0, found " + weight);
        }
    }

    @Test
    void inputsOfTheModelAreValues() {
        assertThat(Value.ofInput(0)).isEqualTo(new Value(-1, 0));
        assertThat(Value.ofInput(2).isInput()).isTrue();
        assertThat(Value.ofInput(2).inputIndex()).isEqualTo(2);
        assertThat(Y.isInput()).isFalse();
        assertThat(INPUT.type(5)).isEqualTo(TensorType.floats(5, 4));
        Input tokens = Input.samples("tokens", DType.INT32, Shape.of(9));
        assertThat(tokens.takes(TensorType.ints(2, 7), 2)).isTrue();
        assertThat(tokens.takes(TensorType.ints(2, 10), 2)).isFalse();
        assertThat(tokens.takes(TensorType.ints(3, 7), 2)).isFalse();
        assertThat(tokens.takes(TensorType.floats(2, 7), 2)).isFalse();
        assertThat(Input.constant("c", TensorType.ints(5)).takes(TensorType.ints(4), 2))
                .isFalse();
        assertThat(Input.whole("w", TensorType.ints(5)).takes(TensorType.ints(4), 2))
                .isTrue();
        assertThat(Input.whole("all", TensorType.ints(3, 2)).type(5)).isEqualTo(TensorType.ints(3, 2));
    }
}
