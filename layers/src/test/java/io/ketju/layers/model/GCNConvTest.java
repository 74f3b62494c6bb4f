package io.ketju.layers.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.Floats;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.random.CounterRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The block against its definition in double, with the whole matrix written out. */
class GCNConvTest {
    private static final double TOLERANCE = 1e-6;
    private static final int NODES = 4;
    private static final int IN = 3;
    private static final int OUT = 5;

    /** A path of three nodes that looks one way at its end, and one node by itself; with self-loops. */
    private static final double[][] MATRIX = {
        {0.5, 0.408, 0, 0},
        {0.408, 0.333, 0.577, 0},
        {0, 0, 1, 0},
        {0, 0, 0, 1},
    };

    private static final int[] ROW_POINTERS = {0, 2, 5, 6, 7};
    private static final int[] COLUMN_INDEXES = {0, 1, 0, 1, 2, 2, 3};

    private static Model model(GCNConv block) {
        ModelBuilder model = new ModelBuilder();
        Value x = model.input(Input.constant("x", TensorType.floats(NODES, IN)));
        Value rowPointers = model.input(Input.constant("row_pointers", TensorType.ints(NODES + 1)));
        Value columnIndexes = model.input(Input.constant("column_indexes", TensorType.ints(COLUMN_INDEXES.length)));
        Value values = model.input(Input.constant("edge_values", TensorType.floats(COLUMN_INDEXES.length)));
        return model.output(block.in(model.inside("conv1"), x, rowPointers, columnIndexes, values))
                .build();
    }

    private static List<Tensor> inputs(GraphRun run, double[][] x) {
        Tensor rowPointers = run.allocate(TensorType.ints(ROW_POINTERS.length));
        for (int i = 0; i < ROW_POINTERS.length; i++) {
            rowPointers.setInt(i, ROW_POINTERS[i]);
        }
        Tensor columnIndexes = run.allocate(TensorType.ints(COLUMN_INDEXES.length));
        Tensor values = run.allocate(TensorType.floats(COLUMN_INDEXES.length));
        for (int row = 0; row < NODES; row++) {
            for (int i = ROW_POINTERS[row]; i < ROW_POINTERS[row + 1]; i++) {
                columnIndexes.setInt(i, COLUMN_INDEXES[i]);
                values.setFloat(i, (float) MATRIX[row][COLUMN_INDEXES[i]]);
            }
        }
        return List.of(floats(run, x), rowPointers, columnIndexes, values);
    }

    private static Tensor floats(GraphRun run, double[][] values) {
        Tensor tensor = run.allocate(TensorType.floats(values.length, values[0].length));
        tensor.copyFrom(flat(values));
        return tensor;
    }

    private static float[] flat(double[][] values) {
        int columns = values[0].length;
        float[] flat = new float[values.length * columns];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = (float) values[i / columns][i % columns];
        }
        return flat;
    }

    private static double[][] drawn(String name, int rows, int columns) {
        CounterRandom random = CounterRandom.of(7, name);
        double[][] drawn = new double[rows][columns];
        for (int i = 0; i < rows * columns; i++) {
            drawn[i / columns][i % columns] = random.normal(i);
        }
        return drawn;
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] product = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    private static double[][] transposed(double[][] a) {
        double[][] transposed = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                transposed[j][i] = a[i][j];
            }
        }
        return transposed;
    }

    @Test
    void propagatesThenAddsTheBias() {
        double[][] x = drawn("x", NODES, IN);
        double[][] weight = drawn("weight", OUT, IN);
        double[][] bias = drawn("bias", 1, OUT);
        double[][] gradient = drawn("gradient", NODES, OUT);
        double[][] ones = {{1, 1, 1, 1}};
        try (GraphRun run = new GraphRun(model(new GCNConv(IN, OUT)))) {
            run.block().value("conv1.lin.weight").copyFrom(flat(weight));
            run.block().value("conv1.bias").copyFrom(flat(bias));

            double[][] output = product(MATRIX, product(x, transposed(weight)));
            for (double[] row : output) {
                for (int i = 0; i < OUT; i++) {
                    row[i] += bias[0][i];
                }
            }
            assertClose("output", run.forward(inputs(run, x)), output);

            run.backward(floats(run, gradient));
            double[][] propagated = product(transposed(MATRIX), gradient);
            assertClose("x", run.gradInput(0), product(propagated, weight));
            assertClose("weight", run.block().gradient("conv1.lin.weight"), product(transposed(propagated), x));
            assertClose("bias", run.block().gradient("conv1.bias"), product(ones, gradient));
        }
    }

    private static void assertClose(String name, Tensor actual, double[][] expected) {
        Floats.assertClose(name, actual.toFloats(), flat(expected), TOLERANCE);
    }

    /** As in PyTorch Geometric, with its initial values. */
    @Test
    void parametersHaveTheNamesOfPyTorchGeometric() {
        Model model = model(new GCNConv(IN, OUT));
        assertThat(model.nodes()).extracting(Node::name).containsExactly("conv1.lin", "conv1.propagate", "conv1");
        assertThat(model.nodes().getFirst().layer().parameters().getFirst().initializer())
                .isEqualTo(Initializers.xavierUniform(1));
        try (GraphRun run = new GraphRun(model)) {
            assertThat(run.block().values())
                    .extracting(NamedTensor::name)
                    .containsExactly("conv1.lin.weight", "conv1.bias");
            run.block().initialize(1);
            assertThat(run.block().value("conv1.bias").toFloats()).containsOnly(0);
        }
        try (GraphRun run = new GraphRun(model(new GCNConv(IN, OUT).withoutBias()))) {
            assertThat(run.block().values()).extracting(NamedTensor::name).containsExactly("conv1.lin.weight");
        }
    }
}
