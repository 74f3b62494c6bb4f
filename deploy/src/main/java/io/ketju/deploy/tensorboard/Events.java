package io.ketju.deploy.tensorboard;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Events as bytes, by the field numbers of TensorFlow's {@code event.proto}, {@code summary.proto} and {@code tensor.proto}: few of
 * their fields are needed, and only to be written.
 */
final class Events {
    private static final String FILE_VERSION = "brain.Event:2";

    // Event
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;

    // Summary, Summary.Value, SummaryMetadata, PluginData
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int TENSOR = 8;
    private static final int METADATA = 9;
    private static final int PLUGIN = 1;
    private static final int PLUGIN_NAME = 1;

    // TensorProto
    private static final int DTYPE = 1;
    private static final int STRING_TYPE = 7;
    private static final int SHAPE = 2;
    private static final int STRING = 8;

    // SessionLog
    private static final int STATUS = 1;
    private static final int START = 1;

    private Events() {}

    @FunctionalInterface
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
    }

    /** The first of a file. */
    static byte[] version(double seconds) {
        return message(out -> {
            out.writeDouble(WALL_TIME, seconds);
            out.writeString(VERSION, FILE_VERSION);
        });
    }

    /** Of a run that begins or goes on: what others have told of this step and later ones is void. */
    static byte[] start(double seconds, long step) {
        return message(out -> {
            out.writeDouble(WALL_TIME, seconds);
            out.writeInt64(STEP, step);
            out.writeByteArray(SESSION_LOG, message(log -> log.writeEnum(STATUS, START)));
        });
    }

    /** Numbers of a step by their tags, in the order of the map. */
    static byte[] scalars(double seconds, long step, Map<String, Double> values) {
        return message(out -> {
            out.writeDouble(WALL_TIME, seconds);
            out.writeInt64(STEP, step);
            out.writeByteArray(SUMMARY, message(summary -> {
                for (Map.Entry<String, Double> value : values.entrySet()) {
                    summary.writeByteArray(VALUE, message(fields -> {
                        fields.writeString(TAG, value.getKey());
                        fields.writeFloat(SIMPLE_VALUE, value.getValue().floatValue());
                    }));
                }
            }));
        });
    }

    /** A text, in Markdown. */
    static byte[] text(double seconds, long step, String tag, String text) {
        byte[] tensor = message(out -> {
            out.writeEnum(DTYPE, STRING_TYPE);
            out.writeByteArray(SHAPE, new byte[0]);
            out.writeByteArray(STRING, text.getBytes(StandardCharsets.UTF_8));
        });
        byte[] metadata =
                message(out -> out.writeByteArray(PLUGIN, message(plugin -> plugin.writeString(PLUGIN_NAME, "text"))));
        return message(out -> {
            out.writeDouble(WALL_TIME, seconds);
            out.writeInt64(STEP, step);
            out.writeByteArray(
                    SUMMARY,
                    message(summary -> summary.writeByteArray(VALUE, message(fields -> {
                        fields.writeString(TAG, tag);
                        fields.writeByteArray(TENSOR, tensor);
                        fields.writeByteArray(METADATA, metadata);
                    }))));
        });
    }
}
