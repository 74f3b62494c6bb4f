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
import java.util.Optional;

/**
 * The propagation of graph convolutions, {@code y = D^(-1/2) · (A + I) · D^(-1/2) · x} with the sums D of the rows of A + I (Kipf
 * and Welling 2017, equation 2), of a matrix as it is: what PyTorch Geometric's {@code gcn_norm} makes of it. Inputs as those of
 * {@link SparseMatMul}, A being square. Output of x's shape. A node that has loops keeps them in place of a new one; a sum that
 * is not positive counts as infinite. Values that are computed have a gradient, through D too. No parameters. All nodes are one
 * sample.
 *
 * @param selfLoops whether nodes without a loop get one of weight 1, else A stays as it is
 */
public record NormalizedPropagation(boolean selfLoops) implements Layer {
    public static final Entry<Layer> ENTRY = Description.of(
                    "NormalizedPropagation", "The product with a symmetrically normalized adjacency matrix")
            .optional("add_self_loops", true, "whether nodes without a loop get one of weight 1")
            .formula("y = D^(-1/2) · (A + I) · D^(-1/2) · x, D the sums of the rows of A + I")
            .shapes("x [nodes, features]; A in compressed rows as SparseMatMul has it; to the shape of x")
            .source("torch_geometric.nn.conv.gcn_conv.gcn_norm; Kipf and Welling 2017")
            .readBy(arguments -> new NormalizedPropagation(arguments.flag("add_self_loops")));

    /** Kept: the matrix with loops, its weights as they are and normalized, and D^(-1/2). */
    private static final int POINTERS = 0;

    private static final int COLUMNS = 1;
    private static final int RAW = 2;
    private static final int NORMALIZED = 3;
    private static final int FACTORS = 4;

    private static final int TRANSPOSED = 0;
    private static final int EDGES = 4;
    private static final int NODES = 5;

    @Override
    public Spec spec() {
        Spec spec = Spec.of("NormalizedPropagation");
        return selfLoops ? spec : spec.with("add_self_loops", false);
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Adjacency.require(inputs, 4);
        return List.of(inputs.get(Adjacency.X));
    }

    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        return Adjacency.range(input, inputs);
    }

    @Override
    public Footprint footprint(List<TensorType> inputs) {
        int nodes = inputs.get(Adjacency.X).shape().dimension(0);
        int edges = inputs.get(Adjacency.COLUMN_INDEXES).shape().elements();
        TensorType ofEdges = TensorType.floats(edges + nodes);
        return Footprint.NOTHING
                .inputGradientReading(
                        Port.input(Adjacency.X),
                        Port.input(Adjacency.ROW_POINTERS),
                        Port.input(Adjacency.COLUMN_INDEXES))
                .keeping(LoopedGraph.types(nodes, edges))
                .keeping(ofEdges, ofEdges, TensorType.floats(nodes))
                .workingIn(
                        TensorType.ints(nodes + 1),
                        TensorType.ints(edges + nodes),
                        ofEdges,
                        TensorType.ints(nodes),
                        ofEdges,
                        TensorType.floats(nodes));
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        long nodes = inputs.get(Adjacency.X).shape().dimension(0);
        long edges = inputs.get(Adjacency.COLUMN_INDEXES).shape().elements() + nodes;
        return 2L * edges * (inputs.get(Adjacency.X).shape().dimension(1) + 2);
    }

    @Override
    public void forward(Pass pass) {
        Tensor x = pass.input(Adjacency.X);
        int nodes = x.shape().dimension(0);
        Tensor values = pass.input(Adjacency.VALUES);
        CsrMatrix a = new CsrMatrix(
                nodes, nodes, pass.input(Adjacency.ROW_POINTERS), pass.input(Adjacency.COLUMN_INDEXES), values);
        LoopedGraph graph = LoopedGraph.of(a, selfLoops, graph(pass));
        copyWeights(a, pass.kept(RAW));
        Tensor raw = pass.kept(RAW);
        Tensor factors = pass.kept(FACTORS);
        for (int node = 0; node < nodes; node++) {
            double degree = 0;
            for (int e = graph.first(node); e < graph.first(node + 1); e++) {
                degree += raw.getFloat(e);
            }
            factors.setFloat(node, degree > 0 ? (float) (1 / Math.sqrt(degree)) : 0);
        }
        Tensor normalized = pass.kept(NORMALIZED);
        for (int node = 0; node < nodes; node++) {
            for (int e = graph.first(node); e < graph.first(node + 1); e++) {
                float scaled = factors.getFloat(node) * raw.getFloat(e);
                normalized.setFloat(e, scaled * factors.getFloat(graph.from(e)));
            }
        }
        pass.kernels().sparse().multiply(matrix(pass), x, pass.output(0));
    }

    /** In the order of the graph with loops, each of which is the sum of those that were there, or 1. */
    private void copyWeights(CsrMatrix a, Tensor raw) {
        int to = 0;
        for (int node = 0; node < a.rows(); node++) {
            float loop = 0;
            boolean loops = false;
            for (int e = a.rowPointers().getInt(node); e < a.rowPointers().getInt(node + 1); e++) {
                float value = a.values().getFloat(e);
                if (selfLoops && a.columnIndexes().getInt(e) == node) {
                    loop += value;
                    loops = true;
                } else {
                    raw.setFloat(to++, value);
                }
            }
            if (selfLoops) {
                raw.setFloat(to++, loops ? loop : 1);
            }
        }
    }

    private static LoopedGraph graph(Pass pass) {
        return new LoopedGraph(pass.kept(POINTERS), pass.kept(COLUMNS));
    }

    private static CsrMatrix matrix(Pass pass) {
        LoopedGraph graph = graph(pass);
        return graph.with(pass.kept(NORMALIZED).samples(0, graph.edges()));
    }

    @Override
    public void backwardInput(Pass pass) {
        CsrMatrix a = matrix(pass);
        int edges = a.elements();
        if (pass.wantsGradient(Adjacency.X)) {
            CsrMatrix transposed = CsrTransposition.of(
                    a,
                    pass.workspace(TRANSPOSED),
                    pass.workspace(TRANSPOSED + 1).samples(0, edges),
                    pass.workspace(TRANSPOSED + 2).samples(0, edges),
                    pass.workspace(TRANSPOSED + 3));
            pass.kernels().sparse().multiply(transposed, pass.gradOutput(0), pass.gradInput(Adjacency.X));
        }
        if (pass.wantsGradient(Adjacency.VALUES)) {
            Tensor gradient = pass.workspace(EDGES).samples(0, edges);
            pass.kernels().sparse().backwardValues(a, pass.gradOutput(0), pass.input(Adjacency.X), gradient);
            backwardValues(pass, gradient);
        }
    }

    /** With s = d^(-1/2), a normalized value is s[i] · w · s[j], and the derivative of s by a weight of its row is -s³ / 2. */
    private void backwardValues(Pass pass, Tensor gradient) {
        LoopedGraph graph = graph(pass);
        Tensor factors = pass.kept(FACTORS);
        Tensor raw = pass.kept(RAW);
        Tensor ofDegrees = pass.workspace(NODES);
        ofDegrees.clear();
        for (int node = 0; node < graph.nodes(); node++) {
            for (int e = graph.first(node); e < graph.first(node + 1); e++) {
                int from = graph.from(e);
                float weighted = gradient.getFloat(e) * raw.getFloat(e);
                add(ofDegrees, node, weighted * factors.getFloat(from));
                add(ofDegrees, from, weighted * factors.getFloat(node));
            }
        }
        for (int node = 0; node < graph.nodes(); node++) {
            float s = factors.getFloat(node);
            ofDegrees.setFloat(node, ofDegrees.getFloat(node) * -0.5f * s * s * s);
        }
        Tensor to = pass.gradInput(Adjacency.VALUES);
        Tensor pointers = pass.input(Adjacency.ROW_POINTERS);
        Tensor columns = pass.input(Adjacency.COLUMN_INDEXES);
        for (int node = 0; node < graph.nodes(); node++) {
            int place = graph.first(node);
            int loop = graph.first(node + 1) - 1;
            for (int e = pointers.getInt(node); e < pointers.getInt(node + 1); e++) {
                boolean isLoop = selfLoops && columns.getInt(e) == node;
                float ofValue = gradient.getFloat(isLoop ? loop : place++);
                float scale = factors.getFloat(node) * factors.getFloat(columns.getInt(e));
                to.setFloat(e, ofValue * scale + ofDegrees.getFloat(node));
            }
        }
    }

    private static void add(Tensor sums, int at, float x) {
        sums.setFloat(at, sums.getFloat(at) + x);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
