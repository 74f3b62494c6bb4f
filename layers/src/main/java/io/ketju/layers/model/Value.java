package io.ketju.layers.model;

/**
 * A tensor of the graph: an output of a node, or an input of the model.
 *
 * @param node index of the node that makes it; {@code -1 - i} for input i of the model
 * @param output which of the node's outputs; 0 for an input of the model
 */
public record Value(int node, int output) {
    /** Input i of the model. */
    public static Value ofInput(int index) {
        return new Value(-1 - index, 0);
    }

    /** Whether it is an input of the model. */
    public boolean isInput() {
        return node < 0;
    }

    /** Which input of the model it is. */
    public int inputIndex() {
        return -1 - node;
    }
}
