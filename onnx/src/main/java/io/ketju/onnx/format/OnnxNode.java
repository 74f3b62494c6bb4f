package io.ketju.onnx.format;

import java.io.IOException;
import java.util.List;

/**
 * A {@code NodeProto}: one operator in its place.
 *
 * @param name of the node; every node has another
 * @param operator of ONNX's own domain
 * @param inputs names of values; "" where one is left out
 * @param outputs names of values; "" where one is not wanted
 * @param attributes of the operator; those that are not here have its defaults
 */
public record OnnxNode(
        String name, String operator, List<String> inputs, List<String> outputs, List<OnnxAttribute> attributes)
        implements Message {
    private static final int INPUT = 1;
    private static final int OUTPUT = 2;
    private static final int NAME = 3;
    private static final int OP_TYPE = 4;
    private static final int ATTRIBUTE = 5;

    /** Copies the lists. */
    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
    }

    @Override
    public void write(Fields to) throws IOException {
        for (String input : inputs) {
            to.text(INPUT, input);
        }
        for (String output : outputs) {
            to.text(OUTPUT, output);
        }
        to.text(NAME, name);
        to.text(OP_TYPE, operator);
        for (OnnxAttribute attribute : attributes) {
            to.message(ATTRIBUTE, attribute);
        }
    }
}
