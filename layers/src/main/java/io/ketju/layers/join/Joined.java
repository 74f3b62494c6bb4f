package io.ketju.layers.join;

import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Neighbouring nodes of a model that run as one.
 *
 * @param parts the nodes, in order; one where nothing is joined
 * @param node what runs: the parts' parameters under their global names, and the inputs that none of them makes
 */
public record Joined(List<Node> parts, Node node) {
    /** Copies the list. */
    public Joined {
        parts = List.copyOf(parts);
    }

    /**
     * A node as it is.
     *
     * @param node of the model
     * @return the node as its only part
     */
    public static Joined alone(Node node) {
        return new Joined(List.of(node), node);
    }

    /**
     * Nodes as one.
     *
     * @param first index in the model of the first of them
     */
    static Joined of(int first, List<Node> parts, JoinedLayer layer) {
        List<Value> inputs = new ArrayList<>();
        List<String> parameters = new ArrayList<>();
        for (Node part : parts) {
            part.inputs().stream().filter(value -> value.node() < first).forEach(inputs::add);
            parameters.addAll(part.parameters());
        }
        String name = parts.stream().map(Node::name).collect(Collectors.joining("+"));
        return new Joined(parts, new Node(name, layer, inputs, parameters));
    }

    /** {@return the layers, as a plan shows them: {@code Linear(4, 3) + ReLU()}} */
    public String text() {
        return parts.stream().map(part -> part.layer().spec().toString()).collect(Collectors.joining(" + "));
    }
}
