package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTextTest {
    /** The words that begin other lines are names that people give, and PyTorch's models have. */
    @Test
    void weightsMayStartOtherwise() {
        Model model = Model.of(Shape.of(4), Sequential.of(new Linear(4, 3), new Linear(3, 2)))
                .apply("*.weight", Initializers.orthogonal(1))
                .apply("1.*", Initializers.constant(0.5));
        List<String> lines = ModelText.print(model);
        assertThat(lines)
                .containsExactly(
                        "Linear(4, 3)",
                        "Linear(3, 2)",
                        "init *.weight = orthogonal(gain=1)",
                        "init 1.* = constant(val=0.5)");
        assertThat(ModelText.parse(Shape.of(4), lines)).isEqualTo(model);
        assertThat(model.parameter("0.weight").initializer()).isEqualTo(Initializers.orthogonal(1));
        assertThat(model.parameter("0.bias").initializer()).isEqualTo(Initializers.biasDefault(4));
        assertThat(model.parameter("1.weight").initializer()).isEqualTo(Initializers.constant(0.5));
        assertThat(model.withHead(new CrossEntropyLoss()).withUsualMetrics().withoutHeads())
                .isEqualTo(model);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "init *.wieght = zeros()|'*.wieght = zeros()': '*.wieght' matches none of the 2 parameters; near are 0.weight, 0.bias",
                "init * = orthogonal()|'* = orthogonal(gain=1)': 0.bias: orthogonal(gain=1): expected a parameter of at least 2 dimensions, found [3]",
                "init *.weight|line 2 'init *.weight': expected a rule such as '*.bias = zeros', found '*.weight'",
                "init *.weight = best|line 2 'init *.weight = best': unknown initializer 'best'; known: constant, dirac, eye, kaiming_normal, kaiming_uniform, normal, ones, orthogonal, sparse, trunc_normal, uniform, xavier_normal, xavier_uniform, zeros",
            })
    void saysWhatIsWrongWithInitialValues(String line, String message) {
        assertThatThrownBy(() -> ModelText.parse(Shape.of(4), List.of("Linear(4, 3)", line)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void layersMayBeCalledAsOtherLinesBegin() {
        List<String> lines = List.of(
                "input x = float32[4]",
                "input = Linear(4, 5)",
                "output = ReLU()",
                "head = Linear(5, 3)",
                "sum = Add() <- head, head",
                "output head, sum");
        Model model = ModelText.parse(Shape.of(4), lines);
        assertThat(model.nodes()).extracting(Node::name).containsExactly("input", "output", "head", "sum");
        assertThat(model.outputs()).containsExactly(new Value(2, 0), new Value(3, 0));
        assertThat(ModelText.print(model)).isEqualTo(lines);
    }
}
