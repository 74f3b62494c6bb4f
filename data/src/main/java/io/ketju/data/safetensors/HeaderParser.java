package io.ketju.data.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.ketju.data.BadDataException;
import io.ketju.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of a header from a source that is not trusted. Accepts nothing that the format does not have. */
final class HeaderParser {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names come from outside and are not seen twice: the shared symbol table would only keep them for ever.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final String source;
    private final long dataBytes;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<TensorEntry> entries = new ArrayList<>();

    private HeaderParser(String source, long dataBytes) {
        this.source = source;
        this.dataBytes = dataBytes;
    }

    /**
     * Reads and checks a header.
     *
     * @param source what errors call the file
     * @param dataBytes bytes of the file after the header, which the tensors must cover exactly
     * @throws BadDataException at the first thing that is not as it must be
     */
    static SafeTensorsHeader parse(byte[] header, String source, long dataBytes) {
        HeaderParser parser = new HeaderParser(source, dataBytes);
        parser.parse(header);
        parser.checkLayout();
        return new SafeTensorsHeader(parser.metadata, parser.entries);
    }

    /**
     * The same of a file that has not come yet, and whose length is not known: what its tensors cover, it must turn out to have.
     *
     * @throws BadDataException at the first thing that is not as it must be
     */
    static SafeTensorsHeader parseStart(byte[] header, String source) {
        HeaderParser parser = new HeaderParser(source, Long.MAX_VALUE);
        parser.parse(header);
        parser.checkOrder();
        return new SafeTensorsHeader(parser.metadata, parser.entries);
    }

    private void parse(byte[] header) {
        if (header.length == 0 || header[0] != '{') {
            throw BadDataException.atByte(
                    source,
                    SafeTensorsHeader.LENGTH_BYTES,
                    "'{'",
                    header.length == 0 ? "an empty header" : "byte %02x".formatted(header[0]));
        }
        try (JsonParser json = JSON.createParser(decoded(header))) {
            json.nextToken();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                if (name.equals(SafeTensorsHeader.METADATA)) {
                    readMetadata(json);
                } else {
                    readEntry(json, name);
                }
            }
            require(json.currentToken() == JsonToken.END_OBJECT, "header", "a name or '}'", json);
            json.nextToken();
            require(json.currentToken() == null, "header", "nothing but spaces after the '}'", json);
        } catch (JsonProcessingException e) {
            throw bad("header", "JSON", oneLine(e.getOriginalMessage()) + place(e));
        } catch (CharacterCodingException e) {
            throw bad("header", "UTF-8", "bytes that are not");
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    /** As it is read on: the whole text at once would take several times the memory of its bytes. */
    private static Reader decoded(byte[] header) {
        return new InputStreamReader(new ByteArrayInputStream(header), StandardCharsets.UTF_8.newDecoder());
    }

    private void readMetadata(JsonParser json) throws IOException {
        String where = SafeTensorsHeader.METADATA;
        require(json.nextToken() == JsonToken.START_OBJECT, where, "an object of strings", json);
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            require(json.nextToken() == JsonToken.VALUE_STRING, where + " '" + shown(key) + "'", "a string", json);
            metadata.put(key, json.getText());
        }
        require(json.currentToken() == JsonToken.END_OBJECT, where, "a name or '}'", json);
    }

    private void readEntry(JsonParser json, String name) throws IOException {
        String where = tensor(name);
        if (entries.size() == SafeTensorsHeader.MAX_TENSORS) {
            throw bad("header", "at most " + SafeTensorsHeader.MAX_TENSORS + " tensors", "more");
        }
        require(json.nextToken() == JsonToken.START_OBJECT, where, "an object", json);
        ElementType type = null;
        long[] shape = null;
        long[] offsets = null;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            json.nextToken();
            switch (key) {
                case SafeTensorsHeader.DTYPE -> type = readType(json, where);
                case SafeTensorsHeader.SHAPE -> shape = readNumbers(json, where + " shape", Shape.MAX_RANK);
                case SafeTensorsHeader.OFFSETS -> offsets = readNumbers(json, where + " data_offsets", 2);
                default -> throw bad(where, "dtype, shape and data_offsets", "'" + shown(key) + "'");
            }
        }
        require(json.currentToken() == JsonToken.END_OBJECT, where, "a name or '}'", json);
        if (type == null || shape == null || offsets == null) {
            throw bad(where, "dtype, shape and data_offsets", "no " + missing(type, shape));
        }
        entries.add(entry(name, type, shape, offsets));
    }

    private static String missing(@Nullable ElementType type, long @Nullable [] shape) {
        if (type == null) {
            return SafeTensorsHeader.DTYPE;
        }
        return shape == null ? SafeTensorsHeader.SHAPE : SafeTensorsHeader.OFFSETS;
    }

    private ElementType readType(JsonParser json, String where) throws IOException {
        require(json.currentToken() == JsonToken.VALUE_STRING, where + " dtype", "a string", json);
        String name = json.getText();
        return ElementType.named(name)
                .orElseThrow(() -> bad(where + " dtype", "one of the format's, such as F32", "'" + shown(name) + "'"));
    }

    private long[] readNumbers(JsonParser json, String where, int most) throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY, where, "an array of numbers", json);
        long[] numbers = new long[most];
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, where, "whole numbers", json);
            if (count == most) {
                throw bad(where, "at most " + most + " numbers", "more");
            }
            long number = json.getLongValue();
            if (number < 0) {
                throw bad(where, "numbers from 0 up", "" + number);
            }
            numbers[count++] = number;
        }
        return Arrays.copyOf(numbers, count);
    }

    private TensorEntry entry(String name, ElementType type, long[] dimensions, long[] offsets) {
        if (offsets.length != 2 || offsets[0] > offsets[1] || offsets[1] > dataBytes) {
            throw bad(
                    tensor(name) + " data_offsets",
                    "[begin, end] within the " + dataBytes + " bytes of data",
                    Arrays.toString(offsets));
        }
        Shape shape = shape(name, dimensions);
        long bytes = (long) shape.elements() * type.bytes();
        if (bytes != offsets[1] - offsets[0]) {
            throw bad(
                    tensor(name),
                    bytes + " bytes for " + type + " " + shape,
                    "data_offsets " + Arrays.toString(offsets) + " = " + (offsets[1] - offsets[0]) + " bytes");
        }
        return new TensorEntry(name, type, shape, offsets[0], offsets[1]);
    }

    private Shape shape(String name, long[] dimensions) {
        long elements = 1;
        int[] sizes = new int[dimensions.length];
        for (int i = 0; i < dimensions.length; i++) {
            // Each factor is below 2^31 when it is used, so the product cannot overflow before it is refused.
            if (dimensions[i] <= Integer.MAX_VALUE) {
                elements *= dimensions[i];
            }
            if (dimensions[i] > Integer.MAX_VALUE || elements > Integer.MAX_VALUE) {
                throw bad(tensor(name) + " shape", "at most 2^31-1 elements", Arrays.toString(dimensions));
            }
            sizes[i] = (int) dimensions[i];
        }
        return Shape.of(sizes);
    }

    private void checkLayout() {
        long end = checkOrder();
        if (end != dataBytes) {
            throw BadDataException.of(
                    source, end + " bytes of data after the header, as its tensors add up to", dataBytes + " bytes");
        }
    }

    // Sorted by offset, each tensor must begin where the one before ended: no gap, no overlap. Returns where the last
    // one ends.
    private long checkOrder() {
        entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
        long end = 0;
        for (TensorEntry entry : entries) {
            if (entry.begin() != end) {
                throw bad(
                        tensor(entry.name()),
                        "to begin at offset " + end + ", where the tensor before it ends",
                        entry.begin() + (entry.begin() < end ? " (overlap)" : " (gap)"));
            }
            end = entry.end();
        }
        return end;
    }

    private void require(boolean condition, String where, String expected, JsonParser json) {
        if (!condition) {
            JsonToken token = json.currentToken();
            throw bad(where, expected, token == null ? "the end of the header" : token.name());
        }
    }

    private BadDataException bad(String where, String expected, String found) {
        return BadDataException.of(source + ", " + where, expected, found);
    }

    private static String tensor(String name) {
        return "tensor '" + shown(name) + "'";
    }

    // Names and values of a hostile file can be megabytes long or hold line ends.
    private static String shown(String text) {
        String line = oneLine(text);
        return line.length() <= 60 ? line : line.substring(0, 60) + "...";
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null ? "" : " at character " + e.getLocation().getCharOffset() + " of it";
    }
}
