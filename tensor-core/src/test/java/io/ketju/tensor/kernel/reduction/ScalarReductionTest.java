package io.ketju.tensor.kernel.reduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.math.BigDecimal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The definitions of reductions against double precision. */
class ScalarReductionTest {
    private final TensorArena arena = new TensorArena(5 << 20);
    private final ReductionKernels kernels = new ScalarReduction();

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void againstDoublePrecision() {
        int rows = 300;
        int columns = 67;
        Tensor x = arena.allocate(Shape.of(rows, columns));
        CounterRandom.of(1, "x").fillNormal(x, 0.5f, 2);
        double total = 0;
        BigDecimal squares = BigDecimal.ZERO;
        BigDecimal magnitudes = BigDecimal.ZERO;
        for (float value : x.toFloats()) {
            total += value;
            squares = squares.add(new BigDecimal(value).pow(2));
            magnitudes = magnitudes.add(new BigDecimal(value).abs());
        }
        assertThat((double) kernels.all(Reduction.SUM, x)).isCloseTo(total, within(Math.ulp((float) total) / 2.0));
        assertThat((double) kernels.all(Reduction.MEAN, x)).isCloseTo(total / (rows * columns), within(1e-6));
        // At most 1024 + 5 roundings of each term: its lane, the fold and two blocks.
        double norm = squares.doubleValue();
        assertThat(kernels.squaredNorm(x)).isCloseTo(norm, within(norm * 1029 * 0x1p-53));
        double absolute = magnitudes.doubleValue();
        assertThat(kernels.absoluteNorm(x)).isCloseTo(absolute, within(absolute * 1029 * 0x1p-53));
        Tensor y = arena.allocate(Shape.of(rows * columns));
        CounterRandom.of(2, "y").fillNormal(y, -0.5f, 1);
        BigDecimal products = BigDecimal.ZERO;
        BigDecimal sizes = BigDecimal.ZERO;
        for (int i = 0; i < x.elements(); i++) {
            BigDecimal product = new BigDecimal(x.getFloat(i)).multiply(new BigDecimal(y.getFloat(i)));
            products = products.add(product);
            sizes = sizes.add(product.abs());
        }
        double exact = products.doubleValue();
        assertThat(kernels.dot(x, y)).isCloseTo(exact, within(sizes.doubleValue() * 1029 * 0x1p-53));
        assertThatThrownBy(() -> kernels.dot(x, y.samples(0, 7))).hasMessageContaining("as many elements of both");
        Tensor sums = arena.allocate(Shape.of(columns));
        kernels.columns(Reduction.SUM, x, sums);
        Tensor means = arena.allocate(Shape.of(rows));
        Tensor variances = arena.allocate(Shape.of(rows));
        kernels.varianceRows(1, x, means, variances);
        for (int column = 0; column < columns; column++) {
            double sum = 0;
            for (int row = 0; row < rows; row++) {
                sum += x.getFloat(row * columns + column);
            }
            assertThat((double) sums.getFloat(column)).as("column %d", column).isCloseTo(sum, within(1e-3));
        }
        for (int row = 0; row < rows; row++) {
            double mean = 0;
            double square = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                mean += x.getFloat(i) / (double) columns;
            }
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                square += (x.getFloat(i) - mean) * (x.getFloat(i) - mean);
            }
            assertThat((double) means.getFloat(row)).as("mean %d", row).isCloseTo(mean, within(1e-6));
            assertThat((double) variances.getFloat(row))
                    .as("variance %d", row)
                    .isCloseTo(square / (columns - 1), within(1e-5));
        }
    }

    /** Half a million positive and negative numbers cancel but for some units: only the result is rounded. */
    @Test
    void sumsThatCancel() {
        int count = 1 << 19;
        Tensor x = arena.allocate(Shape.of(count));
        CounterRandom.of(2, "x").fillUniform(x, -1, 1);
        double total = 0;
        for (float value : x.toFloats()) {
            total += value;
        }
        x.setFloat(0, (float) (x.getFloat(0) + 3.1 - total));
        total = 0;
        for (float value : x.toFloats()) {
            total += value;
        }
        assertThat(Math.abs(total)).isLessThan(4);
        assertThat(kernels.all(Reduction.SUM, x)).isEqualTo((float) total);
    }

    /** PyTorch's error at this length is 1.4e-7. */
    @Test
    void sumsOfLongRowsAndColumns() {
        int count = 1 << 20;
        Tensor x = arena.allocate(Shape.of(1, count));
        CounterRandom.of(3, "x").fillUniform(x, 0, 1);
        double total = 0;
        for (float value : x.toFloats()) {
            total += value;
        }
        Tensor sum = arena.allocate(Shape.of(1));
        kernels.rows(Reduction.SUM, x, sum);
        assertThat((double) sum.getFloat(0)).isCloseTo(total, within(2.8e-7 * total));
        kernels.columns(Reduction.SUM, x.view(Shape.of(count, 1)), sum);
        assertThat((double) sum.getFloat(0)).isCloseTo(total, within(2.8e-7 * total));
    }

    @Test
    void extremes() {
        Tensor x = tensor(new float[] {-0f, 0, -0f, 3, -7, 2, Float.NaN, 9, Float.POSITIVE_INFINITY});
        Tensor rows = x.view(Shape.of(3, 3));
        Tensor y = arena.allocate(Shape.of(3));
        kernels.rows(Reduction.MAX, rows, y);
        assertThat(y.toFloats()).containsExactly(0, 3, Float.NaN);
        kernels.rows(Reduction.MIN, rows, y);
        assertThat(y.toFloats()).containsExactly(-0f, -7, Float.NaN);
        kernels.columns(Reduction.MAX, rows, y);
        assertThat(y.toFloats()).containsExactly(Float.NaN, 9, Float.POSITIVE_INFINITY);
    }

    @Test
    void nothing() {
        Tensor empty = arena.allocate(Shape.of(0));
        assertThat(kernels.all(Reduction.SUM, empty)).isZero();
        assertThat(kernels.all(Reduction.MEAN, empty)).isNaN();
        assertThat(kernels.all(Reduction.MAX, empty)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(kernels.squaredNorm(empty)).isZero();
    }

    @Test
    void wrongOperandsAreRefused() {
        Tensor x = arena.allocate(Shape.of(2, 3));
        Tensor four = arena.allocate(Shape.of(4));
        assertThatThrownBy(() -> kernels.rows(Reduction.SUM, x, four))
                .hasMessage("result float32[4] must have one element for each of the 2 rows of float32[2, 3]");
        assertThatThrownBy(() -> kernels.columns(Reduction.SUM, x, four)).hasMessageContaining("the 3 columns of");
    }

    private Tensor tensor(float[] values) {
        Tensor tensor = arena.allocate(Shape.of(values.length));
        tensor.copyFrom(values);
        return tensor;
    }
}
