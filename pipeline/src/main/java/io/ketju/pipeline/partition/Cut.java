package io.ketju.pipeline.partition;

import io.ketju.layers.model.Head;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

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
     * @param gradient whether a gradient comes back
     */
    public record Edge(Value value, boolean gradient) {}

    public Cut {
        edges = List.copyOf(edges);
    }

    /** The cut before a stage; {@link #NONE} before the first and behind the last. */
    public static Cut before(Model model, GradientFlow flow, Partition partition, int stage) {
        if (stage == 0 || stage == partition.stages()) {
            return NONE;
        }
        int bound = partition.bounds().get(stage);
        SortedMap<Value, Boolean> crossing =
                new TreeMap<>(Comparator.comparingInt(Value::node).thenComparingInt(Value::output));
        for (int i = bound; i < model.nodes().size(); i++) {
            Node node = model.nodes().get(i);
            for (int port = 0; port < node.inputs().size(); port++) {
                cross(crossing, node.inputs().get(port), bound, flow.flows(i, port));
            }
        }
        for (Head head : model.heads()) {
            for (int port = 0; head.node() >= bound && port < head.inputs().size(); port++) {
                cross(crossing, head.inputs().get(port), bound, flow.flows(head, port));
            }
        }
        List<Edge> edges = new ArrayList<>();
        crossing.forEach((value, gradient) -> edges.add(new Edge(value, gradient)));
        return new Cut(edges);
    }

    private static void cross(SortedMap<Value, Boolean> crossing, Value value, int bound, boolean gradient) {
        if (!value.isInput() && value.node() < bound) {
            crossing.merge(value, gradient, Boolean::logicalOr);
        }
    }

    /** Positions of the edges whose gradients come back. */
    public List<Integer> gradientEdges() {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < edges.size(); i++) {
            if (edges.get(i).gradient()) {
                positions.add(i);
            }
        }
        return positions;
    }

    /** Values whose gradients come back, in the order of their edges. */
    public List<Value> gradientValues() {
        return edges.stream().filter(Edge::gradient).map(Edge::value).toList();
    }

    /** Bytes of one bundle of activations, with alignment. */
    public long activationBytes(ModelTypes types) {
        return edges.stream().mapToLong(edge -> types.of(edge.value()).bytes()).sum();
    }

    /** Bytes of one bundle of gradients, with alignment. */
    public long gradientBytes(ModelTypes types) {
        return edges.stream()
                .filter(Edge::gradient)
                .mapToLong(edge -> types.of(edge.value()).bytes())
                .sum();
    }
}
