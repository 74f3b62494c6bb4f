package io.ketju.data.graph;

import io.ketju.data.BadDataException;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.Dataset;
import io.ketju.data.GraphBatches;
import io.ketju.data.RowChecks;
import io.ketju.data.TrainTest;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * The nodes of a graph, some of which have a known class: the others are told by them and by their neighbours. A mini-batch is the
 * whole graph: {@code features}, {@code row_pointers}, {@code column_indexes} and {@code edge_values} never change, and {@code target} has
 * the classes of those nodes that count, -100 for the others.
 */
public final class GraphNodes implements Dataset {
    private static final String TARGET = "target";
    private static final int IGNORED = -100;

    private final String name;
    private final LabelledGraph graph;
    private final List<String> classes;
    private final GraphBatches batches;
    private final int counting;

    private GraphNodes(String name, LabelledGraph graph, BitSet counting) {
        this.name = name;
        this.graph = graph;
        this.classes = graph.classes();
        int[] targets = new int[graph.nodes().size()];
        for (int node = 0; node < targets.length; node++) {
            targets[node] = counting.get(node) ? label(node) : IGNORED;
        }
        this.counting = counting.cardinality();
        batches = new GraphBatches(name, graph.propagation(), TARGET, targets);
    }

    /**
     * Which classes are known while it is learnt.
     *
     * @param nodes names of nodes whose class is known; empty to draw some
     * @param perClass how many nodes of each class are drawn then
     * @param seed which ones those are
     */
    public record Known(List<String> nodes, int perClass, long seed) {
        /** Copies the list. */
        public Known {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Reads a graph, of which all nodes that are not known are tested with.
     *
     * @param name what reports call the graph
     * @param texts the table of nodes and the list of edges: see {@link GraphFiles}
     * @param known which classes are learnt from
     * @return the same graph twice: learnt from with the known nodes, tested with all others
     * @throws BadDataException if a text is damaged, there are fewer than two classes, a known node is not there, or none is left
     *     to test with
     */
    public static TrainTest of(String name, Texts texts, Known known) {
        LabelledGraph graph = GraphFiles.read(texts.nodesSource(), texts.nodes(), texts.edgesSource(), texts.edges());
        if (graph.classes().size() < 2) {
            throw BadDataException.of(
                    texts.nodesSource(),
                    "at least 2 classes",
                    "" + graph.classes().size());
        }
        BitSet learnt = learnt(graph, known);
        BitSet tested = new BitSet();
        tested.set(0, graph.nodes().size());
        tested.andNot(learnt);
        if (tested.isEmpty()) {
            throw BadDataException.of(texts.nodesSource(), "nodes to test with", "none that is not known");
        }
        return new TrainTest(
                new GraphNodes(name + "/train", graph, learnt), new GraphNodes(name + "/test", graph, tested));
    }

    /**
     * What a graph is read from.
     *
     * @param nodesSource what errors call the table of nodes
     * @param nodes the table itself
     * @param edgesSource what errors call the list of edges
     * @param edges the list itself
     */
    public record Texts(String nodesSource, String nodes, String edgesSource, String edges) {}

    private static BitSet learnt(LabelledGraph graph, Known known) {
        BitSet learnt = new BitSet();
        Map<String, Integer> numbers = LabelledGraph.numbers(graph.source(), graph.nodes());
        for (String node : known.nodes()) {
            Integer number = numbers.get(node);
            if (number == null) {
                throw BadDataException.of(
                        graph.source(),
                        "the node '" + Excerpt.of(node) + "', whose class is to be known",
                        "no such node");
            }
            learnt.set(number);
        }
        if (known.nodes().isEmpty()) {
            for (String label : graph.classes()) {
                int[] own = numbers.values().stream()
                        .mapToInt(Integer::intValue)
                        .filter(node -> graph.labels().get(node).equals(label))
                        .toArray();
                int[] order =
                        CounterRandom.of(known.seed(), "known").stream(label).permutation(own.length);
                Arrays.stream(order).limit(known.perClass()).forEach(i -> learnt.set(own[i]));
            }
        }
        return learnt;
    }

    private int label(int node) {
        return classes.indexOf(graph.labels().get(node));
    }

    @Override
    public boolean namesItsPorts() {
        return true;
    }

    @Override
    public BatchSource batches(String input, String target, int batchSize, int microbatches, BatchOrder order) {
        return batches;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return graph.nodes().size();
    }

    /** Of the features of a node. */
    @Override
    public Shape inputShape() {
        return Shape.of(graph.features().getFirst().length);
    }

    @Override
    public int classes() {
        return classes.size();
    }

    @Override
    public List<String> classNames() {
        return classes;
    }

    @Override
    public List<String> notes() {
        return List.of(name + ": " + Plural.of(counting, "node") + " of " + size() + " count, in a graph of "
                + Plural.of(graph.edges().size(), "edge"));
    }

    @Override
    public void copyInput(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(inputType(), inputShape(), batch, row);
        float[] features = graph.features().get(sample);
        for (int i = 0; i < features.length; i++) {
            batch.setFloat(row * features.length + i, features[i]);
        }
    }

    @Override
    public void copyTarget(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(targetType(), targetShape(), batch, row);
        batch.setInt(row, label(sample));
    }

    @Override
    public String identity() {
        return batches.identity();
    }
}
