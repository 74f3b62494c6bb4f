package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.zoo.Models;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients of networks in training against torchvision's, through batch normalization, depthwise convolutions, squeeze-and-excitation
 * and stochastic depth, whose masks the script repeats.
 */
class ZooGradientTest {
    /** Of a gradient's norm, in float32 against float64, through fifty normalizations of few values. */
    private static final double TOLERANCE = 1e-3;

    /** Of the largest norm: what is 0 in theory, such as that of a shift in front of a normalization. */
    private static final double NOISE = 1e-6;

    private static final int SAMPLES = 4;
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "zoo", "gradients.tsv");

    /** Of a parameter: the norm, and the sum of products. */
    private record Gradient(double norm, double product) {}

    /** A network, with the gradients by name. */
    record Case(String model, int size, Map<String, Gradient> gradients) {
        @Override
        public String toString() {
            return model;
        }
    }

    static Stream<Case> cases() throws IOException {
        Map<String, Case> cases = new LinkedHashMap<>();
        for (String line : Files.readAllLines(GOLDEN)) {
            String[] parts = line.split("\t", -1);
            cases.computeIfAbsent(parts[0], model -> new Case(model, Integer.parseInt(parts[1]), new LinkedHashMap<>()))
                    .gradients()
                    .put(parts[2], new Gradient(Double.parseDouble(parts[3]), Double.parseDouble(parts[4])));
        }
        return cases.values().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreThoseOfTorchvision(Case golden) {
        try (GraphRun run = new GraphRun(Models.named(golden.model()), 128 << 20)) {
            ZooRule.fill(run.block());
            Tensor images = run.allocate(TensorType.floats(Shape.of(SAMPLES, 3, golden.size(), golden.size())));
            ZooRule.fillImages(images);
            Tensor output = run.forward(List.of(images));
            Tensor gradient = run.allocate(TensorType.of(output));
            ZooRule.fillGradient(gradient);
            run.backward(gradient);
            assertThat(run.block().gradients())
                    .extracting(NamedTensor::name)
                    .containsExactlyInAnyOrderElementsOf(golden.gradients().keySet());
            double noise = NOISE
                    * golden.gradients().values().stream()
                            .mapToDouble(Gradient::norm)
                            .max()
                            .orElseThrow();
            for (NamedTensor found : run.block().gradients()) {
                requireEqual(found, Objects.requireNonNull(golden.gradients().get(found.name())), noise);
            }
        }
    }

    private static void requireEqual(NamedTensor found, Gradient expected, double noise) {
        double allowed = Math.max(TOLERANCE * expected.norm(), noise);
        float[] values = found.tensor().toFloats();
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        assertThat(Math.sqrt(squares)).as(found.name()).isCloseTo(expected.norm(), within(allowed));
        assertThat(ZooRule.product(found.name(), values))
                .as(found.name())
                .isCloseTo(expected.product(), within(allowed));
    }
}
