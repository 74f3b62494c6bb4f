package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.Floats;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.layers.model.zoo.Models;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks over graphs of the zoo against PyTorch Geometric's, by graphs.tsv, which {@code zoo.py} in src/test/golden made. */
class ZooGraphTest {
    /** Of the largest value: a few products and sums behind each other, in float32. */
    private static final double TOLERANCE = 1e-5;

    private static final int NODES = 11;
    private static final int FEATURES = 6;
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "zoo", "graphs.tsv");

    /** A network, with what its lines say by name: the logits, and of each parameter's gradient the norm and the sum of products. */
    record Case(String model, Map<String, double[]> values) {
        boolean normalized() {
            return model.startsWith("gcn") && !model.contains("normalize=true");
        }

        @Override
        public String toString() {
            return model;
        }
    }

    static Stream<Case> cases() throws IOException {
        Map<String, Case> cases = new LinkedHashMap<>();
        for (String line : Files.readAllLines(GOLDEN)) {
            String[] parts = line.split("\t", -1);
            cases.computeIfAbsent(parts[0], model -> new Case(model, new LinkedHashMap<>()))
                    .values()
                    .put(
                            parts[1],
                            Arrays.stream(parts)
                                    .skip(2)
                                    .mapToDouble(Double::parseDouble)
                                    .toArray());
        }
        return cases.values().stream();
    }

    /** The neighbours of each node, in order: the next node and that of number i² + 3, both ways; with loops where wanted. */
    private static List<NavigableSet<Integer>> neighbours(boolean loops) {
        List<NavigableSet<Integer>> neighbours = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            neighbours.add(new TreeSet<>());
        }
        for (int i = 0; i < NODES; i++) {
            for (int j : new int[] {(i + 1) % NODES, (i * i + 3) % NODES}) {
                if (i != j) {
                    neighbours.get(i).add(j);
                    neighbours.get(j).add(i);
                }
            }
            if (loops) {
                neighbours.get(i).add(i);
            }
        }
        return neighbours;
    }

    /** Row pointers, column indexes and values of the edges: those of D^(-1/2) (A + I) D^(-1/2), or 1. */
    private static List<Tensor> matrix(GraphRun run, boolean normalized) {
        List<NavigableSet<Integer>> neighbours = neighbours(normalized);
        int edges = neighbours.stream().mapToInt(NavigableSet::size).sum();
        Tensor pointers = run.allocate(TensorType.ints(NODES + 1));
        Tensor columns = run.allocate(TensorType.ints(edges));
        Tensor values = run.allocate(TensorType.floats(edges));
        int edge = 0;
        for (int row = 0; row < NODES; row++) {
            for (int column : neighbours.get(row)) {
                double degrees = (double) neighbours.get(row).size()
                        * neighbours.get(column).size();
                columns.setInt(edge, column);
                values.setFloat(edge++, normalized ? (float) (1 / Math.sqrt(degrees)) : 1);
            }
            pointers.setInt(row + 1, edge);
        }
        pointers.setInt(0, 0);
        return List.of(pointers, columns, values);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void computesWhatPyTorchGeometricDoes(Case golden) {
        Model model = Models.named(golden.model());
        try (GraphRun run = new GraphRun(model)) {
            ZooRule.fill(run.block());
            Tensor features = run.allocate(TensorType.floats(Shape.of(NODES, FEATURES)));
            ZooRule.fillImages(features);
            List<Tensor> inputs = new ArrayList<>(List.of(features));
            inputs.addAll(
                    matrix(run, golden.normalized()).subList(0, model.inputs().size() - 1));
            Tensor output = run.forward(inputs);
            double[] logits = Objects.requireNonNull(golden.values().remove("logits"));
            Floats.assertClose("logits", output.toFloats(), logits, TOLERANCE);
            Tensor gradient = run.allocate(TensorType.of(output));
            ZooRule.fillGradient(gradient);
            run.backward(gradient);
            assertThat(run.block().gradients())
                    .extracting(NamedTensor::name)
                    .containsExactlyInAnyOrderElementsOf(golden.values().keySet());
            for (NamedTensor found : run.block().gradients()) {
                requireEqual(found, Objects.requireNonNull(golden.values().get(found.name())));
            }
        }
    }

    private static void requireEqual(NamedTensor found, double... expected) {
        float[] values = found.tensor().toFloats();
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        double allowed = TOLERANCE * expected[0];
        assertThat(Math.sqrt(squares)).as(found.name()).isCloseTo(expected[0], within(allowed));
        assertThat(ZooRule.product(found.name(), values)).as(found.name()).isCloseTo(expected[1], within(allowed));
    }
}
