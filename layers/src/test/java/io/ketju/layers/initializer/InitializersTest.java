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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

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
        "uniform(0.25),                       0.25",
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
    })
    void normalHasItsDeviation(String text, double std) {
        float[] values = fill(Initializers.parse(text), Shape.of(40, 30, 3, 5));
        assertThat(deviation(values)).isCloseTo(std, within(0.02 * std));
        assertThat(largest(values)).isGreaterThan((float) (3 * std));
    }

    @Test
    void constants() {
        assertThat(fill(Initializers.zeros(), Shape.of(5))).containsOnly(0);
        assertThat(fill(Initializers.constant(0.5), Shape.of(5))).containsOnly(0.5f);
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
            "uniform(bound=0.1)");

    static List<String> texts() {
        return TEXTS;
    }

    @Test
    void everyInitializerHasAText() {
        assertThat(TEXTS.stream().map(text -> Spec.parse(text).name()))
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
                .hasMessage("initializer: argument 'std': expected a number >= 0, found -1.0");
        Initializer own = (parameter, random) -> parameter.clear();
        assertThatThrownBy(() -> new Linear(1, 1).withInitializer(own).spec())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has no text form");
    }
}
