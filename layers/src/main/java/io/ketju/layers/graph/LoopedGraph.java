package io.ketju.layers.graph;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.sparse.CsrMatrix;

/**
 * Who hears of whom, in compressed rows: row i lists the nodes whose messages node i gets, itself among them if asked for, once
 * and last. Lies in two tensors, pointers and columns, with room for all edges and a loop of every node.
 */
record LoopedGraph(Tensor pointers, Tensor columns) {
    /** The types of both. */
    static TensorType[] types(int nodes, int edges) {
        return new TensorType[] {TensorType.ints(nodes + 1), TensorType.ints(edges + nodes)};
    }

    /** Overwrites both; throws {@link IllegalArgumentException} if what is given is no graph. */
    static LoopedGraph of(CsrMatrix given, boolean selfLoops, LoopedGraph to) {
        int count = 0;
        for (int node = 0; node < given.rows(); node++) {
            to.pointers.setInt(node, count);
            for (int e = given.rowPointers().getInt(node);
                    e < given.rowPointers().getInt(node + 1);
                    e++) {
                int column = given.columnIndexes().getInt(e);
                if (!selfLoops || column != node) {
                    to.columns.setInt(count++, column);
                }
            }
            if (selfLoops) {
                to.columns.setInt(count++, node);
            }
        }
        to.pointers.setInt(given.rows(), count);
        return to;
    }

    int nodes() {
        return pointers.elements() - 1;
    }

    int edges() {
        return pointers.getInt(nodes());
    }

    int first(int node) {
        return pointers.getInt(node);
    }

    int from(int edge) {
        return columns.getInt(edge);
    }

    /** The numbers of one head, of as many as there is room for. */
    Tensor head(Tensor numbers, int head) {
        int room = numbers.shape().dimension(1);
        return numbers.samples(head, 1).view(Shape.of(room)).samples(0, edges());
    }

    /** The edges with a number each. */
    CsrMatrix with(Tensor values) {
        return new CsrMatrix(nodes(), nodes(), pointers, columns.samples(0, edges()), values);
    }
}
