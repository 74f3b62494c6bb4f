package io.ketju.onnx.format;

import java.io.IOException;

/** One message of Protobuf. It may be asked more than once for its fields: first to count their bytes. */
@FunctionalInterface
interface Message {
    void write(Fields to) throws IOException;
}
