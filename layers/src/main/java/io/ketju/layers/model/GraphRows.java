package io.ketju.layers.model;

import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** A graph that is being written out of nodes with names and parameters of their own, with the types for one sample. */
final class GraphRows {
    private final List<Input> inputs = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<List<TensorType>> types = new ArrayList<>();

    List<Input> inputs() {
        return inputs;
    }

    Value input(Input input) {
        inputs.add(input);
        return Value.ofInput(inputs.size() - 1);
    }

    /** Adds a node whose inputs have these types. */
    List<Value> add(Node node, List<TensorType> ofInputs) {
        List<TensorType> outputs = List.copyOf(node.layer().outputs(ofInputs));
        nodes.add(node);
        types.add(outputs);
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            values.add(new Value(nodes.size() - 1, i));
        }
        return values;
    }

    TensorType type(Value value) {
        return value.isInput()
                ? inputs.get(value.inputIndex()).type()
                : types.get(value.node()).get(value.output());
    }

    Model model(List<Value> outputs) {
        return new Model(inputs, nodes, List.of(), outputs);
    }
}
