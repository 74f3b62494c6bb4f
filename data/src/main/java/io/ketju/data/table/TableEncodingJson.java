package io.ketju.data.table;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * An encoding as JSON:
 *
 * <pre>
 * [{"name":"bill_length_mm","mean":43.9,"std":5.4},{"name":"sex","words":["female","male"]}]
 * </pre>
 *
 * A number that stands for missing ones is {@code "fill"}, words of which one may be missing have {@code "fills":true}. Where the
 * file was no plain CSV, the array is within an object: {@code {"columns":[...],"delimiter":";","missing":["NA"],"drop":true}}.
 */
public final class TableEncodingJson {
    private TableEncodingJson() {}

    /**
     * Writes the array, or the object.
     *
     * @param encoding to write
     * @param json where a value may stand; stays open
     * @throws IOException if it cannot be written
     */
    public static void write(TableEncoding encoding, JsonGenerator json) throws IOException {
        TableFormat format = encoding.format();
        if (format.equals(TableFormat.CSV)) {
            columns(encoding, json);
            return;
        }
        json.writeStartObject();
        json.writeFieldName("columns");
        columns(encoding, json);
        json.writeStringField("delimiter", String.valueOf(format.delimiter()));
        json.writeFieldName("missing");
        json.writeArray(
                format.missing().toArray(String[]::new), 0, format.missing().size());
        json.writeBooleanField("drop", format.drop());
        json.writeEndObject();
    }

    private static void columns(TableEncoding encoding, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (TableColumn column : encoding.columns()) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            switch (column) {
                case TableColumn.Numbers numbers -> {
                    json.writeNumberField("mean", numbers.mean());
                    json.writeNumberField("std", numbers.std());
                    if (numbers.fill().isPresent()) {
                        json.writeNumberField("fill", numbers.fill().getAsDouble());
                    }
                }
                case TableColumn.Words words -> {
                    json.writeFieldName("words");
                    json.writeArray(
                            words.words().toArray(String[]::new),
                            0,
                            words.words().size());
                    if (words.fills()) {
                        json.writeBooleanField("fills", true);
                    }
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /**
     * Reads what begins at the current token.
     *
     * @param json stands at the begin of the array or object, and in the end at its end
     * @return the encoding
     * @throws IllegalArgumentException if it is none
     * @throws IOException if it is no JSON, or cannot be read
     */
    public static TableEncoding read(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            return new TableEncoding(columns(json));
        }
        require(json.currentToken() == JsonToken.START_OBJECT);
        List<TableColumn> columns = List.of();
        List<String> missing = new ArrayList<>();
        String delimiter = "";
        boolean drop = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "columns" -> columns = columns(json);
                case "delimiter" -> delimiter = json.getText();
                case "missing" -> words(json, missing);
                case "drop" -> drop = json.getBooleanValue();
                default -> throw new IllegalArgumentException("unknown field");
            }
        }
        require(!columns.isEmpty() && delimiter.length() == 1);
        return new TableEncoding(columns, new TableFormat(delimiter.charAt(0), missing, drop));
    }

    private static void words(JsonParser json, List<String> words) throws IOException {
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_STRING);
            words.add(json.getText());
        }
    }

    private static List<TableColumn> columns(JsonParser json) throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY);
        List<TableColumn> columns = new ArrayList<>();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            columns.add(column(json));
        }
        require(json.currentToken() == JsonToken.END_ARRAY);
        return columns;
    }

    private static TableColumn column(JsonParser json) throws IOException {
        String name = "";
        double mean = Double.NaN;
        double std = Double.NaN;
        OptionalDouble fill = OptionalDouble.empty();
        boolean fills = false;
        List<String> words = new ArrayList<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "name" -> name = json.getText();
                case "mean" -> mean = json.getDoubleValue();
                case "std" -> std = json.getDoubleValue();
                case "fill" -> fill = OptionalDouble.of(json.getDoubleValue());
                case "fills" -> fills = json.getBooleanValue();
                case "words" -> words(json, words);
                default -> throw new IllegalArgumentException("unknown field");
            }
        }
        boolean numbers = Double.isFinite(mean) && std > 0;
        require(!name.isEmpty() && numbers == words.isEmpty());
        return numbers ? new TableColumn.Numbers(name, mean, std, fill) : new TableColumn.Words(name, words, fills);
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("not an encoding of a table");
        }
    }
}
