package io.ketju.layers;

import static io.ketju.tensor.TensorType.floats;
import static io.ketju.tensor.TensorType.ints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.attention.InProjection;
import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.recurrent.GRU;
import io.ketju.layers.recurrent.LSTM;
import io.ketju.layers.recurrent.RNN;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.recurrent.RecurrentActivation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts, names and sizes of attention and recurrent layers. */
class SequenceLayersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "InProjection(8)|InProjection(8)",
                "InProjection(8, bias=False)|InProjection(8, bias=false)",
                "ScaledDotProductAttention(2)|ScaledDotProductAttention(2)",
                "ScaledDotProductAttention(2, True)|ScaledDotProductAttention(2, is_causal=true)",
                "LSTM(3, 5, batch_first=True)|LSTM(3, 5, batch_first=true)",
                "LSTM(3, 5, 2, False, True)|LSTM(3, 5, batch_first=true, bias=false, num_layers=2)",
                "GRU(3, 5, bidirectional=true, batch_first=true)|GRU(3, 5, batch_first=true, bidirectional=true)",
                "RNN(3, 5, batch_first=true, nonlinearity=tanh)|RNN(3, 5, batch_first=true)",
                "RNN(3, 5, batch_first=true, nonlinearity=relu)|RNN(3, 5, batch_first=true, nonlinearity=relu)",
            })
    void printsWhatItParses(String text, String canonical) {
        Layer layer = Layers.parse(text);
        assertThat(layer.toString()).isEqualTo(canonical).isEqualTo(layer.spec().toString());
        assertThat(Layers.parse(canonical)).isEqualTo(layer);
    }

    @Test
    void constructorsSayTheSame() {
        assertThat(new InProjection(8)).isEqualTo(Layers.parse("InProjection(8)"));
        assertThat(new ScaledDotProductAttention(2)).isEqualTo(Layers.parse("ScaledDotProductAttention(2)"));
        assertThat(new LSTM(3, 5).withLayers(2).withoutBias().inBothDirections())
                .isEqualTo(Layers.parse("LSTM(3, 5, 2, false, true, bidirectional=true)"));
        assertThat(new GRU(3, 5).withLayers(2).withoutBias().inBothDirections())
                .isEqualTo(Layers.parse("GRU(3, 5, 2, false, true, bidirectional=true)"));
        assertThat(new RNN(3, 5)
                        .withNonlinearity(RecurrentActivation.RELU)
                        .withLayers(2)
                        .withoutBias()
                        .inBothDirections())
                .isEqualTo(Layers.parse("RNN(3, 5, 2, relu, false, true, bidirectional=true)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "InProjection(0)|InProjection: argument 'embed_dim': expected at least 1, found 0",
                "ScaledDotProductAttention(0)|ScaledDotProductAttention: argument 'num_heads': expected at least 1, found 0",
                "LSTM(3, 5)|LSTM: argument 'batch_first': expected true, since samples are outermost, found false",
                "LSTM(0, 5, batch_first=true)|LSTM: argument 'input_size': expected at least 1, found 0",
                "GRU(3, 0, batch_first=true)|GRU: argument 'hidden_size': expected at least 1, found 0",
                "GRU(3, 5, 0, batch_first=true)|GRU: argument 'num_layers': expected at least 1, found 0",
                "RNN(3, 5, batch_first=true, nonlinearity=gelu)|RNN: argument 'nonlinearity': expected tanh or relu, found 'gelu'; did you mean 'relu'?",
                "LSTM(3, batch_first=true)|LSTM(3, batch_first=true): missing argument 'hidden_size'; it takes input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size",
                "LSTM(3, 5, batch_first=true, proj_size=5)|LSTM: argument 'proj_size': expected 0, for none, to 4, below hidden_size, found 5",
                "LSTM(3, 5, batch_first=true, proj_size=-1)|LSTM: argument 'proj_size': expected 0, for none, to 4, below hidden_size, found -1",
                "GRU(3, 5, batch_first=true, dropout=1.5)|GRU: argument 'dropout': expected a probability from 0 to 1, found 1.5",
                "RNNCell(3, 5, nonlinearity=gelu)|RNNCell: argument 'nonlinearity': expected tanh or relu, found 'gelu'; did you mean 'relu'?",
                "LSTMCell(0, 5)|LSTMCell: argument 'input_size': expected at least 1, found 0",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Layers.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void inputsThatDoNotFitPrintBoth() {
        doesNotFit("InProjection(4)", "expected input [..., 4], found [2, 3]", floats(2, 3));
        doesNotFit(
                "InProjection(4)",
                "expected 3 inputs, found 2 [float32[2, 4], float32[2, 4]]",
                floats(2, 4),
                floats(2, 4));
        doesNotFit(
                "InProjection(4)", "expected input 1 [..., 4], found [2, 3]", floats(2, 4), floats(2, 3), floats(2, 4));
        String attention = "ScaledDotProductAttention(2)";
        doesNotFit(
                attention,
                "expected query, key and value as 1 or 3 inputs, then lengths int32 if keys are padded, then a mask if there"
                        + " is one, found 0 inputs []");
        doesNotFit(attention, "expected input 0 [samples, queries, a multiple of 6], found [2, 3, 4]", floats(2, 3, 4));
        doesNotFit(
                attention,
                "expected input 0 [samples, queries, a multiple of 2], found [2, 3, 5]",
                floats(2, 3, 5),
                floats(2, 3, 5),
                floats(2, 3, 5));
        doesNotFit(
                attention,
                "expected key [2, keys, 4] and value [2, keys, any], found [2, 5, 4] and [2, 6, 4]",
                floats(2, 3, 4),
                floats(2, 5, 4),
                floats(2, 6, 4));
        doesNotFit(attention, "expected lengths int32[2] as input 1, found int32[3]", floats(2, 3, 6), ints(3));
        doesNotFit(
                attention,
                "expected a mask [3, 3], [2, 1, 3], [2, 3, 3] or [2, 2, 3, 3] as input 1, found float32[3, 4]",
                floats(2, 3, 6),
                floats(3, 4));
        String lstm = "LSTM(3, 5, batch_first=true)";
        doesNotFit(lstm, "expected input [samples, steps, 3], found [2, 4]", floats(2, 4));
        doesNotFit(lstm, "expected lengths int32[2] as input 1, found int32[3]", floats(2, 4, 3), ints(3));
        doesNotFit(
                lstm,
                "expected sequences, then lengths int32 if they are padded, then h_0 and c_0 or nothing, found 2 inputs"
                        + " [float32[2, 4, 3], float32[2]]",
                floats(2, 4, 3),
                floats(2));
        doesNotFit(
                lstm,
                "expected the states before the first step [float32[2, 1, 5], float32[2, 1, 5]] from input 1, found"
                        + " [float32[2, 1, 5], float32[2, 1, 4]]",
                floats(2, 4, 3),
                floats(2, 1, 5),
                floats(2, 1, 4));
        doesNotFit(
                "GRUCell(3, 5)",
                "expected the state before [float32[2, 5]] behind input 0, or nothing, found [float32[2, 3]]",
                floats(2, 3),
                floats(2, 3));
        doesNotFit(lstm, "expected 1 input, found 0 []");
    }

    private static void doesNotFit(String layer, String message, TensorType... inputs) {
        assertThatThrownBy(() -> Layers.parse(layer).outputs(List.of(inputs)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    /** As in PyTorch's state_dict, in its order. */
    @Test
    void parametersAreNamedAsInPyTorch() {
        assertThat(names(new InProjection(2))).containsExactly("in_proj_weight", "in_proj_bias");
        assertThat(names(new LSTM(2, 3).withLayers(2).inBothDirections()))
                .containsExactly(
                        "weight_ih_l0",
                        "weight_hh_l0",
                        "bias_ih_l0",
                        "bias_hh_l0",
                        "weight_ih_l0_reverse",
                        "weight_hh_l0_reverse",
                        "bias_ih_l0_reverse",
                        "bias_hh_l0_reverse",
                        "weight_ih_l1",
                        "weight_hh_l1",
                        "bias_ih_l1",
                        "bias_hh_l1",
                        "weight_ih_l1_reverse",
                        "weight_hh_l1_reverse",
                        "bias_ih_l1_reverse",
                        "bias_hh_l1_reverse");
        assertThat(names(new GRU(2, 3).withoutBias())).containsExactly("weight_ih_l0", "weight_hh_l0");
        assertThat(new LSTM(2, 3).parameters().getFirst().initializer())
                .isEqualTo(Initializers.uniform(1 / Math.sqrt(3)));
        assertThat(new InProjection(2).parameters().getFirst().initializer()).isEqualTo(Initializers.xavierUniform(1));
        assertThat(new InProjection(2).parameters().getLast().initializer()).isEqualTo(Initializers.zeros());
    }

    private static List<String> names(Layer layer) {
        return layer.parameters().stream().map(Parameter::name).toList();
    }

    @Test
    void countsFlops() {
        assertThat(new InProjection(4).forwardFlops(List.of(floats(2, 3, 4)))).isEqualTo(6 * 12 * 9);
        assertThat(new ScaledDotProductAttention(2).forwardFlops(List.of(floats(2, 3, 12))))
                .isEqualTo(2 * 2 * (2 * 3 * 3 * 2 * 2));
        assertThat(new LSTM(3, 5).forwardFlops(List.of(floats(2, 4, 3)))).isEqualTo(2 * 8 * 20 * 8);
    }
}
