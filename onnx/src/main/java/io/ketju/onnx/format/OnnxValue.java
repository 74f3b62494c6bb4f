package io.ketju.onnx.format;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A {@code ValueInfoProto}: an input or an output of a graph, with its type.
 *
 * @param name what nodes read or write it by
 * @param type of the elements
 * @param dimensions each a number, a name where it may be any, or "" where it may and nobody else has it; empty where a reader
 *     finds out how many there are
 */
public record OnnxValue(String name, OnnxType type, Optional<List<String>> dimensions) implements Message {
    private static final int NAME = 1;
    private static final int TYPE = 2;
    /** Of TypeProto. */
    private static final int TENSOR_TYPE = 1;
    /** Of TypeProto.Tensor. */
    private static final int ELEM_TYPE = 1;

    private static final int SHAPE = 2;
    /** Of TensorShapeProto and its Dimension. */
    private static final int DIM = 1;

    private static final int DIM_VALUE = 1;
    private static final int DIM_PARAM = 2;

    /** Copies the dimensions. */
    public OnnxValue {
        dimensions = dimensions.map(List::copyOf);
    }

    /**
     * Takes dimensions that are known.
     *
     * @param name what nodes read or write it by
     * @param type of the elements
     * @param dimensions each a number, a name where it may be any, or "" where it may and nobody else has it
     */
    public OnnxValue(String name, OnnxType type, List<String> dimensions) {
        this(name, type, Optional.of(dimensions));
    }

    @Override
    public void write(Fields to) throws IOException {
        to.text(NAME, name);
        to.message(
                TYPE,
                type -> type.message(TENSOR_TYPE, tensor -> {
                    tensor.integer(ELEM_TYPE, this.type.number());
                    if (dimensions.isPresent()) {
                        List<String> known = dimensions.get();
                        tensor.message(SHAPE, shape -> writeShape(shape, known));
                    }
                }));
    }

    private static void writeShape(Fields to, List<String> dimensions) throws IOException {
        for (String dimension : dimensions) {
            to.message(DIM, one -> {
                if (dimension.matches("\\d+")) {
                    one.integer(DIM_VALUE, Long.parseLong(dimension));
                } else if (!dimension.isEmpty()) {
                    one.text(DIM_PARAM, dimension);
                }
            });
        }
    }
}
