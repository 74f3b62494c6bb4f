package io.ketju.layers.graph;

import io.ketju.layers.Footprint;
import io.ketju.layers.Pass;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.dropout.DropoutMask;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.sparse.CsrMatrix;
import io.ketju.tensor.kernel.sparse.CsrTransposition;
import java.util.List;

/**
 * The passes of {@link GraphAttention}. Features lie head by head, [heads, nodes, channels]; numbers of edges, [heads, edges],
 * node by node. Sums over the edges of a node, or over those that lead from it, go in the order of the edges.
 */
final class GraphAttentionRun {
    private static final int[] SWAPPED = {1, 0, 2};
    private static final int X = 0;
    private static final int ATT_SRC = 0;
    private static final int ATT_DST = 1;
    private static final int BIAS = 2;

    /** Kept: features by head, the graph, the terms of both ends of an edge, and the weights, with and without dropout. */
    private static final int FEATURES = 0;

    private static final int POINTERS = 1;
    private static final int COLUMNS = 2;
    private static final int OF_SOURCE = 3;
    private static final int OF_TARGET = 4;
    private static final int WEIGHTS = 5;
    private static final int DROPPED = 6;

    /** Worked in: a tensor by head, gradients of edges, of the terms of both ends, and the transposed graph. */
    private static final int BY_HEAD = 0;

    private static final int EDGES = 1;
    private static final int GRAD_SOURCE = 2;
    private static final int GRAD_TARGET = 3;
    private static final int TRANSPOSED = 4;
    private static final int GRAD_FEATURES = 8;

    private final GraphAttention layer;
    private final Pass pass;
    private final Kernels kernels;

    GraphAttentionRun(GraphAttention layer, Pass pass) {
        this.layer = layer;
        this.pass = pass;
        kernels = pass.kernels();
    }

    static Footprint footprint(GraphAttention layer, int nodes, int edges) {
        TensorType features = TensorType.floats(layer.heads(), nodes, layer.outChannels());
        TensorType ofEdges = TensorType.floats(layer.heads(), edges + nodes);
        TensorType ofNodes = TensorType.floats(layer.heads(), nodes);
        Footprint footprint = Footprint.NOTHING
                .keeping(features)
                .keeping(LoopedGraph.types(nodes, edges))
                .keeping(ofNodes, ofNodes, ofEdges)
                .workingIn(features, ofEdges, ofNodes, ofNodes)
                .workingIn(
                        TensorType.ints(nodes + 1),
                        TensorType.ints(edges + nodes),
                        TensorType.floats(edges + nodes),
                        TensorType.ints(nodes))
                .workingIn(features);
        return layer.dropout() > 0 ? footprint.keeping(ofEdges) : footprint;
    }

    private LoopedGraph graph() {
        return new LoopedGraph(pass.kept(POINTERS), pass.kept(COLUMNS));
    }

    /** One head of a tensor by head. */
    private static Tensor head(Tensor byHead, int head) {
        return byHead.samples(head, 1).view(byHead.shape().sample());
    }

    private Tensor vector(Tensor parameter, int head) {
        return parameter.view(Shape.of(layer.heads(), layer.outChannels())).samples(head, 1);
    }

    private boolean drops() {
        return layer.dropout() > 0 && pass.training();
    }

    /** What features are summed with. */
    private Tensor factors() {
        return pass.kept(drops() ? DROPPED : WEIGHTS);
    }

    void forward(Tensor pointers, Tensor columns) {
        Tensor features = pass.kept(FEATURES);
        int nodes = features.shape().dimension(1);
        Tensor some = pass.workspace(TRANSPOSED + 2).samples(0, columns.elements());
        LoopedGraph graph =
                LoopedGraph.of(new CsrMatrix(nodes, nodes, pointers, columns, some), layer.selfLoops(), graph());
        Tensor x = pass.input(X);
        kernels.indexing().permute(x.view(Shape.of(nodes, layer.heads(), layer.outChannels())), features, SWAPPED);
        GemmShape product = GemmShape.nt(nodes, 1, layer.outChannels());
        for (int h = 0; h < layer.heads(); h++) {
            Tensor ofHead = head(features, h);
            kernels.matrix().gemm(product, ofHead, vector(pass.parameter(ATT_SRC), h), head(pass.kept(OF_SOURCE), h));
            kernels.matrix().gemm(product, ofHead, vector(pass.parameter(ATT_DST), h), head(pass.kept(OF_TARGET), h));
            softmax(graph, h);
        }
        drop(pass.kept(WEIGHTS));
        Tensor sums = pass.workspace(BY_HEAD);
        for (int h = 0; h < layer.heads(); h++) {
            kernels.sparse().multiply(graph.with(graph.head(factors(), h)), head(features, h), head(sums, h));
        }
        join(sums);
    }

    private void drop(Tensor weights) {
        if (drops()) {
            Tensor dropped = pass.kept(DROPPED);
            dropped.clear();
            LoopedGraph graph = graph();
            for (int h = 0; h < layer.heads(); h++) {
                kernels.dropout().forward(mask(h), graph.head(weights, h), graph.head(dropped, h));
            }
        }
    }

    private DropoutMask mask(int head) {
        long first = (long) head * pass.kept(WEIGHTS).shape().dimension(1);
        return new DropoutMask(pass.random(), first, (float) layer.dropout());
    }

    /** Before the leaky ReLU. */
    private float score(LoopedGraph graph, int h, int node, int edge) {
        int nodes = graph.nodes();
        return pass.kept(OF_SOURCE).getFloat(h * nodes + graph.from(edge))
                + pass.kept(OF_TARGET).getFloat(h * nodes + node);
    }

    private void softmax(LoopedGraph graph, int h) {
        Tensor weights = graph.head(pass.kept(WEIGHTS), h);
        for (int node = 0; node < graph.nodes(); node++) {
            float largest = Float.NEGATIVE_INFINITY;
            for (int e = graph.first(node); e < graph.first(node + 1); e++) {
                float score = score(graph, h, node, e);
                float leaky = score > 0 ? score : score * (float) layer.slope();
                weights.setFloat(e, leaky);
                largest = Math.max(largest, leaky);
            }
            for (int e = graph.first(node); e < graph.first(node + 1); e++) {
                weights.setFloat(e, weights.getFloat(e) - largest);
            }
        }
        kernels.activation().exp(weights, weights);
        for (int node = 0; node < graph.nodes(); node++) {
            double sum = 0;
            for (int e = graph.first(node); e < graph.first(node + 1); e++) {
                sum += weights.getFloat(e);
            }
            for (int e = graph.first(node); e < graph.first(node + 1); e++) {
                weights.setFloat(e, (float) (weights.getFloat(e) / sum));
            }
        }
    }

    /** Heads side by side, or their mean, then the bias. */
    private void join(Tensor sums) {
        Tensor y = pass.output(0);
        if (layer.concat()) {
            int nodes = sums.shape().dimension(1);
            kernels.indexing().permute(sums, y.view(Shape.of(nodes, layer.heads(), layer.outChannels())), SWAPPED);
        } else {
            kernels.elementwise().copy(head(sums, 0), y);
            for (int h = 1; h < layer.heads(); h++) {
                kernels.elementwise().binary(Binary.ADD, y, head(sums, h), y);
            }
            kernels.elementwise().scale(1 / (float) layer.heads(), y, y);
        }
        if (layer.bias()) {
            kernels.elementwise().addRow(y, pass.parameter(BIAS), y);
        }
    }

    /** What both backward passes need: gradients of the sums by head, and of the terms of both ends of the edges. */
    private void prepare() {
        if (!pass.firstBackward()) {
            return;
        }
        Tensor gradSums = pass.workspace(BY_HEAD);
        Tensor gradOutput = pass.gradOutput(0);
        int nodes = gradSums.shape().dimension(1);
        if (layer.concat()) {
            kernels.indexing()
                    .permute(gradOutput.view(Shape.of(nodes, layer.heads(), layer.outChannels())), gradSums, SWAPPED);
        } else {
            for (int h = 0; h < layer.heads(); h++) {
                kernels.elementwise().scale(1 / (float) layer.heads(), gradOutput, head(gradSums, h));
            }
        }
        pass.workspace(GRAD_SOURCE).clear();
        pass.workspace(GRAD_TARGET).clear();
        LoopedGraph graph = graph();
        for (int h = 0; h < layer.heads(); h++) {
            Tensor gradient = graph.head(pass.workspace(EDGES), h);
            CsrMatrix weights = graph.with(graph.head(factors(), h));
            kernels.sparse().backwardValues(weights, head(gradSums, h), head(pass.kept(FEATURES), h), gradient);
            if (drops()) {
                kernels.dropout().backward(mask(h), gradient, gradient);
            }
            backwardSoftmax(graph, h, gradient);
        }
    }

    private void backwardSoftmax(LoopedGraph graph, int h, Tensor gradient) {
        Tensor weights = graph.head(pass.kept(WEIGHTS), h);
        Tensor source = head(pass.workspace(GRAD_SOURCE), h);
        Tensor target = head(pass.workspace(GRAD_TARGET), h);
        for (int node = 0; node < graph.nodes(); node++) {
            double mean = 0;
            for (int e = graph.first(node); e < graph.first(node + 1); e++) {
                mean += (double) weights.getFloat(e) * gradient.getFloat(e);
            }
            double ofNode = 0;
            for (int e = graph.first(node); e < graph.first(node + 1); e++) {
                double leaky = score(graph, h, node, e) > 0 ? 1 : layer.slope();
                float slope = (float) (weights.getFloat(e) * (gradient.getFloat(e) - mean) * leaky);
                ofNode += slope;
                int from = graph.from(e);
                source.setFloat(from, source.getFloat(from) + slope);
            }
            target.setFloat(node, (float) ofNode);
        }
    }

    void backwardInput() {
        prepare();
        LoopedGraph graph = graph();
        Tensor gradFeatures = pass.workspace(GRAD_FEATURES);
        int nodes = graph.nodes();
        GemmShape outer = GemmShape.nn(nodes, layer.outChannels(), 1);
        MatrixKernels matrix = kernels.matrix();
        for (int h = 0; h < layer.heads(); h++) {
            Tensor gradient = head(gradFeatures, h);
            kernels.sparse()
                    .multiply(
                            transposed(graph.with(graph.head(factors(), h))),
                            head(pass.workspace(BY_HEAD), h),
                            gradient);
            matrix.gemmAccumulate(
                    outer, head(pass.workspace(GRAD_SOURCE), h), vector(pass.parameter(ATT_SRC), h), gradient);
            matrix.gemmAccumulate(
                    outer, head(pass.workspace(GRAD_TARGET), h), vector(pass.parameter(ATT_DST), h), gradient);
        }
        Tensor to = pass.gradInput(X).view(Shape.of(nodes, layer.heads(), layer.outChannels()));
        kernels.indexing().permute(gradFeatures, to, SWAPPED);
    }

    private CsrMatrix transposed(CsrMatrix weights) {
        int edges = weights.elements();
        return CsrTransposition.of(
                weights,
                pass.workspace(TRANSPOSED),
                pass.workspace(TRANSPOSED + 1).samples(0, edges),
                pass.workspace(TRANSPOSED + 2).samples(0, edges),
                pass.workspace(TRANSPOSED + 3));
    }

    void backwardWeight() {
        prepare();
        Tensor features = pass.kept(FEATURES);
        GemmShape product =
                GemmShape.tn(1, layer.outChannels(), features.shape().dimension(1));
        for (int parameter : List.of(ATT_SRC, ATT_DST)) {
            if (pass.wantsWeightGradient(parameter)) {
                Tensor terms = pass.workspace(parameter == ATT_SRC ? GRAD_SOURCE : GRAD_TARGET);
                for (int h = 0; h < layer.heads(); h++) {
                    Tensor gradient = vector(pass.gradient(parameter), h);
                    kernels.matrix().gemmAccumulate(product, head(terms, h), head(features, h), gradient);
                }
            }
        }
        if (layer.bias() && pass.wantsWeightGradient(BIAS)) {
            Tensor gradOutput = pass.gradOutput(0);
            kernels.matrix().sumRowsAccumulate(gradOutput, pass.gradient(BIAS));
        }
    }
}
