package io.ketju.data.table;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An encoding as JSON:
 *
 * <pre>
 * [{"name":"bill_length_mm","mean":43.9,"std":5.4},{"name":"sex","words":["female","male"]}]
 * </pre>
 */
public final class TableEncodingJson {
    private TableEncodingJson() {}

    /** Writes the array. */
    public static void write(TableEncoding encoding, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (TableColumn column : encoding.columns()) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            switch (column) {
                case TableColumn.Numbers numbers -> {
                    json.writeNumberField("mean", numbers.mean());
                    json.writeNumberField("std", numbers.std());
                }
                case TableColumn.Words words -> {
                    json.writeFieldName("words");
                    json.writeArray(
                            words.words().toArray(String[]::new),
                            0,
                            words.words().size());
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Reads the array that begins at the current token; throws {@link IllegalArgumentException} if it is none. */
    public static TableEncoding read(JsonParser json) throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY);
        List<TableColumn> columns = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            columns.add(column(json));
        }
        require(json.currentToken() == JsonToken.END_ARRAY);
        return new TableEncoding(columns);
    }

    private static TableColumn column(JsonParser json) throws IOException {
        String name = "";
        double mean = Double.NaN;
        double std = Double.NaN;
        List<String> words = new ArrayList<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = json.getText();
                case "mean" -> mean = json.getDoubleValue();
                case "std" -> std = json.getDoubleValue();
                case "words" -> {
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        require(json.currentToken() == JsonToken.VALUE_STRING);
                        words.add(json.getText());
                    }
                }
                default -> throw new IllegalArgumentException("unknown field");
            }
        }
        boolean numbers = Double.isFinite(mean) && std > 0;
        require(!name.isEmpty() && numbers == words.isEmpty());
        return numbers ? new TableColumn.Numbers(name, mean, std) : new TableColumn.Words(name, words);
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("not an encoding of a table");
        }
    }
}
