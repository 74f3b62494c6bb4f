package io.ketju.onnx.format;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@code ModelProto}, the whole of an ONNX file, by the field numbers of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 *
 * <pre>
 * ModelProto    1 ir_version   2 producer_name   3 producer_version   7 graph   8 opset_import   14 metadata_props
 * GraphProto    1 node...      2 name            5 initializer...     11 input...                12 output...
 * NodeProto     1 input...     2 output...       3 name               4 op_type                  5 attribute...
 * </pre>
 *
 * @param operators version of ONNX's set of operators
 * @param producerVersion the version of Ketju; "" where it is not known
 * @param graph what is computed
 * @param metadata free text by names
 */
public record OnnxModel(long operators, String producerVersion, OnnxGraph graph, Map<String, String> metadata)
        implements Message {
    /** The version of the format that set 18 of the operators came with. */
    private static final long IR_VERSION = 8;

    /** A message of Protobuf has at most so many bytes, and a file is one. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;

    private static final int IR = 1;
    private static final int PRODUCER_NAME = 2;
    private static final int PRODUCER_VERSION = 3;
    private static final int GRAPH = 7;
    private static final int OPSET_IMPORT = 8;
    private static final int METADATA_PROPS = 14;

    /** Copies the map, in its order. */
    public OnnxModel {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    @Override
    public void write(Fields to) throws IOException {
        to.integer(IR, IR_VERSION);
        to.text(PRODUCER_NAME, "ketju");
        to.text(PRODUCER_VERSION, producerVersion);
        to.message(GRAPH, graph);
        to.message(OPSET_IMPORT, set -> {
            set.text(1, "");
            set.integer(2, operators);
        });
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            to.message(METADATA_PROPS, property -> {
                property.text(1, entry.getKey());
                property.text(2, entry.getValue());
            });
        }
    }

    /** {@return the size of the file in bytes} */
    public long size() {
        return Fields.size(this);
    }

    /**
     * Writes the file.
     *
     * @param stream stays open
     * @throws IOException as the stream does
     * @throws IllegalArgumentException if it would be larger than a file may be, 2^31-1 bytes; then nothing is written
     */
    public void writeTo(OutputStream stream) throws IOException {
        long size = size();
        if (size > MOST_BYTES) {
            throw new IllegalArgumentException("expected a model of at most " + MOST_BYTES
                    + " bytes, which is what an ONNX file may have, found " + size);
        }
        CodedOutputStream out = CodedOutputStream.newInstance(stream);
        write(new Fields(out));
        out.flush();
    }
}
