package io.ketju.data.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a file.
 *
 * <pre>
 * offset  size
 *      0     8   header length n, unsigned little-endian
 *      8     n   {"__metadata__":{"key":"value"},"name":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}, ...}
 *                filled up with spaces so that 8 + n is a multiple of 8
 *  8 + n         data; offsets count from here, little-endian, row-major, in the order of the offsets without gaps
 * </pre>
 *
 * @param metadata free text under keys, in the order of the file
 * @param entries in the order of their data
 */
public record SafeTensorsHeader(Map<String, String> metadata, List<TensorEntry> entries) {
    /** Longest header that is read or written: room for about 100,000 tensors. */
    public static final int MAX_BYTES = 16 << 20;

    /** Most tensors in one file. */
    public static final int MAX_TENSORS = 1 << 16;

    static final String METADATA = "__metadata__";
    static final String DTYPE = "dtype";
    static final String SHAPE = "shape";
    static final String OFFSETS = "data_offsets";
    static final int LENGTH_BYTES = Long.BYTES;
    static final int ALIGNMENT = 8;

    /** Copies both, in their order. */
    public SafeTensorsHeader {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        entries = List.copyOf(entries);
    }

    /** Lays tensors out one after another in the given order. */
    static SafeTensorsHeader of(List<NamedTensor> tensors, Map<String, String> metadata) {
        List<TensorEntry> entries = new ArrayList<>(tensors.size());
        long begin = 0;
        for (NamedTensor named : tensors) {
            ElementType type = ElementType.of(named.tensor().dtype());
            long end = begin + named.tensor().shape().bytes();
            entries.add(new TensorEntry(named.name(), type, named.tensor().shape(), begin, end));
            begin = end;
        }
        return new SafeTensorsHeader(metadata, entries);
    }

    /** The JSON text in UTF-8 with the spaces after it. */
    byte[] toJson() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(METADATA);
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            for (TensorEntry entry : entries) {
                write(json, entry);
            }
            json.writeEndObject();
        }
        while ((LENGTH_BYTES + bytes.size()) % ALIGNMENT != 0) {
            bytes.write(' ');
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, TensorEntry entry) throws IOException {
        json.writeObjectFieldStart(entry.name());
        json.writeStringField(DTYPE, entry.type().name());
        json.writeFieldName(SHAPE);
        json.writeArray(entry.shape().toArray(), 0, entry.shape().rank());
        json.writeFieldName(OFFSETS);
        json.writeArray(new long[] {entry.begin(), entry.end()}, 0, 2);
        json.writeEndObject();
    }
}
