package io.ketju.pipeline.partition;

import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What crosses between two neighbouring stages, by producer: values that something behind the cut reads, also where the
 * value is made several stages before it or read several behind it. All of it travels as one bundle.
 *
 * @param edges in the order of their values; the position is what keys and frames call the edge
 */
public record Cut(List<Edge> edges) {
    /** Nothing crosses: before the first stage and behind the last. */
    public static final Cut NONE = new Cut(List.of());

    /**
     * One value that crosses.
     *
     * @param value made before the cut
     * @param activation whether it does in these windows: in those of an objective, some do not
     * @param gradient whether a gradient comes back
     */
    public record Edge(Value value, boolean activation, boolean gradient) {
        /**
         * One that crosses in all windows.
         *
         * @param value made before the cut
         * @param gradient whether a gradient comes back
         */
        public Edge(Value value, boolean gradient) {
            this(value, true, gradient);
        }

        private Edge and(Edge more) {
            return new Edge(value, activation || more.activation, gradient || more.gradient);
        }
    }

    /** Copies the list. */
    public Cut {
        edges = List.copyOf(edges);
    }

    /**
     * {@return the cut before a stage; {@link #NONE} before the first and behind the last}
     *
     * @param model the whole one
     * @param flow what runs, and where gradients flow
     * @param partition of the model
     * @param stage from 0 to the number of stages
     */
    public static Cut before(Model model, GradientFlow flow, Partition partition, int stage) {
        if (stage == 0 || stage == partition.stages()) {
            return NONE;
        }
        int bound = partition.bounds().get(stage);
        SortedMap<Value, Edge> crossing =
                new TreeMap<>(Comparator.comparingInt(Value::node).thenComparingInt(Value::output));
        for (int i = bound; i < model.nodes().size(); i++) {
            Node node = model.nodes().get(i);
            for (int port = 0; port < node.inputs().size(); port++) {
                cross(crossing, bound, new Edge(node.inputs().get(port), flow.runs(i), flow.flows(i, port)));
            }
        }
        for (Head head : model.heads()) {
            for (int port = 0; head.node() >= bound && port < head.inputs().size(); port++) {
                cross(crossing, bound, new Edge(head.inputs().get(port), flow.runs(head), flow.flows(head, port)));
            }
        }
        return new Cut(List.copyOf(crossing.values()));
    }

    private static void cross(SortedMap<Value, Edge> crossing, int bound, Edge edge) {
        Value value = edge.value();
        if (!value.isInput() && value.node() < bound) {
            crossing.merge(value, edge, Edge::and);
        }
    }

    /** {@return positions of the edges that cross in these windows} */
    public List<Integer> activationEdges() {
        return positions(Edge::activation);
    }

    /** {@return positions of the edges whose gradients come back} */
    public List<Integer> gradientEdges() {
        return positions(Edge::gradient);
    }

    private List<Integer> positions(Predicate<Edge> which) {
        return IntStream.range(0, edges.size())
                .filter(i -> which.test(edges.get(i)))
                .boxed()
                .toList();
    }

    /** {@return the values whose gradients come back, in the order of their edges} */
    public List<Value> gradientValues() {
        return edges.stream().filter(Edge::gradient).map(Edge::value).toList();
    }
}
