package io.ketju.records.tensorboard;

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
     * @param others tensors of plugins by tag
     */
    record Event(long step, String kind, Map<String, Float> values, String text, Map<String, Other> others) {}

    /**
     * What a plugin shows.
     *
     * @param name of the plugin
     * @param content its own data of the tag
     * @param strings elements of a tensor of texts or files
     * @param numbers of a tensor of doubles
     */
    @SuppressWarnings("ArrayRecordComponent") // looked at, never compared
    record Other(String name, byte[] content, List<byte[]> strings, List<Double> numbers) {}

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
        Map<String, Other> others = new LinkedHashMap<>();
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
                        value(summary.readByteArray(), values, text, others);
                    }
                }
                case 7 -> {
                    kind = "start";
                    in.readByteArray();
                }
                default -> throw new IOException("field " + WireFormat.getTagFieldNumber(tag));
            }
        }
        return new Event(step, kind, values, text.toString(), others);
    }

    private static void value(byte[] bytes, Map<String, Float> values, StringBuilder text, Map<String, Other> others)
            throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        String name = "";
        byte[] tensor = new byte[0];
        byte[] metadata = new byte[0];
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> name = in.readString();
                case 2 -> values.put(name, in.readFloat());
                case 8 -> tensor = in.readByteArray();
                case 9 -> metadata = in.readByteArray();
                default -> throw new IOException("field " + WireFormat.getTagFieldNumber(tag));
            }
        }
        if (metadata.length > 0) {
            Other other = other(metadata, tensor);
            others.put(name, other);
            if (other.name().equals("text")) {
                other.strings().forEach(element -> text.append(new String(element, StandardCharsets.UTF_8)));
            }
        }
    }

    private static Other other(byte[] metadata, byte[] tensor) throws IOException {
        List<byte[]> plugin = fields(fields(metadata, 1).getFirst(), 1);
        List<byte[]> content = fields(fields(metadata, 1).getFirst(), 2);
        List<Double> numbers = new ArrayList<>();
        for (byte[] packed : fields(tensor, 4)) {
            ByteBuffer doubles = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
            while (doubles.hasRemaining()) {
                numbers.add(doubles.getDouble());
            }
        }
        return new Other(
                new String(plugin.getFirst(), StandardCharsets.UTF_8),
                content.isEmpty() ? new byte[0] : content.getFirst(),
                fields(tensor, 8),
                numbers);
    }

    /** All values of a field that are messages, texts or bytes. */
    static List<byte[]> fields(byte[] message, int number) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        List<byte[]> found = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == number
                    && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                found.add(in.readByteArray());
            } else {
                in.skipField(tag);
            }
        }
        return found;
    }
}
