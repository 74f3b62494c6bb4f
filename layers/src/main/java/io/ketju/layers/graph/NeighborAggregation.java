package io.ketju.layers.graph;

import io.ketju.layers.Footprint;
import io.ketju.layers.IntRange;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.sparse.CsrMatrix;
import io.ketju.tensor.kernel.sparse.CsrTransposition;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the messages of each node's neighbours become: their sum, mean or, feature by feature, maximum, as PyTorch Geometric's
 * <a href="https://pytorch-geometric.readthedocs.io/en/latest/generated/torch_geometric.nn.conv.MessagePassing.html">
 * MessagePassing</a> aggregates them. Inputs: x [nodes, features], row pointers int32 [nodes + 1] and column indexes int32 [edges],
 * whose row i lists the neighbours of node i. Output of x's shape, zeros for a node without any. No parameters. All nodes are one
 * sample.
 *
 * <p>The gradient of a maximum goes to the first of equal neighbours in the order of the edges, where PyTorch Geometric shares it
 * out among them.
 *
 * @param aggr what they become
 */
public record NeighborAggregation(Aggr aggr) implements Layer {
    /** What messages become. */
    public enum Aggr {
        /** Of the features of all neighbours. */
        SUM,
        /** The sum divided by the number of neighbours. */
        MEAN,
        /** Feature by feature. */
        MAX
    }

    public static final Entry<Layer> ENTRY = Description.of(
                    "NeighborAggregation", "Sum, mean or maximum of the features of each node's neighbours")
            .optional("aggr", "mean", "sum, mean or max")
            .formula("y[i] = sum, mean or max of x[j] over the neighbours j of node i")
            .shapes(
                    "x [nodes, features], row pointers int32 [nodes + 1], column indexes int32 [edges]; to the shape of x")
            .source("torch_geometric.nn.MessagePassing; Gilmer et al. 2017")
            .readBy(arguments -> new NeighborAggregation(of(arguments.word("aggr", "sum", "mean", "max"))));

    private static final int KEPT = 0;

    /**
     * {@return what a word says}
     *
     * @param word {@code sum}, {@code mean} or {@code max}, in any case
     * @throws IllegalArgumentException for another
     */
    public static Aggr of(String word) {
        return Aggr.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private boolean isMax() {
        return aggr == Aggr.MAX;
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("NeighborAggregation");
        return aggr == Aggr.MEAN ? spec : spec.with("aggr", aggr.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Adjacency.require(inputs, 3);
        return List.of(inputs.get(Adjacency.X));
    }

    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        return Adjacency.range(input, inputs);
    }

    /** Of a maximum it keeps the winners; sums and means are products with values that it keeps. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        TensorType x = inputs.get(Adjacency.X);
        TensorType columns = inputs.get(Adjacency.COLUMN_INDEXES);
        TensorType ofEdges = TensorType.floats(columns.shape().elements());
        if (isMax()) {
            return Footprint.NOTHING
                    .keeping(TensorType.ints(x.shape().toArray()))
                    .workingIn(ofEdges);
        }
        return Footprint.NOTHING
                .inputGradientReading(Port.input(Adjacency.ROW_POINTERS), Port.input(Adjacency.COLUMN_INDEXES))
                .keeping(ofEdges)
                .workingIn(
                        inputs.get(Adjacency.ROW_POINTERS),
                        columns,
                        ofEdges,
                        TensorType.ints(x.shape().dimension(0)));
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return 2L
                * inputs.get(Adjacency.COLUMN_INDEXES).shape().elements()
                * inputs.get(Adjacency.X).shape().dimension(1);
    }

    @Override
    public void forward(Pass pass) {
        Tensor x = pass.input(Adjacency.X);
        if (isMax()) {
            CsrMatrix a = matrix(pass, pass.workspace(KEPT));
            pass.kernels().sparse().maxima(a, x, pass.output(0), pass.kept(KEPT));
            return;
        }
        CsrMatrix a = matrix(pass, pass.kept(KEPT));
        for (int row = 0; row < a.rows(); row++) {
            int first = a.rowPointers().getInt(row);
            int end = a.rowPointers().getInt(row + 1);
            float value = aggr == Aggr.SUM ? 1 : 1 / (float) (end - first);
            for (int e = first; e < end; e++) {
                a.values().setFloat(e, value);
            }
        }
        pass.kernels().sparse().multiply(a, x, pass.output(0));
    }

    @Override
    public void backwardInput(Pass pass) {
        Tensor gradOutput = pass.gradOutput(0);
        if (isMax()) {
            pass.kernels().sparse().maximaBackward(gradOutput, pass.kept(KEPT), pass.gradInput(Adjacency.X));
            return;
        }
        CsrMatrix transposed = CsrTransposition.of(
                matrix(pass, pass.kept(KEPT)),
                pass.workspace(0),
                pass.workspace(1),
                pass.workspace(2),
                pass.workspace(3));
        pass.kernels().sparse().multiply(transposed, gradOutput, pass.gradInput(Adjacency.X));
    }

    private static CsrMatrix matrix(Pass pass, Tensor values) {
        Tensor pointers = pass.input(Adjacency.ROW_POINTERS);
        int nodes = pointers.elements() - 1;
        return new CsrMatrix(nodes, nodes, pointers, pass.input(Adjacency.COLUMN_INDEXES), values);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
