package io.ketju.records.tensorboard;

import com.google.protobuf.CodedOutputStream;
import io.ketju.pipeline.stage.ValueHistogram;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Events as bytes, by the field numbers of TensorFlow's {@code event.proto}, {@code summary.proto} and {@code tensor.proto}, and of
 * TensorBoard's {@code plugin_data.proto} for hyperparameters: few of their fields are needed, and only to be written.
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
    private static final int PLUGIN_CONTENT = 2;

    // TensorProto
    private static final int DTYPE = 1;
    private static final int FLOAT_TYPE = 1;
    private static final int DOUBLE_TYPE = 2;
    private static final int STRING_TYPE = 7;
    private static final int SHAPE = 2;
    private static final int CONTENT = 4;
    private static final int STRING = 8;

    // TensorShapeProto and its Dim
    private static final int DIMENSION = 2;
    private static final int DIMENSION_SIZE = 1;

    /** Left end, right end, count. */
    private static final int COLUMNS = 3;

    // HParamsPluginData, SessionStartInfo, SessionEndInfo, entries of a map, google.protobuf.Value
    private static final int SESSION_START = 3;
    private static final int SESSION_END = 4;
    private static final int HPARAMS = 1;
    private static final int START_TIME = 5;
    private static final int END_STATUS = 1;
    private static final int SUCCESS = 1;
    private static final int END_TIME = 2;
    private static final int KEY = 1;
    private static final int ENTRY_VALUE = 2;
    private static final int NUMBER = 2;
    private static final int WORDS = 3;
    private static final int TRUTH = 4;

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
        return summary(
                seconds, step, List.of(value(tag, "text", strings(List.of(), text.getBytes(StandardCharsets.UTF_8)))));
    }

    /** How values lie, by tags in the order of the map: left end, right end and count of each bin, a row each. */
    static byte[] histograms(double seconds, long step, Map<String, ValueHistogram> histograms) {
        List<byte[]> values = new ArrayList<>();
        histograms.forEach((tag, histogram) -> values.add(value(tag, "histograms", rows(histogram))));
        return summary(seconds, step, values);
    }

    /** A picture, as PNG. */
    static byte[] image(double seconds, long step, String tag, Picture picture) {
        byte[] tensor = strings(
                List.of(3L),
                Integer.toString(picture.width()).getBytes(StandardCharsets.US_ASCII),
                Integer.toString(picture.height()).getBytes(StandardCharsets.US_ASCII),
                picture.png());
        return summary(seconds, step, List.of(value(tag, "images", tensor)));
    }

    /** With what a run was started, for the table of all runs: numbers, truth values or texts by name. */
    static byte[] hyperparameters(double seconds, Map<String, Object> settings) {
        byte[] started = message(out -> {
            for (Map.Entry<String, Object> setting : settings.entrySet()) {
                out.writeByteArray(HPARAMS, message(entry -> {
                    entry.writeString(KEY, setting.getKey());
                    entry.writeByteArray(ENTRY_VALUE, structValue(setting.getValue()));
                }));
            }
            out.writeDouble(START_TIME, seconds);
        });
        return hparams(seconds, "_hparams_/session_start_info", SESSION_START, started);
    }

    /** The run whose {@link #hyperparameters} the file holds is over. */
    static byte[] end(double seconds) {
        byte[] ended = message(out -> {
            out.writeEnum(END_STATUS, SUCCESS);
            out.writeDouble(END_TIME, seconds);
        });
        return hparams(seconds, "_hparams_/session_end_info", SESSION_END, ended);
    }

    private static byte[] hparams(double seconds, String tag, int field, byte[] content) {
        byte[] plugin = message(out -> out.writeByteArray(field, content));
        byte[] nothing = message(out -> {
            out.writeEnum(DTYPE, FLOAT_TYPE);
            out.writeByteArray(SHAPE, shape(List.of(0L)));
        });
        return summary(seconds, 0, List.of(value(tag, metadata("hparams", plugin), nothing)));
    }

    private static byte[] structValue(Object value) {
        return message(out -> {
            switch (value) {
                case Number number -> out.writeDouble(NUMBER, number.doubleValue());
                case Boolean truth -> out.writeBool(TRUTH, truth);
                default -> out.writeString(WORDS, value.toString());
            }
        });
    }

    private static byte[] summary(double seconds, long step, List<byte[]> values) {
        return message(out -> {
            out.writeDouble(WALL_TIME, seconds);
            out.writeInt64(STEP, step);
            out.writeByteArray(SUMMARY, message(summary -> {
                for (byte[] value : values) {
                    summary.writeByteArray(VALUE, value);
                }
            }));
        });
    }

    private static byte[] value(String tag, String plugin, byte[] tensor) {
        return value(tag, metadata(plugin, new byte[0]), tensor);
    }

    private static byte[] value(String tag, byte[] metadata, byte[] tensor) {
        return message(fields -> {
            fields.writeString(TAG, tag);
            fields.writeByteArray(TENSOR, tensor);
            fields.writeByteArray(METADATA, metadata);
        });
    }

    private static byte[] metadata(String plugin, byte[] content) {
        return message(out -> out.writeByteArray(PLUGIN, message(data -> {
            data.writeString(PLUGIN_NAME, plugin);
            if (content.length > 0) {
                data.writeByteArray(PLUGIN_CONTENT, content);
            }
        })));
    }

    private static byte[] strings(List<Long> dimensions, byte[]... elements) {
        return message(out -> {
            out.writeEnum(DTYPE, STRING_TYPE);
            out.writeByteArray(SHAPE, shape(dimensions));
            for (byte[] element : elements) {
                out.writeByteArray(STRING, element);
            }
        });
    }

    private static byte[] rows(ValueHistogram histogram) {
        int bins = histogram.bins().size();
        ByteBuffer content = ByteBuffer.allocate(bins * COLUMNS * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < bins; i++) {
            content.putDouble(ValueHistogram.lower(histogram.bins().get(i)))
                    .putDouble(ValueHistogram.upper(histogram.bins().get(i)))
                    .putDouble((double) histogram.counts().get(i));
        }
        return message(out -> {
            out.writeEnum(DTYPE, DOUBLE_TYPE);
            out.writeByteArray(SHAPE, shape(List.of((long) bins, (long) COLUMNS)));
            out.writeByteArray(CONTENT, content.array());
        });
    }

    private static byte[] shape(List<Long> dimensions) {
        return message(out -> {
            for (long size : dimensions) {
                out.writeByteArray(DIMENSION, message(dimension -> dimension.writeInt64(DIMENSION_SIZE, size)));
            }
        });
    }
}
