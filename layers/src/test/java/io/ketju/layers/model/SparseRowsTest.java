package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.ketju.layers.Floats;
import io.ketju.layers.Goldens;
import io.ketju.layers.PassBinding;
import io.ketju.layers.PassBinding.Phase;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.ParameterBlock.StateTensor;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.layers.optimizer.ParameterGroups;
import io.ketju.layers.optimizer.SGD;
import io.ketju.layers.optimizer.SparseAdam;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of which a step reads and writes the rows that occur: in the values of PyTorch, and in no other rows. */
class SparseRowsTest {
    private static final int STEPS = 10;
    private static final String TABLE = "table ";
    /** Ten steps of a few roundings of single precision each, relative to the largest value. */
    private static final double TOLERANCE = 2e-6;

    private final TensorArena arena = new TensorArena(1 << 24);

    @AfterEach
    void close() {
        arena.close();
    }

    static List<String> cases() {
        return Goldens.casesWith("tokens").stream()
                .filter(name -> name.startsWith(TABLE))
                .map(name -> name.substring(TABLE.length()))
                .toList();
    }

    private static Model table(Embedding embedding, int tokens) {
        ModelBuilder builder = new ModelBuilder();
        Value words = builder.input(Input.samples("tokens", DType.INT32, Shape.of(tokens)));
        return builder.output(builder.add("table", embedding, words)).build();
    }

    private Tensor floats(Shape shape, float[] values) {
        Tensor tensor = arena.allocate(shape);
        tensor.copyFrom(values);
        return tensor;
    }

    private Tensor ints(int[] values) {
        Tensor tensor = arena.allocate(DType.INT32, Shape.of(1, values.length));
        for (int i = 0; i < values.length; i++) {
            tensor.setInt(i, values[i]);
        }
        return tensor;
    }

    /** Adds the gradient of some tokens, as the layer does. */
    private static void backward(Kernels kernels, Node node, ParameterBlock block, Tensor tokens, Tensor gradient) {
        PassBinding binding = new PassBinding(
                node.name(),
                kernels,
                block.weights(node),
                node.layer().footprint(List.of(TensorType.of(tokens))),
                1,
                1,
                1);
        binding.input(0, tokens);
        binding.gradOutput(0, gradient);
        node.layer().backwardWeight(binding.backward(Phase.WEIGHT_GRADIENT));
    }

    private static float[] part(float[] all, int step) {
        int size = all.length / STEPS;
        return Arrays.copyOfRange(all, step * size, (step + 1) * size);
    }

    private static int[] part(int[] all, int step) {
        int size = all.length / STEPS;
        return Arrays.copyOfRange(all, step * size, (step + 1) * size);
    }

    /** Ten steps on the golden tokens, each of some micro-batches; the value after every step, then the states. */
    private List<float[]> run(String optimizer, Kernels kernels, int microbatches) {
        String golden = TABLE + optimizer;
        Goldens.Golden start = Goldens.get(golden + "/start");
        Shape shape = start.shape();
        Model model = table(
                new Embedding(shape.dimension(0), shape.dimension(1))
                        .withPaddingIdx(4)
                        .withSparse(),
                6);
        List<float[]> results = new ArrayList<>();
        try (ParameterBlock block = ParameterBlock.forTraining(model.nodes(), Optimizers.parse(optimizer))) {
            block.value("table.weight").copyFrom(start.values());
            for (int step = 0; step < STEPS; step++) {
                int[] tokens = part(Goldens.get(golden + "/tokens").ints(), step);
                float[] gradients = part(Goldens.get(golden + "/ofRows").values(), step);
                int size = tokens.length / microbatches;
                for (int m = 0; m < microbatches; m++) {
                    int columns = shape.dimension(1);
                    Tensor gradient = floats(
                            Shape.of(size, columns),
                            Arrays.copyOfRange(gradients, m * size * columns, (m + 1) * size * columns));
                    Tensor some = ints(Arrays.copyOfRange(tokens, m * size, (m + 1) * size));
                    backward(kernels, model.nodes().getFirst(), block, some, gradient);
                }
                block.update(kernels, name -> true, Optimizer::learningRate, step + 1);
                block.clearGradients();
                assertThat(block.gradient("table.weight").toFloats()).containsOnly(0);
                results.add(block.value("table.weight").toFloats());
            }
            for (StateTensor state : block.states()) {
                results.add(state.tensor().toFloats());
            }
        }
        return results;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPyTorch(String optimizer) {
        List<float[]> actual = run(optimizer, Kernels.scalar(), 1);
        float[] values = Goldens.get(TABLE + optimizer + "/values").values();
        for (int step = 0; step < STEPS; step++) {
            Floats.assertClose("after step " + (step + 1), actual.get(step), part(values, step), TOLERANCE);
        }
        List<String> states = Optimizers.parse(optimizer).stateNames();
        for (int i = 0; i < states.size(); i++) {
            float[] expected =
                    Goldens.get(TABLE + optimizer + "/" + states.get(i)).values();
            Floats.assertClose(states.get(i), actual.get(STEPS + i), expected, TOLERANCE);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void microbatchesAndVectorsChangeNoBit(String optimizer) {
        List<float[]> expected = run(optimizer, Kernels.scalar(), 1);
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(2, KernelChoice.VECTOR))) {
            for (int microbatches : new int[] {1, 2, 3, 6}) {
                List<float[]> actual = run(optimizer, core.kernels(), microbatches);
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(actual.get(i)).as("%s, %d", optimizer, i).isEqualTo(expected.get(i));
                }
            }
        }
    }

    /** NaN in all that a step may not touch, in more rows than are taken together. */
    @Test
    void otherRowsAreNeitherReadNorWritten() {
        int rows = 4000;
        int columns = 33;
        Model model = table(new Embedding(rows, columns).withSparse(), 1500);
        Random random = new Random(3);
        int[] tokens = random.ints(1500, 0, rows).map(row -> row | 1).toArray();
        float[] gradient = new float[1500 * columns];
        Arrays.fill(gradient, 1);
        try (ParameterBlock block = ParameterBlock.forTraining(model.nodes(), new SparseAdam(0.1))) {
            for (int row = 0; row < rows; row += 2) {
                for (Tensor table : List.of(
                        block.value("table.weight"), block.states().getFirst().tensor())) {
                    fill(table.samples(row, 1), Float.NaN);
                }
            }
            Kernels kernels = Kernels.scalar();
            Tensor dy = floats(Shape.of(1500, columns), gradient);
            backward(kernels, model.nodes().getFirst(), block, ints(tokens), dy);
            block.update(kernels, name -> true, Optimizer::learningRate, 1);
            Map<Integer, Integer> seen = new TreeMap<>();
            block.rows().read(kernels, block.updated("table.weight"), part -> {
                for (float value : part.toFloats()) {
                    assertThat(value).isCloseTo(-0.1f, within(1e-6f));
                }
                seen.put(seen.size(), part.shape().dimension(0));
            });
            int distinct = (int) Arrays.stream(tokens).distinct().count();
            assertThat(seen.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(distinct);
            assertThat(seen).hasSizeGreaterThan(1);
            for (int row = 0; row < rows; row += 2) {
                assertThat(block.value("table.weight").getFloat(row * columns)).isNaN();
            }
        }
    }

    private static void fill(Tensor tensor, float value) {
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, value);
        }
    }

    /** Where most rows have a gradient, a pass over all of them has the bits of one over those. */
    @ParameterizedTest
    @ValueSource(strings = {"Adagrad(0.1)", "SGD(0.1)"})
    void mostRowsHaveTheBitsOfSome(String optimizer) {
        int columns = 33;
        // Of 40 rows more than half are touched; in a table twice as long the same are too few.
        int[] tokens = new Random(5).ints(30, 0, 40).toArray();
        List<float[]> ends = new ArrayList<>();
        for (int rows : List.of(40, 80)) {
            Model model = table(new Embedding(rows, columns).withSparse(), 30);
            try (ParameterBlock block = ParameterBlock.forTraining(model.nodes(), Optimizers.parse(optimizer))) {
                Tensor value = block.value("table.weight").samples(0, 40);
                fill(value, -0f);
                for (int step = 1; step <= 3; step++) {
                    float[] gradient = new float[30 * columns];
                    Arrays.fill(gradient, 0.1f * step);
                    Tensor dy = floats(Shape.of(30, columns), gradient);
                    backward(Kernels.scalar(), model.nodes().getFirst(), block, ints(tokens), dy);
                    TableRows sum = block.sum("table.weight");
                    assertThat(Objects.requireNonNull(sum.rows()).isMost()).isEqualTo(rows == 40);
                    block.update(Kernels.scalar(), name -> true, Optimizer::learningRate, step);
                    block.clearGradients();
                }
                ends.add(value.toFloats());
            }
        }
        assertThat(Arrays.equals(ends.get(0), ends.get(1))).isTrue();
    }

    /** Two uses of one table have the rows of both, in the numbers of one use of all tokens. */
    @Test
    void usesAreUnited() {
        ModelBuilder builder = new ModelBuilder();
        Value words = builder.input(Input.samples("tokens", DType.INT32, Shape.of(3)));
        builder.add("left", new Embedding(9, 2).withSparse(), words);
        builder.tie("right.weight", "left.weight");
        Model model = builder.output(builder.add("right", new Embedding(9, 2).withSparse(), words))
                .build();
        Kernels kernels = Kernels.scalar();
        try (ParameterBlock block = ParameterBlock.forTraining(model.nodes(), new SparseAdam(0.1))) {
            Tensor dy = floats(Shape.of(3, 2), new float[] {1, 2, 3, 4, 5, 6});
            backward(kernels, model.nodes().get(0), block, ints(new int[] {8, 1, 1}), dy);
            backward(kernels, model.nodes().get(1), block, ints(new int[] {1, 5, 5}), dy);
            block.foldTies(kernels);
            assertThat(Objects.requireNonNull(block.sum("left.weight").rows()).count())
                    .isEqualTo(3);
            float[] expected = new float[18];
            System.arraycopy(new float[] {8 + 1, 10 + 2}, 0, expected, 2, 2);
            System.arraycopy(new float[] {8, 10}, 0, expected, 10, 2);
            System.arraycopy(new float[] {1, 2}, 0, expected, 16, 2);
            assertThat(block.gradient("left.weight").toFloats()).containsExactly(expected);
            block.clearGradients();
            block.weights(model.nodes().get(1))
                    .gradients()
                    .forEach(use ->
                            assertThat(Objects.requireNonNull(use).toFloats()).containsOnly(0));
        }
    }

    /** As in PyTorch, where the sum of a sparse and a dense gradient is dense. */
    @Test
    void oneDenseUseMakesTheGradientWhole() {
        ModelBuilder builder = new ModelBuilder();
        Value words = builder.input(Input.samples("tokens", DType.INT32, Shape.of(3)));
        Value y = builder.add("wte", new Embedding(4, 2).withSparse(), words);
        builder.tie("head.weight", "wte.weight");
        Model model = builder.output(builder.add("head", new Linear(2, 4).withoutBias(), y))
                .build();
        assertThat(model.sparse()).isEmpty();
        Kernels kernels = Kernels.scalar();
        try (ParameterBlock block = ParameterBlock.forTraining(model.nodes(), new SGD(1))) {
            fill(block.gradient(model.nodes().get(1), 0).tensor(), 1);
            Tensor dy = floats(Shape.of(3, 2), new float[] {1, 1, 1, 1, 1, 1});
            backward(kernels, model.nodes().get(0), block, ints(new int[] {2, 2, 0}), dy);
            block.foldTies(kernels);
            block.update(kernels, name -> true, Optimizer::learningRate, 1);
            assertThat(block.value("wte.weight").toFloats()).containsExactly(-2, -2, -1, -1, -3, -3, -1, -1);
            block.clearGradients();
            assertThat(block.gradient("wte.weight").toFloats()).containsOnly(0);
        }
    }

    @Test
    void optimizersRefuseWhatPyTorchRefuses() {
        List<String> names = List.of("wte.weight", "head.weight");
        assertThatThrownBy(() ->
                        ParameterGroups.all(Optimizers.parse("Adam")).requireGradients(names, Set.of("wte.weight")))
                .hasMessage(
                        "parameter 'wte.weight': Adam(lr=0.001) does not take sparse gradients; expected SparseAdam, or"
                                + " SGD or Adagrad without weight_decay: give it a group of its own, or its layer sparse=false");
        assertThatThrownBy(() -> ParameterGroups.all(new SGD(0.1).withWeightDecay(0.1))
                        .requireGradients(names, Set.of("wte.weight")))
                .hasMessageStartingWith("parameter 'wte.weight': SGD(lr=0.1, weight_decay=0.1) does not take sparse");
        assertThatThrownBy(() -> ParameterGroups.all(new SparseAdam(0.1)).requireGradients(names, Set.of("wte.weight")))
                .hasMessage(
                        "parameter 'head.weight': SparseAdam(lr=0.1) takes sparse gradients alone; expected a weight of"
                                + " layers with sparse=true that no penalty has: give it another optimizer in a group");
        ParameterGroups.all(new SGD(0.1).withMomentum(0.9)).requireGradients(names, Set.of("wte.weight"));
    }
}
