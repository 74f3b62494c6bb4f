package io.ketju.tensor.kernel.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.testing.Golden;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The definitions of activation functions against PyTorch in double precision and finite differences. */
class ScalarActivationsTest {
    /** A few float roundings of numbers up to 6. */
    private static final double TOLERANCE = 2e-6;

    private static final double STEP = 1e-2;
    private static final float[] X = {-9f, -3.25f, -1f, -0.4f, -0.1f, 0.1f, 0.3f, 1f, 2.5f, 6.5f};

    private final ActivationKernels kernels = new ScalarActivations();

    private static final List<Activation> FUNCTIONS = List.of(
            Activation.RELU,
            Activation.RELU6,
            Activation.leakyRelu(0.01f),
            Activation.elu(0.4f),
            Activation.SELU,
            Activation.celu(0.7f),
            Activation.GELU,
            Activation.GELU_TANH,
            Activation.SILU,
            Activation.MISH,
            Activation.SIGMOID,
            Activation.LOG_SIGMOID,
            Activation.TANH,
            Activation.hardtanh(-1, 1),
            Activation.HARDSIGMOID,
            Activation.HARDSWISH,
            Activation.softplus(2.5f, 3),
            Activation.SOFTSIGN,
            Activation.TANHSHRINK,
            Activation.softshrink(0.5f),
            Activation.hardshrink(0.5f),
            Activation.threshold(0.25f, -3));

    /**
     * For each function f of the list, in {@code torch.float64}, two lines: {@code y} and {@code t.grad} of
     * {@code t = x.requires_grad_(); y = f(t); y.sum().backward()}.
     */
    private static final String PYTORCH = """
            0 0 0 0 0 0.1 0.30000001 1 2.5 6.5
            0 0 0 0 0 1 1 1 1 1
            0 0 0 0 0 0.1 0.30000001 1 2.5 6
            0 0 0 0 0 1 1 1 1 0
            -0.09 -0.0325 -0.01 -0.0040000001 -0.001 0.1 0.30000001 1 2.5 6.5
            0.01 0.01 0.01 0.01 0.01 1 1 1 1 1
            -0.39995064 -0.38449032 -0.25284822 -0.13187198 -0.038065033 0.1 0.30000001 1 2.5 6.5
            4.9363922e-05 0.015509683 0.14715178 0.26812802 0.36193497 1 1 1 1 1
            -1.7578824 -1.6899304 -1.1113307 -0.57961012 -0.16730528 0.1050701 0.31521031 1.050701 2.6267525 6.8295564
            0.0002169667 0.068168909 0.6467686 1.1784892 1.5907941 1.050701 1.050701 1.050701 1.050701 1.050701
            -0.69999817 -0.6932589 -0.53224427 -0.30469732 -0.093185472 0.1 0.30000001 1 2.5 6.5
            2.6074364e-06 0.009630143 0.23965104 0.56471812 0.86687791 1 1 1 1 1
            -0 -0.0018753314 -0.15865525 -0.1378313 -0.046017217 0.053982785 0.18537344 0.84134475 2.4844758 6.5
            -9.2517962e-18 -0.0060173811 -0.083315471 0.1972702 0.42047691 0.57952309 0.73232778 1.0833155 1.0376111 1
            -0 -0.0015686271 -0.15880801 -0.13783883 -0.04601725 0.053982752 0.18537093 0.84119199 2.4849157 6.5
            0 -0.0055643456 -0.082964084 0.19734116 0.42047821 0.57952179 0.73229546 1.0829641 1.0379516 1
            -0.0011105512 -0.12131238 -0.26894142 -0.16052494 -0.047502082 0.05249792 0.17233276 0.73105858 2.3103546 6.4902423
            -0.00098701957 -0.079457283 0.072329488 0.30520804 0.45008321 0.54991679 0.64778002 0.92767051 1.0994011 1.0082419
            -0.0011106197 -0.12357485 -0.30340146 -0.18891648 -0.056788576 0.063179419 0.20800138 0.86509839 2.4713923 6.4999707
            -0.00098714898 -0.083113964 0.059216756 0.34757279 0.53570282 0.66333682 0.78282731 1.0490362 1.0411295 1.000054
            0.00012339458 0.037326887 0.26894142 0.40131234 0.47502081 0.52497919 0.57444252 0.73105858 0.92414182 0.99849882
            0.00012337935 0.035933591 0.19661193 0.24026074 0.24937604 0.24937604 0.24445831 0.19661193 0.070103716 0.0014989287
            -9.0001234 -3.2880414 -1.3132617 -0.91301526 -0.74439666 -0.64439666 -0.55435524 -0.31326169 -0.078889734 -0.0015023102
            0.9998766 0.96267311 0.73105858 0.59868766 0.52497919 0.47502081 0.42555748 0.26894142 0.07585818 0.0015011823
            -0.99999997 -0.99699764 -0.76159416 -0.37994897 -0.099667996 0.099667996 0.29131262 0.76159416 0.9866143 0.99999548
            6.0919917e-08 0.0059957148 0.41997434 0.85563878 0.99006629 0.99006629 0.91513696 0.41997434 0.026592227 9.0412768e-06
            -1 -1 -1 -0.40000001 -0.1 0.1 0.30000001 1 1 1
            0 0 0 1 1 1 1 0 0 0
            0 0 0.33333333 0.43333333 0.48333333 0.51666667 0.55 0.66666667 0.91666667 1
            0 0 0.16666667 0.16666667 0.16666667 0.16666667 0.16666667 0.16666667 0.16666667 0
            -0 -0 -0.33333333 -0.17333334 -0.048333334 0.051666667 0.16500001 0.66666667 2.2916667 6.5
            0 0 0.16666667 0.36666667 0.46666667 0.53333333 0.6 0.83333333 1.3333333 1
            6.7675917e-11 0.00011840037 0.031555894 0.12530467 0.23037577 0.33037577 0.45474841 1.0315559 2.5 6.5
            1.6918979e-10 0.00029595711 0.07585818 0.26894142 0.4378235 0.5621765 0.67917871 0.92414182 1 1
            -0.9 -0.76470588 -0.5 -0.28571429 -0.090909092 0.090909092 0.23076924 0.5 0.71428571 0.86666667
            0.01 0.055363322 0.25 0.51020408 0.82644628 0.82644628 0.59171597 0.25 0.081632653 0.017777778
            -8 -2.2530024 -0.23840584 -0.020051039 -0.00033200539 0.00033200539 0.0086873886 0.23840584 1.5133857 5.5000045
            0.99999994 0.99400429 0.58002566 0.14436122 0.0099337094 0.0099337094 0.084863044 0.58002566 0.97340777 0.99999096
            -8.5 -2.75 -0.5 0 0 0 0 0.5 2 6
            1 1 1 0 0 0 0 1 1 1
            -9 -3.25 -1 0 0 0 0 1 2.5 6.5
            1 1 1 0 0 0 0 1 1 1
            -3 -3 -3 -3 -3 -3 0.30000001 1 2.5 6.5
            0 0 0 0 0 0 1 1 1 1
            """;

    static Stream<Arguments> pytorch() {
        List<String> lines = PYTORCH.lines().toList();
        return IntStream.range(0, FUNCTIONS.size())
                .mapToObj(
                        i -> Arguments.of(FUNCTIONS.get(i), numbers(lines.get(2 * i)), numbers(lines.get(2 * i + 1))));
    }

    private static double[] numbers(String line) {
        return Stream.of(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    @ParameterizedTest
    @MethodSource("pytorch")
    void valuesAndDerivativesAreThoseOfPyTorch(Activation activation, double[] values, double[] derivatives) {
        for (int i = 0; i < X.length; i++) {
            float y = forward(activation, X[i]);
            assertThat((double) y).as("%s of %s", activation, X[i]).isCloseTo(values[i], within(TOLERANCE));
            float dx = backward(activation, activation.fromOutput() ? y : X[i], 1);
            assertThat((double) dx).as("%s' of %s", activation, X[i]).isCloseTo(derivatives[i], within(TOLERANCE));
        }
    }

    @ParameterizedTest
    @FieldSource("io.ketju.tensor.kernel.activation.ActivationSamples#ALL")
    void derivativesAreThoseOfFiniteDifferences(Activation activation) {
        for (double at = -4.03; at < 4; at += 0.37) {
            float x = (float) at;
            float low = (float) (at - STEP);
            float high = (float) (at + STEP);
            double bend = (double) backward(activation, saved(activation, low), 1)
                    - backward(activation, saved(activation, high), 1);
            if (Math.abs(bend) > 0.1) {
                continue;
            }
            double difference = (double) forward(activation, high) - forward(activation, low);
            double slope = backward(activation, saved(activation, x), 2) / 2;
            assertThat(slope)
                    .as("%s' of %s", activation, x)
                    .isCloseTo(difference / ((double) high - low), within(2e-4));
        }
    }

    @Test
    void specialValues() {
        for (Activation activation : ActivationSamples.ALL) {
            assertThat(forward(activation, Float.NaN))
                    .as("%s of NaN", activation)
                    .isNaN();
            float large = forward(activation, 1e20f);
            assertThat(large).as("%s of 1e20", activation).isNotNaN().isGreaterThanOrEqualTo(0);
            float small = forward(activation, -1e20f);
            assertThat(small).as("%s of -1e20", activation).isNotNaN();
            float zero = forward(activation, 0);
            assertThat(Math.abs(zero)).as("%s of 0", activation).isLessThanOrEqualTo(3);
        }
        assertThat(Float.floatToRawIntBits(forward(Activation.RELU, -0f))).isZero();
        assertThat(forward(Activation.LOG_SIGMOID, -200)).isEqualTo(-200);
        assertThat(forward(Activation.softplus(1, 1000), 500)).isEqualTo(500);
        assertThat(backward(Activation.GELU, -30, 1)).isZero();
        assertThat(backward(Activation.SILU, 100, 1)).isEqualTo(1);
    }

    /** PyTorch 2.13 counts the corners to the flat parts; clamped numbers lie exactly there. */
    @Test
    void hardswishAtItsCorners() {
        assertThat(backward(Activation.HARDSWISH, -3, 7)).isZero();
        assertThat(backward(Activation.HARDSWISH, 3, 7)).isEqualTo(7);
        assertThat(backward(Activation.HARDSWISH, Math.nextUp(-3f), 1)).isCloseTo(-0.5f, within(1e-6f));
        assertThat(backward(Activation.HARDSWISH, Math.nextDown(3f), 1)).isCloseTo(1.5f, within(1e-6f));
    }

    @ParameterizedTest
    @ValueSource(floats = {20, 21, 100, 1e9f, 1e10f, 1e16f, 1e17f, 3e38f, Float.MAX_VALUE})
    void mishOfLargeNumbersHasSlopeOne(float x) {
        assertThat(backward(Activation.MISH, x, 1)).isCloseTo(1, within(Math.ulp(1f)));
    }

    /** The functions of ELU's kind with scale · alpha and 1 / alpha, whose slope at x is their product times e^(x / alpha). */
    static Stream<Arguments> tails() {
        double scale = 1.0507009873554805;
        return Stream.of(
                Arguments.of(Activation.elu(1), 1.0, 1.0),
                Arguments.of(Activation.elu(0.25f), 0.25, 1.0),
                Arguments.of(Activation.elu(-1.5f), -1.5, 1.0),
                Arguments.of(Activation.SELU, scale * 1.6732632423543772, 1.0),
                Arguments.of(Activation.celu(1), 1.0, 1.0),
                Arguments.of(Activation.celu(4), 4.0, 0.25));
    }

    /** Down to where e^x is 0, two units in the last place at most: one of e^x, and the roundings of factor and product. */
    @ParameterizedTest
    @MethodSource("tails")
    void slopesOfEluKeepTheirTails(Activation activation, double factor, double inverse) {
        for (float x = -0.125f; x * inverse > -110; x -= 0.37f) {
            double slope = factor * inverse * StrictMath.exp(x * inverse);
            float actual = backward(activation, x, 1);
            assertThat((double) actual)
                    .as("%s' of %s", activation, x)
                    .isCloseTo(slope, within(2.0 * Math.ulp((float) slope)));
        }
        assertThat(backward(activation, 0.5f, 3)).isEqualTo(3 * activation.a());
        assertThat(backward(activation, Float.NEGATIVE_INFINITY, 1)).isZero();
    }

    @Test
    void preluOfTwoChannels() {
        try (TensorArena arena = new TensorArena(1 << 12)) {
            PReluShape shape = new PReluShape(2, 2, 2);
            Tensor x = tensor(arena, 1, -2, -3, 4, -5, 6, 7, -8);
            Tensor dy = tensor(arena, 1, 2, 3, 4, 5, 6, 7, 8);
            Tensor w = tensor(arena, 0.5f, 0.25f);
            Tensor y = arena.allocate(Shape.of(8));
            kernels.preluForward(shape, x, w, y);
            assertThat(y.toFloats()).containsExactly(1, -1, -0.75f, 4, -2.5f, 6, 7, -2);
            kernels.preluBackwardInput(shape, x, w, dy, y);
            assertThat(y.toFloats()).containsExactly(1, 1, 0.75f, 4, 2.5f, 6, 7, 2);
            Tensor dw = tensor(arena, 100, 200);
            kernels.preluBackwardWeight(shape, x, dy, dw);
            assertThat(dw.toFloats()).containsExactly(100 - 4 - 25, 200 - 9 - 64);
        }
    }

    @Test
    void illegalParametersAndOperandsAreRefused() {
        assertThatThrownBy(() -> Activation.celu(0)).hasMessage("alpha of CELU must be finite and not 0, got 0.0");
        assertThatThrownBy(() -> Activation.elu(Float.NaN)).hasMessage("alpha of ELU must be finite, got NaN");
        assertThatThrownBy(() -> Activation.hardtanh(1, 1)).hasMessageContaining("below the greatest, 1.0, got 1.0");
        assertThatThrownBy(() -> Activation.softplus(0, 20)).hasMessageContaining("beta of Softplus");
        assertThatThrownBy(() -> new PReluShape(1, 0, 1)).hasMessageContaining("channels 0");
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor two = tensor(arena, 1, 2);
            Tensor three = tensor(arena, 1, 2, 3);
            assertThatThrownBy(() -> kernels.forward(Activation.GELU, two, three))
                    .hasMessage("operands differ in size: float32[2] and float32[3]");
            assertThatThrownBy(() -> kernels.preluForward(new PReluShape(1, 3, 1), two, three, two))
                    .hasMessageContaining("PReluShape[samples=1, channels=3, inner=1]");
        }
    }

    private static float saved(Activation activation, float x) {
        return activation.fromOutput() ? forward(activation, x) : x;
    }

    private static Tensor tensor(TensorArena arena, float... values) {
        Tensor tensor = arena.allocate(Shape.of(values.length));
        tensor.copyFrom(values);
        return tensor;
    }

    private static float forward(Activation activation, float x) {
        Tensor y = number(x);
        ActivationFormulas.forward(activation).interpret(y, y);
        return y.getFloat(0);
    }

    private static float backward(Activation activation, float saved, float dy) {
        Tensor dx = number(dy);
        ActivationFormulas.backward(activation).interpret(number(saved), dx, dx);
        return dx.getFloat(0);
    }

    private static Tensor number(float value) {
        Tensor number = Golden.zeros(1);
        number.setFloat(0, value);
        return number;
    }
}
