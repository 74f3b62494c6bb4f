package io.ketju.data;

import io.ketju.tensor.NonFiniteElement;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One whole graph as one mini-batch of one micro-batch: the matrix that is propagated over and the features of the nodes
 * are constants, only the classes of those nodes that count come with every step. Training and test are the same graph
 * with other nodes that count.
 */
public final class GraphBatches implements BatchSource {
    /** Name of a constant: where the edges of each node begin in the other two, int32 [nodes + 1]. */
    public static final String ROW_POINTERS = "row_pointers";

    /** Name of a constant: the other node of each edge, int32 [edges]. */
    public static final String COLUMN_INDEXES = "column_indexes";
    /** Name of a constant: the weight of each edge, float32 [edges]. */
    public static final String EDGE_VALUES = "edge_values";
    /** Name of a constant: what is known of the nodes, float32 [nodes, features]. */
    public static final String FEATURES = "features";

    private final String name;
    private final Graph graph;
    private final String target;
    private final int[] classes;

    /**
     * Takes a graph, with the nodes that count.
     *
     * @param name what reports and errors call it
     * @param graph shared, not copied
     * @param target what the loss calls the classes
     * @param classes of all nodes, or what the loss ignores (-100) for those that do not count
     * @throws BadDataException if there are not as many classes as nodes
     */
    public GraphBatches(String name, Graph graph, String target, int... classes) {
        if (classes.length != graph.nodes()) {
            throw BadDataException.of(
                    name, "a class for each of " + graph.nodes() + " nodes", classes.length + " classes");
        }
        this.name = name;
        this.graph = graph;
        this.target = target;
        this.classes = classes.clone();
    }

    /**
     * A graph in arrays, which it takes over.
     *
     * @param rowPointers where the edges of each node begin, ascending from 0; one more than nodes
     * @param columnIndexes the other node of each edge
     * @param values weight of each edge
     * @param features of all nodes, [nodes, features] row-major
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Graph(int[] rowPointers, int[] columnIndexes, float[] values, float[] features) {
        /**
         * Checks that the arrays belong together.
         *
         * @throws BadDataException if they do not, or a node is not there
         */
        public Graph {
            int nodes = rowPointers.length - 1;
            if (nodes < 1 || columnIndexes.length != values.length || features.length % nodes != 0) {
                throw BadDataException.of(
                        "graph",
                        "nodes + 1 row pointers, as many columns as values, and as many features of every node",
                        rowPointers.length + ", " + columnIndexes.length + ", " + values.length + " and "
                                + features.length);
            }
            for (int column : columnIndexes) {
                if (column < 0 || column >= nodes) {
                    throw BadDataException.of("graph", "columns from 0 to " + (nodes - 1), "" + column);
                }
            }
            for (int node = 0; node < nodes; node++) {
                if (rowPointers[node] > rowPointers[node + 1]) {
                    throw BadDataException.of("graph", "ascending row pointers", "a fall after row " + node);
                }
            }
            if (rowPointers[0] != 0 || rowPointers[nodes] != values.length) {
                throw BadDataException.of(
                        "graph",
                        "row pointers from 0 to " + values.length,
                        rowPointers[0] + " to " + rowPointers[nodes]);
            }
        }

        int nodes() {
            return rowPointers.length - 1;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<BatchPort> ports() {
        int nodes = graph.nodes();
        List<BatchPort> ports = new ArrayList<>();
        ports.add(BatchPort.constant(ROW_POINTERS, TensorType.ints(nodes + 1)));
        ports.add(BatchPort.constant(COLUMN_INDEXES, TensorType.ints(graph.columnIndexes().length)));
        ports.add(BatchPort.constant(EDGE_VALUES, TensorType.floats(graph.values().length)));
        ports.add(BatchPort.constant(FEATURES, TensorType.floats(nodes, graph.features().length / nodes)));
        ports.add(BatchPort.changing(target, TensorType.ints(nodes)));
        return ports;
    }

    @Override
    public int batchSize() {
        return 1;
    }

    @Override
    public int microbatches() {
        return 1;
    }

    @Override
    public int stepsPerEpoch() {
        return 1;
    }

    @Override
    public BatchPlan plan(long index) {
        SortedMap<String, TensorType> types = new TreeMap<>();
        types.put(target, TensorType.ints(graph.nodes()));
        return new BatchPlan(index, index, List.of(new MicrobatchPlan(1, types)));
    }

    @Override
    public void copy(BatchPlan plan, int microbatch, String port, Tensor tensor) {
        if (!port.equals(target)) {
            throw new IllegalArgumentException(name + " gives no '" + port + "' with every micro-batch");
        }
        copyInts(classes, tensor);
    }

    @Override
    public void copyConstant(String port, Tensor tensor) {
        switch (port) {
            case ROW_POINTERS -> copyInts(graph.rowPointers(), tensor);
            case COLUMN_INDEXES -> copyInts(graph.columnIndexes(), tensor);
            case EDGE_VALUES -> copyFloats("edge", graph.values(), tensor);
            case FEATURES -> copyFloats("feature", graph.features(), tensor);
            default -> BatchSource.super.copyConstant(port, tensor);
        }
    }

    private static void copyInts(int[] values, Tensor tensor) {
        for (int i = 0; i < values.length; i++) {
            tensor.setInt(i, values[i]);
        }
    }

    private void copyFloats(String what, float[] values, Tensor tensor) {
        tensor.copyFrom(values);
        NonFiniteElement.firstIn(tensor).ifPresent(found -> {
            throw BadDataException.notFinite(name, what, found);
        });
    }

    @Override
    public String identity() {
        return new IdentityHash("ketju-graph-1")
                .add(graph.rowPointers())
                .add(graph.columnIndexes())
                .add(graph.values())
                .add(graph.features())
                .add(target)
                .add(classes)
                .hex();
    }
}
