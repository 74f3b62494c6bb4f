package io.ketju.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ketju.data.file.DurableFile;
import io.ketju.data.image.Normalization;
import io.ketju.data.table.TableEncoding;
import io.ketju.data.table.TableEncodingJson;
import io.ketju.data.table.Tables;
import io.ketju.data.text.LargeText;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.TextEncodingJson;
import io.ketju.data.text.TextFile;
import io.ketju.data.text.TextWindows;
import io.ketju.data.text.Translations;
import io.ketju.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of the inputs that a model learnt from to use it without them. A run keeps it as
 * {@value #FILE}:
 *
 * <pre>
 * {"format":1,"shape":[1,28,28],"minimum":-0.81,"maximum":2.02,"mean":0.286,"std":0.353,"classNames":["T-shirt/top",...]}
 * </pre>
 *
 * @param shape of one sample
 * @param range of the training inputs, where it is known
 * @param normalization of pixels from 0 to 255, where inputs are made of such
 * @param classNames what the outputs mean, in their order: classes, labels or measures; empty where they have no names
 * @param table how a row becomes an input, where inputs were rows of a table; {@code "columns"} in the file
 * @param text how a text becomes tokens, where inputs were such
 * @param translated how translations do, where targets were such; {@code "translated"} in the file
 */
public record InputProfile(
        Shape shape,
        Optional<ValueRange> range,
        Optional<Normalization> normalization,
        List<String> classNames,
        Optional<TableEncoding> table,
        Optional<TextEncoding> text,
        Optional<TextEncoding> translated) {
    /** Its name in the folder of a run. */
    public static final String FILE = "inputs.json";

    private static final int FORMAT = 1;
    private static final long MOST_BYTES = 1 << 26;

    /** Copies the list. */
    public InputProfile {
        classNames = List.copyOf(classNames);
    }

    /**
     * Describes inputs that are no text.
     *
     * @param shape of one sample
     * @param range of the training inputs, where it is known
     * @param normalization of pixels from 0 to 255, where inputs are made of such
     * @param classNames what the outputs mean, in their order; empty where they have no names
     * @param table how a row becomes an input, where inputs were rows of a table
     */
    public InputProfile(
            Shape shape,
            Optional<ValueRange> range,
            Optional<Normalization> normalization,
            List<String> classNames,
            Optional<TableEncoding> table) {
        this(shape, range, normalization, classNames, table, Optional.empty(), Optional.empty());
    }

    /**
     * {@return what is to be known of training data}
     *
     * @param train of which up to 1,000 samples are read, for their range
     */
    public static InputProfile of(Dataset train) {
        return new InputProfile(
                train.inputShape(),
                ValueRange.of(train),
                train.pixelNormalization(),
                train.outputNames(),
                train.tableEncoding(),
                train.textEncoding(),
                train.translations().map(Translations::target));
    }

    /**
     * Another text in windows, as a run on a text reads them: to evaluate its model on.
     *
     * @param file UTF-8 text
     * @return windows as long as a sample, whose inputs do not overlap, in the tokens of the training text
     * @throws BadDataException if it is too short, or nothing of it is known
     * @throws IllegalStateException if inputs were no text
     */
    public Dataset windows(Path file) {
        TextEncoding encoding = text.orElseThrow(() -> new IllegalStateException("inputs were no text"));
        TextWindows.Cut cut = new TextWindows.Cut(shape.dimension(0), shape.dimension(0));
        String name = String.valueOf(file.getFileName());
        return LargeText.is(file)
                ? LargeText.windows(name, file, encoding, cut)
                : new TextWindows(name, encoding, encoding.encode(TextFile.read(file)), cut);
    }

    /**
     * All rows of a CSV file as a run on another table reads them: to evaluate its model on.
     *
     * @param file with a header
     * @param targets columns of the file that hold what the run learnt
     * @return one sample per row
     * @throws BadDataException if columns are not there, or a field is none that its column can have
     * @throws IllegalStateException if inputs were no rows of a table
     */
    public Dataset rows(Path file, List<String> targets) {
        TableEncoding encoding = table.orElseThrow(() -> new IllegalStateException("inputs were no rows of a table"));
        // Targets of numbers give the outputs their names.
        return Tables.others(file, encoding, targets, targets.equals(classNames) ? List.of() : classNames);
    }

    /**
     * Writes it into the folder of a run, as {@value #FILE}.
     *
     * @param folder that is there
     * @throws IOException if it cannot be written; a file that was there is as before
     */
    public void write(Path folder) throws IOException {
        writeFile(folder.resolve(FILE));
    }

    /**
     * Writes the same as a file of any name.
     *
     * @param file in a folder that is there
     * @throws IOException if it cannot be written; a file that was there is as before
     */
    public void writeFile(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("format", FORMAT);
            json.writeFieldName("shape");
            json.writeArray(shape.toArray(), 0, shape.rank());
            if (range.isPresent()) {
                json.writeNumberField("minimum", range.get().minimum());
                json.writeNumberField("maximum", range.get().maximum());
            }
            if (normalization.isPresent()) {
                numbers("mean", normalization.get().means(), json);
                numbers("std", normalization.get().stds(), json);
            }
            json.writeFieldName("classNames");
            json.writeArray(classNames.toArray(String[]::new), 0, classNames.size());
            if (table.isPresent()) {
                json.writeFieldName("columns");
                TableEncodingJson.write(table.get(), json);
            }
            if (text.isPresent()) {
                json.writeFieldName("text");
                TextEncodingJson.write(text.get(), json);
            }
            if (translated.isPresent()) {
                json.writeFieldName("translated");
                TextEncodingJson.write(translated.get(), json);
            }
            json.writeEndObject();
        }
        ByteBuffer content = ByteBuffer.wrap(bytes.toByteArray());
        DurableFile.write(file, out -> {
            while (content.hasRemaining()) {
                out.write(content);
            }
        });
    }

    /** One number as such, several as an array. */
    private static void numbers(String name, List<Float> numbers, JsonGenerator json) throws IOException {
        if (numbers.size() == 1) {
            json.writeNumberField(name, numbers.getFirst());
            return;
        }
        json.writeArrayFieldStart(name);
        for (float number : numbers) {
            json.writeNumber(number);
        }
        json.writeEndArray();
    }

    /**
     * Reads it from the folder of a run.
     *
     * @param folder of the run
     * @return what {@link #write} wrote; empty if there is none
     * @throws BadDataException if it is damaged or of another version
     */
    public static Optional<InputProfile> read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw BadDataException.of(file.toString(), "at most " + MOST_BYTES + " bytes", "" + Files.size(file));
            }
            try (JsonParser json = new JsonFactory().createParser(Files.readAllBytes(file))) {
                return Optional.of(new Fields().read(json));
            }
        } catch (IOException | IllegalArgumentException e) {
            if (e instanceof BadDataException bad) {
                throw bad;
            }
            throw BadDataException.of(
                    file.toString(),
                    "what a run of this version writes",
                    "other content (damaged, or of another version)");
        }
    }

    /** The fields while they are read. */
    private static final class Fields {
        private int format;
        private final List<Integer> shape = new ArrayList<>();
        private final List<String> classNames = new ArrayList<>();
        private @Nullable Float minimum;
        private @Nullable Float maximum;
        private List<Float> mean = List.of();
        private List<Float> std = List.of();
        private @Nullable TableEncoding table;
        private @Nullable TextEncoding text;
        private @Nullable TextEncoding translated;

        InputProfile read(JsonParser json) throws IOException {
            require(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "format" -> format = json.getIntValue();
                    case "minimum" -> minimum = json.getFloatValue();
                    case "maximum" -> maximum = json.getFloatValue();
                    case "mean" -> mean = numbers(json);
                    case "std" -> std = numbers(json);
                    case "columns" -> table = TableEncodingJson.read(json);
                    case "text" -> text = TextEncodingJson.read(json);
                    case "translated" -> translated = TextEncodingJson.read(json);
                    case "shape" -> {
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            shape.add(json.getIntValue());
                        }
                    }
                    case "classNames" -> {
                        while (json.nextToken() != JsonToken.END_ARRAY) {
                            require(json.currentToken() == JsonToken.VALUE_STRING);
                            classNames.add(json.getText());
                        }
                    }
                    default -> throw new IllegalArgumentException("unknown field");
                }
            }
            require(format == FORMAT && json.nextToken() == null);
            return new InputProfile(
                    Shape.of(shape.stream().mapToInt(Integer::intValue).toArray()),
                    minimum == null || maximum == null
                            ? Optional.empty()
                            : Optional.of(new ValueRange(minimum, maximum)),
                    mean.isEmpty() && std.isEmpty() ? Optional.empty() : Optional.of(new Normalization(mean, std)),
                    classNames,
                    Optional.ofNullable(table),
                    Optional.ofNullable(text),
                    Optional.ofNullable(translated));
        }

        private static List<Float> numbers(JsonParser json) throws IOException {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                return List.of(json.getFloatValue());
            }
            List<Float> numbers = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                numbers.add(json.getFloatValue());
            }
            return numbers;
        }

        private static void require(boolean holds) {
            if (!holds) {
                throw new IllegalArgumentException("not an input profile");
            }
        }
    }
}
