package io.ketju.layers.model;

/**
 * A tensor of the graph: an output of a node, or an input of the model.
 *
 * @param node index of the node that makes it; {@code -1 - i} for input i of the model
 * @param output which of the node's outputs; 0 for an input of the model
 */
public record Value(int node, int output) {
    /**
     * {@return an input of the model}
     *
     * @param index which one, from 0
     */
    public static Value ofInput(int index) {
        return new Value(-1 - index, 0);
    }

    /** {@return whether it is an input of the model} */
    public boolean isInput() {
        return node < 0;
    }

    /** {@return which input of the model it is, from 0; of a node's output, a negative number} */
    public int inputIndex() {
        return -1 - node;
    }
}
