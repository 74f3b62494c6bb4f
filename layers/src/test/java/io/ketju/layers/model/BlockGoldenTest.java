package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import io.ketju.layers.Goldens.Golden;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Blocks as lines of a model against PyTorch's modules: names of parameters, outputs and gradients. */
class BlockGoldenTest {
    /** Up to some twenty products and norms behind each other, in float32. */
    private static final double TOLERANCE = 2e-5;

    private static final String NAME = "block";

    /** Each row of {@code src/test/resources/cases/blocks}, as its goldens call it. */
    static List<String> cases() throws IOException {
        List<String> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "cases", "blocks"))) {
            for (Path file : files.sorted().toList()) {
                for (String line : Files.readAllLines(file)) {
                    String[] parts = line.split("\\|", -1);
                    cases.add(parts[0].strip() + " on "
                            + parts[1].strip()
                                    .replaceAll("<\\d+|pointers|positive", "")
                                    .strip());
                }
            }
        }
        return cases;
    }

    private static String spec(String row) {
        return row.substring(0, row.indexOf(" on "));
    }

    @Test
    void everyBlockHasARow() throws IOException {
        Collection<String> names = cases().stream()
                .map(row -> Spec.parse(spec(row)).name())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(names).containsExactlyElementsOf(Blocks.REGISTRY.names());
    }

    private static List<Golden> all(String name) {
        List<Golden> found = new ArrayList<>();
        while (Goldens.has(nth(name, found.size()))) {
            found.add(Goldens.get(nth(name, found.size())));
        }
        return found;
    }

    private static String nth(String name, int index) {
        return index == 0 ? name : name + index;
    }

    private static Model model(String row, List<Golden> inputs) {
        List<String> lines = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            names.add("in" + i);
            Shape shape = inputs.get(i).shape();
            lines.add(
                    "input in" + i + " = whole " + inputs.get(i).type().dtype().text() + shape);
        }
        lines.add(NAME + " = " + spec(row) + " <- " + String.join(", ", names));
        if (Goldens.has(row + "/output1")) {
            lines.add("output " + NAME + ", " + NAME + ":1");
        }
        Model model = ModelText.parse(Shape.of(1), lines);
        assertThat(ModelText.parse(Shape.of(1), ModelText.print(model))).isEqualTo(model);
        return model;
    }

    private static Tensor tensor(GraphRun run, Golden golden) {
        Tensor tensor = run.allocate(golden.type());
        for (int i = 0; i < tensor.elements(); i++) {
            if (tensor.dtype() == DType.INT32) {
                tensor.setInt(i, (int) golden.values()[i]);
            } else {
                tensor.setFloat(i, golden.values()[i]);
            }
        }
        return tensor;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPyTorch(String row) {
        List<Golden> inputs = all(row + "/input");
        assertThat(inputs)
                .as("values of this row: python3 layers.py in src/test/golden")
                .isNotEmpty();
        try (GraphRun run = new GraphRun(model(row, inputs))) {
            for (NamedTensor parameter : run.block().values()) {
                Golden value = Goldens.get(row + local(parameter));
                assertThat(parameter.tensor().shape()).as(parameter.name()).isEqualTo(value.shape());
                parameter.tensor().copyFrom(value.values());
            }
            run.forward(inputs.stream().map(golden -> tensor(run, golden)).toList());
            List<Golden> outputs = all(row + "/output");
            for (int i = 0; i < outputs.size(); i++) {
                assertClose(nth("output", i), run.output(i), outputs.get(i));
            }
            run.backward(all(row + "/gradOutput").stream()
                    .map(golden -> tensor(run, golden))
                    .toArray(Tensor[]::new));
            for (int i = 0; i < inputs.size(); i++) {
                String name = nth(row + "/gradInput", i);
                if (Goldens.has(name)) {
                    assertClose(name, run.gradInput(i), Goldens.get(name));
                }
            }
            for (NamedTensor gradient : run.block().gradients()) {
                assertClose(gradient.name(), gradient.tensor(), Goldens.get(row + local(gradient) + ".grad"));
            }
        }
    }

    private static String local(NamedTensor parameter) {
        assertThat(parameter.name()).startsWith(NAME + ".");
        return "/" + parameter.name().substring(NAME.length() + 1);
    }

    private static void assertClose(String name, Tensor actual, Golden expected) {
        Floats.assertClose(name, actual.toFloats(), expected.values(), TOLERANCE);
    }
}
