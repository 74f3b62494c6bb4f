package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.Floats;
import io.ketju.layers.Parameter;
import io.ketju.layers.model.zoo.Models;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks over images of the zoo against torchvision's, by the files that {@code zoo.py} in src/test/golden made. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ZooGoldenTest {
    /** Of the largest logit; up to a hundred layers behind each other, in float32. */
    private static final double TOLERANCE = 1e-4;

    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "zoo");

    private final TensorCore core = TensorCore.open(2);

    @AfterAll
    void close() {
        core.close();
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(GOLDEN.resolve(file));
    }

    /** A case of logits.tsv. */
    record Case(String model, int size, List<Double> logits) {
        static Case of(String line) {
            String[] parts = line.split("\t", -1);
            List<Double> logits =
                    Arrays.stream(parts).skip(2).map(Double::valueOf).toList();
            return new Case(parts[0], Integer.parseInt(parts[1]), logits);
        }

        @Override
        public String toString() {
            return model;
        }
    }

    static Stream<Case> cases() throws IOException {
        return lines("logits.tsv").stream().map(Case::of);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheLogitsOfTorchvision(Case golden) {
        try (GraphRun run = GraphRun.evaluating(Models.named(golden.model()), core.kernels(), 256 << 20)) {
            ZooRule.fill(run.block());
            Tensor images = run.allocate(TensorType.floats(Shape.of(2, 3, golden.size(), golden.size())));
            ZooRule.fillImages(images);
            double[] expected =
                    golden.logits().stream().mapToDouble(Double::doubleValue).toArray();
            Floats.assertClose("logits", run.forward(List.of(images)).toFloats(), expected, TOLERANCE);
        }
    }

    /** Names and shapes of torchvision's state_dict, in its order; batch normalization's counts of batches are not kept. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alexnet",
                "vgg11",
                "vgg13",
                "vgg16",
                "vgg19",
                "vgg11_bn",
                "vgg13_bn",
                "vgg16_bn",
                "vgg19_bn",
                "resnet18(stem=imagenet)",
                "resnet34(stem=imagenet)",
                "resnet50(stem=imagenet)",
                "resnext50_32x4d(stem=imagenet)",
                "mobilenet_v2",
                "mobilenet_v3_large",
                "mobilenet_v3_small",
                "efficientnet_b0"
            })
    void hasTheParametersOfTorchvision(String name) throws IOException {
        List<String> found = new ArrayList<>();
        for (Node node : Models.named(name).nodes()) {
            List<Parameter> parameters = node.layer().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                found.add(
                        node.parameters().get(i) + "\t" + text(parameters.get(i).shape()));
            }
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(lines(name.replaceAll("\\(.*", "") + ".parameters"));
    }

    private static String text(Shape shape) {
        return Arrays.stream(shape.toArray()).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }
}
