package io.ketju.browser;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** JSON as maps, lists, texts, doubles, booleans and nulls, and back. */
public final class JsonTree {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonTree() {}

    static @Nullable Object read(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            return value(parser, parser.nextToken());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> made = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    made.put(parser.currentName(), value(parser, parser.nextToken()));
                }
                yield made;
            }
            case START_ARRAY -> {
                List<@Nullable Object> made = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    made.add(value(parser, next));
                }
                yield made;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    static String write(Map<String, ?> value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    json.writeFieldName(entry.getKey().toString());
                    write(json, entry.getValue());
                }
                json.writeEndObject();
            }
            case List<?> list -> {
                json.writeStartArray();
                for (Object one : list) {
                    write(json, one);
                }
                json.writeEndArray();
            }
            case Boolean flag -> json.writeBoolean(flag);
            case Integer number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            default -> json.writeString(value.toString());
        }
    }

    /** What lies behind some names, one in the other. */
    @SuppressWarnings("unchecked")
    public static @Nullable Object at(@Nullable Object tree, String... names) {
        Object at = tree;
        for (String name : names) {
            at = at == null ? null : ((Map<String, @Nullable Object>) at).get(name);
        }
        return at;
    }

    public static String text(@Nullable Object tree, String... names) {
        return Objects.requireNonNull(at(tree, names), () -> String.join(".", names))
                .toString();
    }

    @SuppressWarnings("unchecked")
    public static List<@Nullable Object> list(@Nullable Object tree, String... names) {
        return (List<@Nullable Object>) Objects.requireNonNull(at(tree, names), () -> String.join(".", names));
    }
}
