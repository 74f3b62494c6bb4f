package io.ketju.tensor.kernel.elementwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The definitions of element-wise arithmetic against double precision, and their special values. */
class ScalarElementwiseTest {
    private static final float NAN = Float.NaN;

    private final TensorArena arena = new TensorArena(1 << 16);
    private final ElementwiseKernels kernels = new ScalarElementwise();

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void functionsOfOneNumber() {
        for (Unary function : Unary.values()) {
            DoubleUnaryOperator exact = exact(function);
            for (float x : new float[] {0.25f, 0.9f, 1.7f, 3.5f}) {
                double wanted = exact.applyAsDouble(x);
                assertThat((double) value(function, x))
                        .as("%s of %s", function, x)
                        .isCloseTo(wanted, within(Math.abs(wanted) * 3e-7));
            }
        }
    }

    @Test
    void derivativesAreThoseOfFiniteDifferences() {
        derivative(Unary.ABS, Binary.ABS_BACKWARD, false);
        derivative(Unary.SQRT, Binary.SQRT_BACKWARD, true);
        derivative(Unary.RSQRT, Binary.RSQRT_BACKWARD, true);
        derivative(Unary.RECIPROCAL, Binary.RECIPROCAL_BACKWARD, true);
        Tensor x = tensor(1.5f, -2, 0.5f);
        Tensor dx = tensor(0, 0, 0);
        kernels.powBackward(3, x, tensor(1, 2, 1), dx);
        assertThat(dx.toFloats()).containsExactly(6.75f, 24, 0.75f);
        kernels.powBackward(0, tensor(0, 1, NAN), tensor(1, 2, 1), dx);
        assertThat(dx.toFloats()).containsExactly(0, 0, 0);
        kernels.clampBackward(-1, 1, tensor(-1, 1.5f, NAN), tensor(1, 2, 3), dx);
        assertThat(dx.toFloats()).containsExactly(1, 0, 0);
    }

    @Test
    void extremesOfNaNAndZeros() {
        Tensor y = tensor(0, 0, 0, 0);
        kernels.binary(Binary.MAX, tensor(NAN, 1, -0f, 2), tensor(1, NAN, 0, 3), y);
        assertThat(y.toFloats()).containsExactly(NAN, NAN, -0f, 3);
        kernels.binary(Binary.MIN, tensor(NAN, 1, 0, 2), tensor(1, NAN, -0f, 3), y);
        assertThat(y.toFloats()).containsExactly(NAN, NAN, 0, 2);
        kernels.clamp(-1, 1, tensor(NAN, -5, 0.5f, 7), y);
        assertThat(y.toFloats()).containsExactly(NAN, -1, 0.5f, 1);
    }

    @Test
    void parametersAndBroadcasts() {
        Tensor y = tensor(1, 2, 3, 4);
        kernels.addScaled(2, tensor(1, 1, 1, 1), y);
        assertThat(y.toFloats()).containsExactly(3, 4, 5, 6);
        kernels.scale(0.5f, y, y);
        kernels.addScalar(1, y, y);
        assertThat(y.toFloats()).containsExactly(2.5f, 3, 3.5f, 4);
        kernels.lerp(0.25f, tensor(0, 0, 0, 0), tensor(4, 8, 12, 16), y);
        assertThat(y.toFloats()).containsExactly(1, 2, 3, 4);
        kernels.lerp(1, tensor(9, 9, 9, 9), tensor(4, 8, 12, 16), y);
        assertThat(y.toFloats()).containsExactly(4, 8, 12, 16);
        kernels.pow(2, tensor(1, 2, 3, -4), y);
        assertThat(y.toFloats()).containsExactly(1, 4, 9, 16);
        kernels.addRow(y, tensor(1, 2), y);
        assertThat(y.toFloats()).containsExactly(2, 6, 10, 18);
        kernels.addColumn(2, y, tensor(100, 200), y);
        assertThat(y.toFloats()).containsExactly(102, 106, 210, 218);
        kernels.fill(7, y);
        assertThat(y.toFloats()).containsOnly(7);
        kernels.copy(tensor(1, 2, 3, 4), y);
        assertThat(y.toFloats()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void wholeNumbersAndSigns() {
        float[] x = {NAN, 0.5f, 1.5f, -0.5f, -0.3f, 2.7f, -2.7f, 8388607.5f, -1e9f, Float.NEGATIVE_INFINITY, -0f};
        Tensor y = tensor(x);
        kernels.unary(Unary.ROUND, tensor(x), y);
        assertThat(y.toFloats())
                .containsExactly(NAN, 0, 2, -0f, -0f, 3, -3, 8388608, -1e9f, Float.NEGATIVE_INFINITY, -0f);
        kernels.unary(Unary.FLOOR, tensor(x), y);
        assertThat(y.toFloats())
                .containsExactly(NAN, 0, 1, -1, -1, 2, -3, 8388607, -1e9f, Float.NEGATIVE_INFINITY, -0f);
        kernels.unary(Unary.SIGN, tensor(x), y);
        assertThat(y.toFloats()).containsExactly(0, 1, 1, -1, -1, 1, -1, 1, -1, -1, 0);
    }

    @Test
    void choices() {
        Tensor y = tensor(0, 0, 0, 0);
        Tensor other = tensor(0, 0, 0, 0);
        kernels.where(tensor(1, 0, NAN, -0f), tensor(1, 2, 3, 4), tensor(5, 6, 7, 8), y);
        assertThat(y.toFloats()).containsExactly(1, 6, 3, 8);
        kernels.whereBackward(tensor(1, 0, NAN, -0f), tensor(1, 2, 3, 4), y, other);
        assertThat(y.toFloats()).containsExactly(1, 0, 3, 0);
        assertThat(other.toFloats()).containsExactly(0, 2, 0, 4);
        kernels.binary(Binary.EQUAL, tensor(1, 0, NAN, 2), tensor(1, -0f, NAN, 3), y);
        assertThat(y.toFloats()).containsExactly(1, 1, 0, 0);
        kernels.binary(Binary.SLOPE, tensor(1, 0, NAN, -2), tensor(5, 6, 7, 8), y);
        assertThat(y.toFloats()).containsExactly(1, 6, 1, 8);
        kernels.maskedFill(-1, tensor(1, 0, NAN, -0f), tensor(1, 2, 3, 4), y);
        assertThat(y.toFloats()).containsExactly(-1, 2, -1, 4);
        kernels.maxBackward(tensor(1, 2, 3, NAN), tensor(1, 3, 2, 0), tensor(8, 8, 8, 8), y, other);
        assertThat(y.toFloats()).containsExactly(4, 0, 8, 8);
        assertThat(other.toFloats()).containsExactly(4, 8, 0, 8);
        kernels.minBackward(tensor(1, 2, 3, NAN), tensor(1, 3, 2, 0), tensor(8, 8, 8, 8), y, other);
        assertThat(y.toFloats()).containsExactly(4, 8, 0, 8);
        assertThat(other.toFloats()).containsExactly(4, 0, 8, 8);
    }

    @Test
    void sumsOfProductsRoundTheFirstOnce() {
        Tensor y = tensor(0, 0);
        float third = 1 / 3f;
        kernels.sumOfProducts(tensor(third, 2), tensor(3, 5), tensor(-1, 4), tensor(1, 0.5f), y);
        assertThat(y.toFloats()).containsExactly(Math.fma(third, 3f, -1f), 12);
        assertThat(y.getFloat(0)).isNotZero();
    }

    @Test
    void wrongSizesAreRefused() {
        Tensor four = tensor(1, 2, 3, 4);
        Tensor three = tensor(1, 2, 3);
        assertThatThrownBy(() -> kernels.binary(Binary.ADD, four, three, four))
                .hasMessage("operands differ in size: float32[4] and float32[3]");
        assertThatThrownBy(() -> kernels.addRow(four, three, four))
                .hasMessage("row float32[3] does not divide the elements of float32[4]");
        assertThatThrownBy(() -> kernels.addColumn(1, four, three, four))
                .hasMessage("column float32[3] of rows of 1 does not divide float32[4]");
    }

    private static DoubleUnaryOperator exact(Unary function) {
        return switch (function) {
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case SIGN -> Math::signum;
            case FLOOR -> Math::floor;
            case ROUND -> Math::rint;
            case SQUARE -> x -> x * x;
            case SQRT -> Math::sqrt;
            case RSQRT -> x -> 1 / Math.sqrt(x);
            case RECIPROCAL -> x -> 1 / x;
            case EXP -> Math::exp;
            case EXPM1 -> Math::expm1;
            case LOG -> Math::log;
            case LOG1P -> Math::log1p;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case ERF -> ScalarElementwiseTest::erf;
        };
    }

    /** The integral by Simpson's rule. */
    private static double erf(double x) {
        int steps = 2_000;
        double sum = 1 + Math.exp(-x * x);
        for (int i = 1; i < steps; i++) {
            double t = x * i / steps;
            sum += (i % 2 == 0 ? 2 : 4) * Math.exp(-t * t);
        }
        return 2 / Math.sqrt(Math.PI) * sum * x / steps / 3;
    }

    private void derivative(Unary function, Binary backward, boolean ofOutput) {
        DoubleUnaryOperator exact = exact(function);
        for (float x : new float[] {0.3f, 1, 2.5f}) {
            double slope = (exact.applyAsDouble(x + 1e-4) - exact.applyAsDouble(x - 1e-4)) / 2e-4;
            float saved = ofOutput ? value(function, x) : x;
            assertThat((double) value(backward, saved, 2))
                    .as("%s at %s", backward, x)
                    .isCloseTo(2 * slope, within(1e-4 * Math.abs(slope)));
        }
        assertThat(value(Binary.ABS_BACKWARD, -3, 2)).isEqualTo(-2);
        assertThat(value(Binary.ABS_BACKWARD, 0, 2)).isZero();
    }

    private float value(Unary function, float x) {
        Tensor y = tensor(x);
        kernels.unary(function, y, y);
        return y.getFloat(0);
    }

    private float value(Binary function, float a, float b) {
        Tensor y = tensor(b);
        kernels.binary(function, tensor(a), y, y);
        return y.getFloat(0);
    }

    private Tensor tensor(float... values) {
        Tensor tensor = arena.allocate(Shape.of(values.length));
        tensor.copyFrom(values);
        return tensor;
    }
}
