package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Layers;
import io.ketju.layers.model.Models.Architecture;
import io.ketju.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelsTest {
    /** Parameter counts worked out by hand from the layers' shapes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lenet5|12|61706",
                "lenet|10|431080",
                "lenet(4, 8, hidden=16)|10|3146",
                "mlp|6|535818",
                "mlp(64, 10)|2|650",
            })
    void isBuiltByName(String name, int layers, long parameters) {
        Model model = Models.named(name).model();
        assertThat(model.nodes()).hasSize(layers);
        assertThat(model.parameterCount()).isEqualTo(parameters);
        assertThat(model.outputShape()).isEqualTo(Shape.of(10));
    }

    @Test
    void everyLayerTravelsAsText() {
        for (String name : Models.names()) {
            for (Node node : Models.named(name).model().nodes()) {
                assertThat(Layers.parse(node.layer().toString())).isEqualTo(node.layer());
            }
        }
    }

    @Test
    void mlpTakesImagesToo() {
        Architecture mlp = Models.named("mlp(64, 32, 10)");
        assertThat(Model.of(Shape.of(1, 8, 8), mlp.layers()).outputShape()).isEqualTo(Shape.of(10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resnet|unknown model 'resnet'; known: lenet, lenet5, mlp",
                "lenet5(3)|lenet5(3): at most 0 arguments without name, found 1; it takes none",
                "lenet(1, x)|lenet(1, x): argument 'channels2': expected an integer, found 'x'",
                "mlp(a, 2)|mlp(a, 2): expected integers, found [a, 2]",
                "mlp(sizes=3)|mlp(sizes=3): expected sizes without names, for instance mlp(784, 512, 10)",
                "mlp(10)|mlp: expected at least 2 sizes, input and output, found 1",
                "mlp(0, 10)|Linear: argument 'in_features': expected at least 1, found 0",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Models.named(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aLayerThatDoesNotFitIsNamed() {
        assertThatThrownBy(() -> Model.of(Shape.of(3, 32, 32), Models.leNet5()))
                .hasMessage(
                        "layer 0 Conv2d(1, 6, kernel_size=5, padding=2): expected input [samples, 1, height, width], found [1, 3, 32, 32]");
        assertThatThrownBy(() -> Model.of(Shape.of(1, 8, 8), Models.leNet5()))
                .hasMessageStartingWith(
                        "layer 3 Conv2d(6, 16, kernel_size=5): expected images of at least [5, 5] for this kernel, found [1, 6, ");
    }
}
