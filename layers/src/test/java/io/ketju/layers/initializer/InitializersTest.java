package io.ketju.layers.initializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.Floats;
import io.ketju.layers.Parameter;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitializersTest {
    private static final long SEED = 3;

    private static float[] fill(Initializer initializer, Shape shape) {
        try (TensorArena arena = new TensorArena(shape.bytes())) {
            Tensor tensor = arena.allocate(shape);
            initializer.fill(tensor, CounterRandom.of(SEED, "init/x"));
            return tensor.toFloats();
        }
    }

    private static double deviation(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum / values.length);
    }

    private static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** Weight [40, 30, 3, 5]: fan in 450, fan out 600. Bounds worked out by hand from torch.nn.init's pages. */
    @ParameterizedTest
    @CsvSource({
        "kaiming_uniform,                     0.1154700538",
        "kaiming_uniform(a=2.23606797749979), 0.0471404521",
        "xavier_uniform,                      0.0755928946",
        "xavier_uniform(gain=2),              0.1511857892",
        "uniform(bound=0.25),                 0.25",
        "'uniform(a=-0.5, b=0.5)',            0.5",
        "'kaiming_uniform(mode=fan_out)',     0.1",
        "kaiming_uniform(nonlinearity=relu),  0.1154700538",
        "kaiming_uniform(nonlinearity=linear),0.0816496581",
        "kaiming_uniform(nonlinearity=tanh),  0.1360827635",
        "kaiming_uniform(nonlinearity=selu),  0.0612372436",
        "xavier_uniform(gain=tanh),           0.1259881577",
        "xavier_uniform(gain=relu),           0.1069044968",
        "xavier_uniform(gain=selu),           0.0566946710",
        "xavier_uniform(gain=sigmoid),        0.0755928946",
        "xavier_uniform(gain=leaky_relu),     0.1068991519",
        "xavier_uniform(gain=leaky_relu(2)),  0.0478091444",
    })
    void uniformReachesItsBoundAndNoMore(String text, double bound) {
        float[] values = fill(Initializers.parse(text), Shape.of(40, 30, 3, 5));
        assertThat(largest(values)).isLessThanOrEqualTo((float) bound).isGreaterThan((float) (0.999 * bound));
        assertThat(deviation(values)).isCloseTo(bound / Math.sqrt(3), within(0.01 * bound));
    }

    @ParameterizedTest
    @CsvSource({
        "kaiming_normal,      0.0666666667",
        "kaiming_normal(a=1), 0.0471404521",
        "xavier_normal,       0.0436435780",
        "normal(std=0.02),    0.02",
        "'normal(std=0.02, method=polar)', 0.02",
        "kaiming_normal(mode=fan_out), 0.0577350269",
        "'sparse(0, 0.5)', 0.5",
    })
    void normalHasItsDeviation(String text, double std) {
        float[] values =
                fill(Initializers.parse(text), text.startsWith("sparse") ? Shape.of(90, 200) : Shape.of(40, 30, 3, 5));
        assertThat(deviation(values)).isCloseTo(std, within(0.02 * std));
        assertThat(largest(values)).isGreaterThan((float) (3 * std));
    }

    @Test
    void constants() {
        assertThat(fill(Initializers.zeros(), Shape.of(5))).containsOnly(0);
        assertThat(fill(Initializers.constant(0.5), Shape.of(5))).containsOnly(0.5f);
    }

    private static double moment(float[] values, double mean, int power) {
        double sum = 0;
        for (float value : values) {
            sum += Math.pow(value - mean, power);
        }
        return sum / values.length;
    }

    /** Mean, variance, third and fourth moment of 90,000 values within four or five of their own deviations. */
    @ParameterizedTest
    @ValueSource(strings = {"normal(3, 1)", "normal(3, 1, method=polar)"})
    void bothMethodsAreNormal(String text) {
        float[] values = fill(Initializers.parse(text), Shape.of(300, 300));
        assertThat(moment(values, 0, 1)).isCloseTo(3, within(0.015));
        assertThat(moment(values, 3, 2)).isCloseTo(1, within(0.02));
        assertThat(moment(values, 3, 3)).isCloseTo(0, within(0.04));
        assertThat(moment(values, 3, 4)).isCloseTo(3, within(0.15));
    }

    @Test
    void methodsDiffer() {
        Shape shape = Shape.of(4);
        assertThat(fill(Initializers.parse("normal(method=polar)"), shape))
                .isNotEqualTo(fill(Initializers.parse("normal"), shape));
    }

    /** An element is the same in a tensor of another size. */
    @ParameterizedTest
    @ValueSource(
            strings = {"normal(method=polar)", "trunc_normal", "trunc_normal(a=1, b=3)", "normal", "uniform(a=2, b=5)"})
    void elementsDependOnTheirIndexAlone(String text) {
        float[] small = fill(Initializers.parse(text), Shape.of(10));
        assertThat(Arrays.copyOf(fill(Initializers.parse(text), Shape.of(1000)), 10))
                .isEqualTo(small);
    }

    /** Moments of the standard normal between the bounds, by phi and Phi. */
    @ParameterizedTest
    @CsvSource({
        "'trunc_normal',                          -2, 2,    0,      0.773741",
        "'trunc_normal(a=-3, b=3)',               -3, 3,    0,      0.973337",
        "'trunc_normal(a=1, b=3)',                 1, 3,    1.5100, 0.175880",
        "'trunc_normal(mean=1, std=2, a=1, b=100)', 1, 100, 2.5958, 1.453521",
    })
    void truncatedHasItsMoments(String text, float low, float high, double mean, double variance) {
        float[] values = fill(Initializers.parse(text), Shape.of(300, 300));
        for (float value : values) {
            assertThat(value).isBetween(low, high);
        }
        assertThat(moment(values, 0, 1)).isCloseTo(mean, within(0.017));
        assertThat(moment(values, mean, 2)).isCloseTo(variance, within(0.03));
    }

    @ParameterizedTest
    @CsvSource({"7, 3, 1", "3, 7, 1", "12, 12, 2", "1, 5, 1", "5, 4, 3"})
    void orthogonalIsOrthogonal(int rows, int inner, int kernel) {
        int columns = inner * kernel;
        float[] values = fill(Initializers.orthogonal(2), Shape.of(rows, inner, kernel));
        boolean byRow = rows <= columns;
        for (int a = 0; a < Math.min(rows, columns); a++) {
            for (int b = 0; b < Math.min(rows, columns); b++) {
                double product = 0;
                for (int i = 0; i < Math.max(rows, columns); i++) {
                    product += byRow
                            ? (double) values[a * columns + i] * values[b * columns + i]
                            : (double) values[i * columns + a] * values[i * columns + b];
                }
                assertThat(product).isCloseTo(a == b ? 4 : 0, within(1e-6));
            }
        }
    }

    @Test
    void sparseHasItsZeros() {
        float[] values = fill(Initializers.sparse(0.3, 1), Shape.of(11, 6));
        for (int column = 0; column < 6; column++) {
            int zeros = 0;
            for (int row = 0; row < 11; row++) {
                zeros += values[row * 6 + column] == 0 ? 1 : 0;
            }
            assertThat(zeros).isEqualTo(4);
        }
        assertThat(fill(Initializers.sparse(1, 1), Shape.of(3, 2))).containsOnly(0);
    }

    @Test
    void diagonals() {
        assertThat(fill(Initializers.eye(), Shape.of(2, 3))).containsExactly(1, 0, 0, 0, 1, 0);
        assertThat(fill(Initializers.dirac(1), Shape.of(2, 3, 3)))
                .containsExactly(0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
        assertThat(fill(Initializers.dirac(2), Shape.of(4, 1, 2, 2)))
                .containsExactly(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
        assertThat(fill(Initializers.ones(), Shape.of(3))).containsOnly(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "eye()|2,3,4|eye(): expected a parameter of 2 dimensions, found [2, 3, 4]",
                "dirac()|2,3|dirac(): expected a parameter of 3 to 5 dimensions, found [2, 3]",
                "dirac(groups=3)|4,3,3|dirac(groups=3): expected a first dimension that is a multiple of 3, found [4, 3, 3]",
                "orthogonal()|5|orthogonal(gain=1): expected a parameter of at least 2 dimensions, found [5]",
                "sparse(0.5)|5|sparse(sparsity=0.5, std=0.01): expected a parameter of 2 dimensions, found [5]",
            })
    void saysWhatDoesNotFit(String text, String shape, String message) {
        int[] dimensions =
                Arrays.stream(shape.split(",", -1)).mapToInt(Integer::parseInt).toArray();
        assertThatThrownBy(() -> new Parameter("weight", Shape.of(dimensions), Initializers.parse(text)))
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dirac(0)|dirac: argument 'groups': expected at least 1, found 0",
                "uniform(a=2, b=1)|uniform: argument 'b': expected at least a = 2.0, found 1.0",
                "normal(method=ziggurat)|normal: argument 'method': expected box_muller or polar, found 'ziggurat'",
                "trunc_normal(a=2, b=2)|trunc_normal: argument 'b': expected more than a = 2.0, found 2.0",
                "trunc_normal(std=0)|trunc_normal: argument 'std': expected a number > 0, found 0.0",
                "kaiming_normal(mode=fan)|kaiming_normal: argument 'mode': expected fan_in or fan_out, found 'fan'",
                "sparse(2)|sparse: argument 'sparsity': expected 0 <= number <= 1, found 2.0",
                "kaiming_uniform(nonlinearity=gelu)|kaiming_uniform: argument 'nonlinearity': expected one of linear, conv1d, conv2d, conv_transpose1d, conv_transpose2d, sigmoid, tanh, relu, leaky_relu, selu, found 'gelu'",
                "orthogonal(-1)|orthogonal: argument 'gain': expected a number >= 0, found -1.0",
                "xavier_normal(gain=gelu)|argument 'gain': expected a number or one of linear, conv1d, conv2d, conv_transpose1d, conv_transpose2d, sigmoid, tanh, relu, leaky_relu, selu, found 'gelu'",
                "orthogonal(leaky_relu(x))|argument 'gain': expected a number or one of linear, conv1d, conv2d, conv_transpose1d, conv_transpose2d, sigmoid, tanh, relu, leaky_relu, selu, found 'leaky_relu(x)'",
                "ortogonal()|unknown initializer 'ortogonal'; did you mean 'orthogonal'?",
            })
    void saysWhatIsWrongWithTexts(String text, String message) {
        assertThatThrownBy(() -> Initializers.parse(text)).hasMessage(message);
    }

    @Test
    void layersStartAsInPyTorch() {
        Parameter weight = new Linear(100, 50).parameters().getFirst();
        Parameter bias = new Linear(100, 50).parameters().getLast();
        assertThat(largest(fill(weight.initializer(), weight.shape()))).isBetween(0.0999f, 0.1f);
        assertThat(largest(fill(bias.initializer(), bias.shape()))).isBetween(0.08f, 0.1f);

        Parameter kernel = new Conv2d(4, 50, 5).parameters().getFirst();
        Parameter kernelBias = new Conv2d(4, 50, 5).parameters().getLast();
        assertThat(largest(fill(kernel.initializer(), kernel.shape()))).isBetween(0.0999f, 0.1f);
        assertThat(kernelBias.initializer()).isEqualTo(Initializers.uniform(0.1));
    }

    @Test
    void valuesDependOnSeedAndNameAlone() {
        Shape shape = Shape.of(8, 8);
        assertThat(Floats.bits(fill(Initializers.layerDefault(), shape)))
                .isEqualTo(Floats.bits(fill(Initializers.layerDefault(), shape)));
    }

    private static final List<String> TEXTS = List.of(
            "kaiming_uniform(a=0)",
            "kaiming_normal(a=0.5)",
            "xavier_normal(gain=1)",
            "xavier_uniform(gain=2)",
            "zeros()",
            "constant(val=0.5)",
            "normal(std=0.02)",
            "normal(mean=1, method=polar, std=0.02)",
            "uniform(a=0, b=1)",
            "kaiming_normal(a=0, mode=fan_out, nonlinearity=relu)",
            "trunc_normal(a=-1, b=2, mean=0, std=0.5)",
            "ones()",
            "eye()",
            "dirac()",
            "dirac(groups=2)",
            "orthogonal(gain=1)",
            "sparse(sparsity=0.1, std=0.01)",
            "uniform(bound=0.1)");

    static List<String> texts() {
        return TEXTS;
    }

    @Test
    void everyInitializerHasAText() {
        assertThat(TEXTS.stream().map(text -> Spec.parse(text).name()).distinct())
                .containsExactlyInAnyOrderElementsOf(Initializers.names());
    }

    @ParameterizedTest
    @MethodSource("texts")
    void printsWhatItParses(String text) {
        assertThat(Initializers.parse(text)).hasToString(text);
        assertThat(Initializers.parse(text)).isEqualTo(Initializers.parse(text));
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> Initializers.parse("constant"))
                .hasMessage("constant(): missing argument 'val'; it takes val");
        assertThatThrownBy(() -> Initializers.normal(-1))
                .hasMessage("normal: argument 'std': expected a number >= 0, found -1.0");
        Initializer own = (parameter, random) -> parameter.clear();
        assertThatThrownBy(() -> new Linear(1, 1).withInitializer(own).spec())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has no text form");
    }

    @Test
    void fansOfProgramsAreKnown() {
        assertThatThrownBy(() -> Initializers.kaimingUniform(0, "fan_avg", "relu"))
                .hasMessage("kaiming_uniform: argument 'mode': expected fan_in or fan_out, found 'fan_avg'");
        assertThatThrownBy(() -> Initializers.kaimingNormal(0, "out", "relu"))
                .hasMessage("kaiming_normal: argument 'mode': expected fan_in or fan_out, found 'out'");
    }
}
