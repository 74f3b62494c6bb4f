package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Linear(784, 512)|Linear(784, 512)",
                "Linear(out_features=2, in_features=3)|Linear(3, 2)",
                "Linear(3, 2, False)|Linear(3, 2, bias=false)",
                "Linear(3, 2, init=xavier_uniform)|Linear(3, 2, init=xavier_uniform(gain=1))",
                "Conv2d(1, 6, 5)|Conv2d(1, 6, kernel_size=5)",
                "Conv2d(1, 6, 5, 2, 1)|Conv2d(1, 6, kernel_size=5, padding=1, stride=2)",
                "Conv2d(1, 6, (5, 3), init=zeros, bias=false)|Conv2d(1, 6, bias=false, init=zeros(), kernel_size=(5, 3))",
                "MaxPool2d(2)|MaxPool2d(kernel_size=2)",
                "MaxPool2d(3, stride=3)|MaxPool2d(kernel_size=3)",
                "MaxPool2d(3, 1, 1)|MaxPool2d(kernel_size=3, padding=1, stride=1)",
                "ReLU|ReLU()",
                "Tanh()|Tanh()",
                "Flatten()|Flatten()",
            })
    void printsWhatItParses(String text, String canonical) {
        Layer layer = Layers.parse(text);
        assertThat(layer.toString()).isEqualTo(canonical).isEqualTo(layer.spec().toString());
        assertThat(Layers.parse(canonical)).isEqualTo(layer);
    }

    @Test
    void everyNameIsTested() {
        assertThat(LayerCase.all())
                .extracting(test -> test.layer().spec().name())
                .containsAll(Layers.names());
    }

    @Test
    void constructorsSayTheSame() {
        assertThat(new Linear(784, 512)).isEqualTo(Layers.parse("Linear(784, 512)"));
        assertThat(new Linear(3, 2).withoutBias().withInitializer(Initializers.xavierNormal(2)))
                .isEqualTo(Layers.parse("Linear(3, 2, bias=false, init=xavier_normal(2))"));
        assertThat(new Conv2d(1, 6, 5, 3).withStride(2, 1).withPadding(2))
                .isEqualTo(Layers.parse("Conv2d(1, 6, (5, 3), (2, 1), 2)"));
        assertThat(new Conv2d(1, 6, 5).withoutBias().withInitializer(Initializers.zeros()))
                .isEqualTo(Layers.parse("Conv2d(1, 6, 5, bias=false, init=zeros)"));
        assertThat(new MaxPool2d(3).withStride(2).withPadding(1)).isEqualTo(Layers.parse("MaxPool2d(3, 2, 1)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linear(1, 2)|unknown layer 'linear'; known: Conv2d, Flatten, Linear, MaxPool2d, ReLU, Tanh",
                "Linear(10)|Linear(10): missing argument 'out_features'; it takes in_features, out_features, bias, init",
                "Linear(0, 2)|Linear: argument 'in_features': expected at least 1, found 0",
                "Linear(2, -2)|Linear: argument 'out_features': expected at least 1, found -2",
                "Linear(2, 3, init=best)|unknown initializer 'best'; known: constant, kaiming_normal, kaiming_uniform, normal, uniform, xavier_normal, xavier_uniform, zeros",
                "Conv2d(1, 2)|Conv2d(1, 2): missing argument 'kernel_size'; it takes in_channels, out_channels, kernel_size, stride, padding, bias, init",
                "Conv2d(0, 2, 3)|Conv2d: argument 'in_channels': expected at least 1, found 0",
                "Conv2d(1, 2, (3, 0))|Conv2d: argument 'kernel_size': expected at least 1, found 0",
                "Conv2d(1, 2, 3, 0)|Conv2d: argument 'stride': expected at least 1, found 0",
                "Conv2d(1, 2, 3, padding=-1)|Conv2d: argument 'padding': expected at least 0, found -1",
                "Conv2d(1, 2, 3, 1, 1, 1)|Conv2d(1, 2, 3, 1, 1, 1): at most 5 arguments without name, found 6; it takes in_channels, out_channels, kernel_size, stride, padding, bias, init",
                "MaxPool2d(3, padding=2)|MaxPool2d: argument 'padding': expected at most half of kernel_size 3, found 2",
                "ReLU(1)|ReLU(1): at most 0 arguments without name, found 1; it takes none",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Layers.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void shapesThatDoNotFitPrintBoth() {
        doesNotFit("Linear(784, 10)", Shape.of(1, 28, 28), "expected input [..., 784], found [1, 28, 28]");
        doesNotFit("Linear(784, 10)", Shape.of(), "expected input [..., 784], found []");
        doesNotFit("Conv2d(3, 6, 5)", Shape.of(1, 28, 28), "expected input [3, height, width], found [1, 28, 28]");
        doesNotFit("Conv2d(3, 6, 5)", Shape.of(784), "expected input [3, height, width], found [784]");
        doesNotFit(
                "Conv2d(1, 6, 5, padding=1)",
                Shape.of(1, 2, 8),
                "expected an input of at least [1, 3, 3] for this kernel, found [1, 2, 8]");
        doesNotFit("MaxPool2d(2)", Shape.of(784), "expected input [channels, height, width], found [784]");
        doesNotFit(
                "MaxPool2d(2)",
                Shape.of(6, 1, 4),
                "expected an input of at least [6, 2, 2] for this kernel, found [6, 1, 4]");
    }

    private static void doesNotFit(String layer, Shape input, String message) {
        assertThatThrownBy(() -> Layers.parse(layer).outputShape(input))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void countsFlops() {
        assertThat(Layers.parse("Linear(784, 512)").forwardFlops(Shape.of(784))).isEqualTo(512 * (2 * 784 + 1));
        assertThat(Layers.parse("Linear(6, 4, bias=false)").forwardFlops(Shape.of(3, 6)))
                .isEqualTo(3 * 4 * 2 * 6);
        assertThat(Layers.parse("Conv2d(1, 6, 5, padding=2)").forwardFlops(Shape.of(1, 28, 28)))
                .isEqualTo(6 * 28 * 28 * (2 * 25 + 1));
        assertThat(Layers.parse("MaxPool2d(2)").forwardFlops(Shape.of(6, 28, 28)))
                .isEqualTo(6 * 28 * 28);
        assertThat(Layers.parse("Flatten()").forwardFlops(Shape.of(6, 28, 28))).isZero();
        assertThat(Layers.parse("ReLU()").forwardFlops(Shape.of(6, 28, 28))).isEqualTo(6 * 28 * 28);
    }
}
