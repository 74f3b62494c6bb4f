package io.ketju.layers.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Layer;
import io.ketju.layers.catalogue.Layers;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What arithmetic, shapes and bilinear maps refuse, and how they say it. */
class ArithmeticErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sum((1, x))|Sum((1, x)): argument 'dim': expected an integer, found 'x'",
                "Split((2, 0))|Split: argument 'split_size_or_sections': expected two or more sizes of at least 1, found (2, 0); equal parts are Chunk(number)",
                "Split(2)|Split: argument 'split_size_or_sections': expected two or more sizes of at least 1, found 2; equal parts are Chunk(number)",
                "Slice(step=0)|Slice: argument 'step': expected at least 1, found 0",
                "Slice(start=-3, end=2)|Slice: argument 'end': expected None or a position from the end, as start -3 is, found 2",
                "Slice(1, 0, half)|Slice(1, 0, half): argument 'end': expected an integer, found 'half'",
                "Bilinear(0, 2, 3)|Bilinear: argument 'in1_features': expected at least 1, found 0",
                "Bilinear(1, 2)|Bilinear(1, 2): missing argument 'out_features'; it takes in1_features, in2_features, out_features, bias",
                "Bilinear(1, -2, 3)|Bilinear: argument 'in2_features': expected at least 1, found -2",
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
                "Add()|2, 3; 2, 4|expected inputs whose dimensions, from the last one on, are equal or 1, found [float32[2, 3], float32[2, 4]]",
                "Mul()|2, 3, 4; 2, 4|expected inputs whose dimensions, from the last one on, are equal or 1, found [float32[2, 3, 4], float32[2, 4]]",
                "Div()|2, 3|expected 2 inputs, found 1 [float32[2, 3]]",
                "Sum(0)|2, 3|expected input with a dimension 0 that is not the first, which counts samples, found [2, 3]",
                "Mean((1, 3))|2, 3, 4|expected input with a dimension 3 that is not the first, which counts samples, found [2, 3, 4]",
                "Max((1, -2))|2, 3, 4|expected each dimension once, found (1, -2) of [2, 3, 4]",
                "Sum((1, 2))|2, 3, 0|expected input whose dimension 2 is not empty, found [2, 3, 0]",
                "Split((2, 3))|2, 6|expected input whose dimension 1 is 5, found [2, 6]",
                "Split((2, 3), dim=0)|5, 6|expected input with a dimension 0 that is not the first, which counts samples, found [5, 6]",
                "Slice(start=4)|2, 4|expected input with positions from 4 to the end in dimension 1, found [2, 4]",
                "Slice(start=2, end=-3)|2, 5|expected input with positions from 2 to before -3 in dimension 1, found [2, 5]",
                "Bilinear(3, 4, 5)|2, 3; 2, 5|expected inputs [..., 3] and [..., 4] that are equal otherwise, found [float32[2, 3], float32[2, 5]]",
                "Bilinear(3, 4, 5)|2, 3; 3, 4|expected inputs [..., 3] and [..., 4] that are equal otherwise, found [float32[2, 3], float32[3, 4]]",
            })
    void inputs(String text, String shapes, String message) {
        Layer layer = Layers.parse(text);
        List<TensorType> inputs = new ArrayList<>();
        for (String shape : shapes.split("; ", -1)) {
            inputs.add(TensorType.floats(Shape.of(Arrays.stream(shape.split(", ", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray())));
        }
        assertThatThrownBy(() -> layer.outputs(inputs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void printsWhatItParses() {
        assertThat(Layers.parse("Sum(dim=(1, -1), keepdim=True)")).hasToString("Sum((1, -1), keepdim=true)");
        assertThat(Layers.parse("Max(2)"))
                .isEqualTo(new Aggregate(Aggregate.Kind.MAX, 2, false))
                .hasToString("Max(2)");
        assertThat(Layers.parse("Slice(1, 0, None, 2)")).hasToString("Slice(step=2)");
        assertThat(Layers.parse("Slice(2, -4, -1)")).hasToString("Slice(dim=2, end=-1, start=-4)");
        assertThat(Layers.parse("Split((1, 2), 1)")).hasToString("Split((1, 2))");
        assertThat(Layers.parse("Bilinear(1, 2, 3, False)")).hasToString("Bilinear(1, 2, 3, bias=false)");
    }
}
