package io.ketju.layers.padding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Layer;
import io.ketju.layers.catalogue.Layers;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How paddings are written, what they refuse, and how they say it. */
class PaddingErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ZeroPad2d|ZeroPad2d(): missing argument 'padding'; it takes padding",
                "ZeroPad1d((1, 2, 3, 4))|ZeroPad1d: argument 'padding': expected a number or 2 of them, found (1, 2, 3, 4)",
                "ReflectionPad2d((1, 2))|ReflectionPad2d: argument 'padding': expected a number or 4 of them, found (1, 2)",
                "CircularPad2d(1.5)|CircularPad2d(1.5): argument 'padding': expected an integer, found '1.5'",
                "ConstantPad1d(2)|ConstantPad1d(2): missing argument 'value'; it takes padding, value",
                "ConstantPad1d(2, grey)|ConstantPad1d(2, grey): argument 'value': expected a number, found 'grey'",
                "ReplicationPad1d(2, 0)|ReplicationPad1d(2, 0): expected at most 1 argument without names, found 2; it takes padding",
                "ReflectionPad(2)|unknown layer 'ReflectionPad'; did you mean 'ReflectionPad1d'?",
            })
    void arguments(String text, String message) {
        assertThatThrownBy(() -> Layers.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ZeroPad1d(1)|2, 3, 4, 5|expected input [samples, channels, length], found [2, 3, 4, 5]",
                "ZeroPad1d(-2)|2, 3, 4|expected sequences of at least 5 for this padding, found [2, 3, 4]",
                "ConstantPad2d((-3, 1, 0, -4), 1)|2, 3, 4, 5|expected images of at least [5, 4] for this padding, found [2, 3, 4, 5]",
                "ReplicationPad2d(1)|2, 3, 4, 0|expected images of at least [1, 1] for this padding, found [2, 3, 4, 0]",
                "ReflectionPad1d((3, 4))|2, 3, 4|expected sequences of at least 5 for this padding, found [2, 3, 4]",
                "ReflectionPad2d((0, 0, 2, 1))|2, 3, 2, 1|expected images of at least [3, 1] for this padding, found [2, 3, 2, 1]",
                "CircularPad1d((5, 0))|2, 3, 4|expected sequences of at least 5 for this padding, found [2, 3, 4]",
                "CircularPad1d((3, -2))|2, 3, 4|expected sequences of at least 5 for this padding, found [2, 3, 4]",
                "ZeroPad1d(1500000000)|1, 1, 9|expected sequences of at most 2^31-1 positions a side with their padding, found [1, 1, 9]",
            })
    void inputs(String text, String dimensions, String message) {
        Layer layer = Layers.parse(text);
        int[] shape = Arrays.stream(dimensions.split(", ", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        assertThatThrownBy(() -> layer.outputs(List.of(TensorType.floats(Shape.of(shape)))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void constructorsSayTheSame() {
        assertThat(Padding.images(Padding.Kind.REFLECTION, 2)).isEqualTo(Layers.parse("ReflectionPad2d(2)"));
        assertThat(Padding.sequences(Padding.Kind.CIRCULAR, 3)).isEqualTo(Layers.parse("CircularPad1d((3, 3))"));
    }
}
