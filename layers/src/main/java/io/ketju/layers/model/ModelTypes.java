package io.ketju.layers.model;

import io.ketju.tensor.Excerpt;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Types of all values of a model for inputs of some types. Immutable.
 *
 * @param inputs of the model's inputs, in order
 * @param outputs of every node's outputs
 */
public record ModelTypes(List<TensorType> inputs, List<List<TensorType>> outputs) {
    /** Copies the lists. */
    public ModelTypes {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** Infers them; throws {@link IllegalArgumentException} naming the layer where one does not fit. */
    static ModelTypes infer(List<Node> nodes, List<TensorType> inputs) {
        List<List<TensorType>> outputs = new ArrayList<>();
        for (Node node : nodes) {
            outputs.add(outputs(
                    node,
                    node.inputs().stream()
                            .map(value -> type(value, inputs, outputs))
                            .toList()));
        }
        return new ModelTypes(inputs, outputs);
    }

    private static List<TensorType> outputs(Node node, List<TensorType> inputs) {
        try {
            return List.copyOf(node.layer().outputs(inputs));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Node.called(node.name()) + " " + Excerpt.of(node.layer().spec()) + ": " + e.getMessage(), e);
        }
    }

    private static TensorType type(Value value, List<TensorType> inputs, List<List<TensorType>> outputs) {
        List<TensorType> made = value.isInput() ? inputs : outputs.get(value.node());
        int index = value.isInput() ? value.inputIndex() : value.output();
        if (index < 0 || index >= made.size()) {
            throw new IllegalArgumentException("there is no " + value + ": expected one of " + made.size());
        }
        return made.get(index);
    }

    /**
     * {@return type of a value}
     *
     * @param value of the model
     */
    public TensorType of(Value value) {
        return type(value, inputs, outputs);
    }

    /**
     * {@return types of a node's inputs, in order}
     *
     * @param node of the model
     */
    public List<TensorType> inputs(Node node) {
        return of(node.inputs());
    }

    /**
     * {@return types of values, in order}
     *
     * @param values of the model
     */
    public List<TensorType> of(List<Value> values) {
        return values.stream().map(this::of).toList();
    }
}
