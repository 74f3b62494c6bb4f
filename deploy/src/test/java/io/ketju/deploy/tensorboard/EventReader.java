package io.ketju.deploy.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads event files as TensorBoard does: records by length and checksums, events by the numbers of their fields. */
final class EventReader {
    /**
     * An event of a file.
     *
     * @param kind {@code version}, {@code start} or {@code summary}
     * @param values numbers by tag
     * @param text what a text says, or the version
     */
    record Event(long step, String kind, Map<String, Float> values, String text) {}

    private EventReader() {}

    static List<Event> read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (bytes.hasRemaining()) {
            byte[] length = new byte[Long.BYTES];
            bytes.get(bytes.position(), length);
            byte[] record = new byte[Math.toIntExact(bytes.getLong())];
            assertThat(bytes.getInt()).isEqualTo(EventFile.masked(length, length.length));
            bytes.get(record);
            assertThat(bytes.getInt()).isEqualTo(EventFile.masked(record, record.length));
            events.add(event(record));
        }
        return events;
    }

    private static Event event(byte[] record) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(record);
        long step = 0;
        String kind = "";
        Map<String, Float> values = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> assertThat(in.readDouble()).isGreaterThan(1.7e9);
                case 2 -> step = in.readInt64();
                case 3 -> {
                    kind = "version";
                    text.append(in.readString());
                }
                case 5 -> {
                    kind = "summary";
                    CodedInputStream summary = CodedInputStream.newInstance(in.readByteArray());
                    while (summary.readTag() != 0) {
                        value(CodedInputStream.newInstance(summary.readByteArray()), values, text);
                    }
                }
                case 7 -> {
                    kind = "start";
                    in.readByteArray();
                }
                default -> throw new IOException("field " + WireFormat.getTagFieldNumber(tag));
            }
        }
        return new Event(step, kind, values, text.toString());
    }

    private static void value(CodedInputStream in, Map<String, Float> values, StringBuilder text) throws IOException {
        String name = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> name = in.readString();
                case 2 -> values.put(name, in.readFloat());
                case 8 -> {
                    CodedInputStream tensor = CodedInputStream.newInstance(in.readByteArray());
                    for (int field = tensor.readTag(); field != 0; field = tensor.readTag()) {
                        if (WireFormat.getTagFieldNumber(field) == 8) {
                            text.append(new String(tensor.readByteArray(), StandardCharsets.UTF_8));
                        } else {
                            tensor.skipField(field);
                        }
                    }
                }
                default -> in.skipField(tag);
            }
        }
    }
}
