package io.ketju.layers.pooling;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Layer;
import io.ketju.layers.catalogue.Layers;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What poolings refuse, and how they say it. */
class PoolingErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MaxPool1d(0)|MaxPool1d: argument 'kernel_size': expected at least 1, found 0",
                "MaxPool1d((2, 3))|MaxPool1d((2, 3)): argument 'kernel_size': expected an integer, found '(2, 3)'",
                "MaxPool2d((3, -1))|MaxPool2d: argument 'kernel_size': expected at least 1, found -1",
                "MaxPool2d((1, 2, 3))|MaxPool2d((1, 2, 3)): argument 'kernel_size': expected an integer or a pair of integers, found '(1, 2, 3)'",
                "MaxPool2d(2, 0)|MaxPool2d: argument 'stride': expected at least 1, found 0",
                "MaxPool2d(3, 1, -1)|MaxPool2d: argument 'padding': expected at least 0, found -1",
                "MaxPool2d(3, 1, 1, 0)|MaxPool2d: argument 'dilation': expected at least 1, found 0",
                "MaxPool1d(3, padding=3, dilation=2)|MaxPool1d: argument 'padding': expected at most half of kernel_size 3 with dilation 2, found 3",
                "MaxPool1d(3, dilation=2000000000)|MaxPool1d: argument 'dilation': expected a window of at most 2^31-1 positions with kernel_size 3, found 2000000000",
                "MaxPool2d((2, 3), padding=(1, 2))|MaxPool2d: argument 'padding': expected at most half of kernel_size 3, found 2",
                "MaxPool2d(2, ceil_mode=up)|MaxPool2d(2, ceil_mode=up): argument 'ceil_mode': expected true or false, found 'up'",
                "MaxPool2d(2, cell_mode=true)|MaxPool2d(2, cell_mode=true): unknown argument 'cell_mode'; did you mean 'ceil_mode'? it takes kernel_size, stride, padding, dilation, ceil_mode",
                "AvgPool2d(3, padding=2)|AvgPool2d: argument 'padding': expected at most half of kernel_size 3, found 2",
                "AvgPool1d(3, dilation=2)|AvgPool1d(3, dilation=2): unknown argument 'dilation'; it takes kernel_size, stride, padding, ceil_mode, count_include_pad",
                "AvgPool2d(3, divisor_override=0)|AvgPool2d: argument 'divisor_override': expected a number other than 0, found 0",
                "AvgPool1d(3, divisor_override=2)|AvgPool1d(3, divisor_override=2): unknown argument 'divisor_override'; it takes kernel_size, stride, padding, ceil_mode, count_include_pad",
                "LPPool2d(0, 3)|LPPool2d: argument 'norm_type': expected a number other than 0, found 0",
                "LPPool2d(2)|LPPool2d(2): missing argument 'kernel_size'; it takes norm_type, kernel_size, stride, ceil_mode",
                "LPPool1d(2, 3, padding=1)|LPPool1d(2, 3, padding=1): unknown argument 'padding'; it takes norm_type, kernel_size, stride, ceil_mode",
                "LPPool1d(inf, 3)|LPPool1d(inf, 3): argument 'norm_type': expected a number, found 'inf'",
                "AdaptiveAvgPool2d(0)|AdaptiveAvgPool2d: argument 'output_size': expected at least 1, found 0",
                "AdaptiveAvgPool2d((3, -2))|AdaptiveAvgPool2d: argument 'output_size': expected at least 1, found -2",
                "AdaptiveMaxPool2d((3, many))|AdaptiveMaxPool2d: argument 'output_size': expected integers or None, found 'many'",
                "AdaptiveMaxPool2d(None)|AdaptiveMaxPool2d(None): argument 'output_size': expected an integer, found 'None'",
                "AdaptiveAvgPool2d((1, 2, 3))|AdaptiveAvgPool2d((1, 2, 3)): argument 'output_size': expected an integer, found '(1, 2, 3)'",
                "AdaptiveMaxPool1d(-1)|AdaptiveMaxPool1d: argument 'output_size': expected at least 1, found -1",
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
                "MaxPool1d(2)|2, 3, 4, 5|expected input [samples, channels, length], found [2, 3, 4, 5]",
                "MaxPool1d(4)|2, 3, 3|expected sequences of at least 4 for this kernel, found [2, 3, 3]",
                "MaxPool1d(3, dilation=2)|2, 3, 4|expected sequences of at least 5 for this kernel, found [2, 3, 4]",
                "MaxPool1d(5, 2, ceil_mode=true)|2, 3, 3|expected sequences of at least 4 for this kernel, found [2, 3, 3]",
                "MaxPool1d(2, 1, 3, 5)|2, 3, 1|expected sequences so large that no window lies in the padding alone, found [2, 3, 1]",
                "AvgPool1d(2000000000, padding=1000000000)|1, 1, 9|expected sequences of at most 2^31-1 positions a side with their padding and the window, found [1, 1, 9]",
                "LPPool1d(2, 4)|2, 3, 3|expected sequences of at least 4 for this kernel, found [2, 3, 3]",
                "AvgPool2d(2)|2, 3, 4|expected input [samples, channels, height, width], found [2, 3, 4]",
                "AvgPool2d(3, padding=1)|2, 3, 5, 0|expected images of at least [1, 1] for this kernel, found [2, 3, 5, 0]",
                "AdaptiveAvgPool1d(2)|2, 3, 4, 5|expected input [samples, channels, length], found [2, 3, 4, 5]",
                "AdaptiveMaxPool2d(2)|2, 3, 0, 5|expected images with elements, found [2, 3, 0, 5]",
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
}
