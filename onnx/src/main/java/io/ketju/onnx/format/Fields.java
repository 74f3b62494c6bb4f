package io.ketju.onnx.format;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Where a message writes its fields, in the form of Protobuf; or where their bytes are only counted. So a file of many megabytes
 * of weights is written as it is read, and no message is held in memory to learn its length.
 */
final class Fields {
    /** What tensors' bytes are; they may be asked for more than once. */
    @FunctionalInterface
    interface Bytes {
        void write(CodedOutputStream out) throws IOException;
    }

    private static final int LENGTH_DELIMITED = 2;

    private final @Nullable CodedOutputStream out;
    private long count;

    /** Writes to a stream, or counts where there is none. */
    Fields(@Nullable CodedOutputStream out) {
        this.out = out;
    }

    /** Bytes of a message. */
    static long size(Message message) {
        Fields counter = new Fields(null);
        try {
            message.write(counter);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // to count fails nowhere
        }
        return counter.count;
    }

    void text(int field, String value) throws IOException {
        count += CodedOutputStream.computeStringSize(field, value);
        if (out != null) {
            out.writeString(field, value);
        }
    }

    void integer(int field, long value) throws IOException {
        count += CodedOutputStream.computeInt64Size(field, value);
        if (out != null) {
            out.writeInt64(field, value);
        }
    }

    void number(int field, float value) throws IOException {
        count += CodedOutputStream.computeFloatSize(field, value);
        if (out != null) {
            out.writeFloat(field, value);
        }
    }

    void message(int field, Message message) throws IOException {
        long size = size(message);
        head(field, size);
        count += size;
        if (out != null) {
            message.write(new Fields(out));
        }
    }

    /** Bytes, of which it is known how many they are. */
    void bytes(int field, long size, Bytes bytes) throws IOException {
        head(field, size);
        count += size;
        if (out != null) {
            bytes.write(out);
        }
    }

    private void head(int field, long size) throws IOException {
        count += CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt64SizeNoTag(size);
        if (out != null) {
            out.writeTag(field, LENGTH_DELIMITED);
            out.writeUInt64NoTag(size);
        }
    }
}
