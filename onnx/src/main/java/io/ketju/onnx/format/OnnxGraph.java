package io.ketju.onnx.format;

import java.io.IOException;
import java.util.List;

/**
 * A {@code GraphProto}: what is computed of inputs and constants.
 *
 * @param name of the graph, for people
 * @param nodes in an order in which they can run
 * @param constants weights among them
 * @param inputs what a caller gives, in its order
 * @param outputs what a caller gets, in its order
 */
public record OnnxGraph(
        String name, List<OnnxNode> nodes, List<OnnxTensor> constants, List<OnnxValue> inputs, List<OnnxValue> outputs)
        implements Message {
    private static final int NODE = 1;
    private static final int NAME = 2;
    private static final int INITIALIZER = 5;
    private static final int INPUT = 11;
    private static final int OUTPUT = 12;

    /** Copies the lists. */
    public OnnxGraph {
        nodes = List.copyOf(nodes);
        constants = List.copyOf(constants);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    @Override
    public void write(Fields to) throws IOException {
        for (OnnxNode node : nodes) {
            to.message(NODE, node);
        }
        to.text(NAME, name);
        for (OnnxTensor constant : constants) {
            to.message(INITIALIZER, constant);
        }
        for (OnnxValue input : inputs) {
            to.message(INPUT, input);
        }
        for (OnnxValue output : outputs) {
            to.message(OUTPUT, output);
        }
    }
}
