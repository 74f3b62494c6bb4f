package io.ketju.layers.model;

import io.ketju.layers.Layer;
import java.util.List;

/**
 * One layer in its place.
 *
 * @param name global name, dotted as in PyTorch's state_dict
 * @param layer what is computed; other nodes may have the same one
 * @param inputs what it reads, all made by earlier nodes
 * @param parameters global names of the layer's parameters, in the layer's order: {@code name.weight}, or the name of an earlier node's
 *     parameter, to which it is then tied
 */
public record Node(String name, Layer layer, List<Value> inputs, List<String> parameters) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is not one name for each parameter of the layer
     */
    public Node {
        inputs = List.copyOf(inputs);
        parameters = List.copyOf(parameters);
        if (parameters.size() != layer.parameters().size()) {
            throw new IllegalArgumentException(called(name) + " " + layer.spec() + ": expected names of "
                    + layer.parameters().size() + " parameters, found " + parameters);
        }
    }

    /**
     * With parameters of its own, under its own name.
     *
     * @param name global name, dotted as in PyTorch's state_dict
     * @param layer what is computed
     * @param inputs what it reads, all made by earlier nodes
     */
    public Node(String name, Layer layer, List<Value> inputs) {
        this(name, layer, inputs, ownNames(name, layer));
    }

    static List<String> ownNames(String name, Layer layer) {
        return layer.parameters().stream()
                .map(parameter -> name + "." + parameter.name())
                .toList();
    }

    /** A node by its name, for messages: {@code layer 2}; where the name says what it is, {@code layer1.0.conv1}. */
    static String called(String name) {
        return name.startsWith("layer") ? name : "layer " + name;
    }

    /** For messages: {@code layer 2 Linear(16, 10)}. */
    @Override
    public String toString() {
        return called(name) + " " + layer.spec();
    }
}
