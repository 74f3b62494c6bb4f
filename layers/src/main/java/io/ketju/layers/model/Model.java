package io.ketju.layers.model;

import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A model whose shapes have been checked: nodes in topological order, each with its layer, its global name, the shapes
 * of its input and output samples. Immutable.
 *
 * @param inputShape shape of one input sample
 * @param nodes in execution order
 */
public record Model(Shape inputShape, List<Node> nodes) {
    /**
     * One layer in its place.
     *
     * @param name global name; its parameter {@code weight} is {@code name.weight} everywhere: in files, on the wire,
     *     as key of its initial values
     */
    public record Node(String name, Layer layer, Shape input, Shape output) {
        /** Global name of one of the layer's parameters. */
        public String parameterName(Parameter parameter) {
            return name + "." + parameter.name();
        }
    }

    public Model {
        nodes = List.copyOf(nodes);
    }

    /** Checks all shapes; throws {@link IllegalArgumentException} naming the layer and both shapes where one does not fit. */
    public static Model of(Shape inputShape, Sequential sequential) {
        List<Node> nodes = new ArrayList<>();
        Shape shape = inputShape;
        for (int i = 0; i < sequential.layers().size(); i++) {
            Layer layer = sequential.layers().get(i);
            Shape output;
            try {
                output = layer.outputShape(shape);
                // Made for their shapes, which may have too many elements.
                layer.parameters();
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "layer " + i + " " + Excerpt.of(layer.spec()) + ": " + e.getMessage(), e);
            }
            nodes.add(new Node(Integer.toString(i), layer, shape, output));
            shape = output;
        }
        return new Model(inputShape, nodes);
    }

    /** Shape of one output sample. */
    public Shape outputShape() {
        return nodes.getLast().output();
    }

    /** Number of trainable scalars. */
    public long parameterCount() {
        return nodes.stream()
                .flatMap(node -> node.layer().parameters().stream())
                .mapToLong(parameter -> parameter.shape().elements())
                .sum();
    }
}
