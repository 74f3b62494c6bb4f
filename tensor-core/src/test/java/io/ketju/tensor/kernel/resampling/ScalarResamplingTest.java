package io.ketju.tensor.kernel.resampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.testing.Operand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The definition against PyTorch 2.13: {@code F.pad} and {@code F.interpolate} of a row that counts from 0. */
class ScalarResamplingTest {
    private static final float ROUNDING = 1e-6f;

    private final ResamplingKernels kernels = new ScalarResampling();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ZEROS|2|1|9 9 0 1 2 3 4 5 9",
                "ZEROS|-2|3|2 3 4 5 9 9 9",
                "ZEROS|-1|-3|1 2",
                "REFLECT|2|5|2 1 0 1 2 3 4 5 4 3 2 1 0",
                "REFLECT|3|-2|3 2 1 0 1 2 3",
                "REFLECT|-2|3|2 3 4 5 4 3 2",
                "REPLICATE|2|1|0 0 0 1 2 3 4 5 5",
                "REPLICATE|0|-2|0 1 2 3",
                "CIRCULAR|6|2|0 1 2 3 4 5 0 1 2 3 4 5 0 1",
                "CIRCULAR|3|-2|1 2 3 0 1 2 3",
                "CIRCULAR|-2|3|2 3 4 5 2 3 4",
            })
    void paddings(PaddingMode mode, int before, int after, String expected) {
        assertRow(AxisMap.padded(mode, 6, before, after), expected);
    }

    @Test
    void nearest() {
        assertRow(AxisMap.resized(Interpolation.NEAREST, 6, 9, 6 / 9.0), "0 0 1 2 2 3 4 4 5");
        assertRow(AxisMap.resized(Interpolation.NEAREST, 6, 4, 6 / 4.0), "0 1 3 4");
        assertRow(AxisMap.resized(Interpolation.NEAREST, 2, 2, 1 / 1.3), "0 0");
    }

    @Test
    void linear() {
        assertRow(AxisMap.resized(Interpolation.LINEAR, 3, 6, 0.5), "0 0.25 0.75 1.25 1.75 2");
        assertRow(AxisMap.aligned(Interpolation.LINEAR, 3, 5), "0 0.5 1 1.5 2");
        assertRow(AxisMap.aligned(Interpolation.LINEAR, 3, 1), "0");
    }

    @Test
    void cubic() {
        assertRow(
                AxisMap.resized(Interpolation.CUBIC, 4, 6, 4 / 6.0),
                "-0.0868056 0.40625 1.212963 1.787037 2.59375 3.0868056");
    }

    @Test
    void gradientsOfWhatIsTakenTwiceAdd() {
        PlaneMap map = new PlaneMap(
                AxisMap.padded(PaddingMode.REPLICATE, 1, 1, 0), AxisMap.padded(PaddingMode.REFLECT, 3, 2, 0));
        Tensor dx = row(3, 7);
        Tensor dy = Operand.uniform(1, "dy", Shape.of(1, 1, 2, 5)).tensor;
        for (int i = 0; i < dy.elements(); i++) {
            dy.setFloat(i, i);
        }
        kernels.backward(map, dy, dx);
        assertThat(dx.toFloats()).containsExactly(2 + 7, 1 + 3 + 6 + 8, 0 + 4 + 5 + 9);
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> AxisMap.padded(PaddingMode.REFLECT, 3, 3, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("padding reflect: expected an axis that can be extended by 3 and 0, found one of 3");
        PlaneMap map = new PlaneMap(AxisMap.identity(1), AxisMap.padded(PaddingMode.ZEROS, 3, 1, 1));
        assertThatThrownBy(() -> kernels.forward(map, 0, row(3, 0), row(4, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "resampling: expected float32 planes of 1 x 3 and as many of 1 x 5, found float32[1, 1, 1, 3]"
                                + " and float32[1, 1, 1, 4]");
    }

    /** Of the map of a row that counts from 0, along columns and along rows. */
    private void assertRow(AxisMap map, String expected) {
        String[] parts = expected.split(" ", -1);
        Tensor y = row(map.count(), 0);
        kernels.forward(new PlaneMap(AxisMap.identity(1), map), 9, counting(map.size()), y);
        Tensor ofColumn = Operand.uniform(1, "y", Shape.of(1, 1, map.count(), 1)).tensor;
        Tensor column = counting(map.size()).view(Shape.of(1, 1, map.size(), 1));
        kernels.forward(new PlaneMap(map, AxisMap.identity(1)), 9, column, ofColumn);
        assertThat(y.elements()).isEqualTo(parts.length);
        for (int i = 0; i < parts.length; i++) {
            assertThat(y.getFloat(i)).isCloseTo(Float.parseFloat(parts[i]), within(ROUNDING));
            assertThat(ofColumn.getFloat(i)).isEqualTo(y.getFloat(i));
        }
    }

    private static Tensor counting(int size) {
        Tensor x = row(size, 0);
        for (int i = 0; i < size; i++) {
            x.setFloat(i, i);
        }
        return x;
    }

    private static Tensor row(int size, float value) {
        Tensor row = Operand.uniform(1, "row", Shape.of(1, 1, 1, size)).tensor;
        for (int i = 0; i < size; i++) {
            row.setFloat(i, value);
        }
        return row;
    }
}
