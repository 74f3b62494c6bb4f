package io.ketju.data.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.ketju.data.BadDataException;
import io.ketju.tensor.Excerpt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of several safetensors files in one folder holds which tensor, as Hugging Face's libraries lay large models out:
 *
 * <pre>
 * model.safetensors.index.json      {"metadata":{"total_size":24},"weight_map":{"0.weight":"model-00001-of-00002.safetensors",...}}
 * model-00001-of-00002.safetensors
 * model-00002-of-00002.safetensors
 * </pre>
 *
 * @param totalBytes of the elements of all tensors
 * @param files names of files, without folders, by names of tensors
 */
public record ShardIndex(long totalBytes, Map<String, String> files) {
    /** What such a file is called beside the shards of {@code model.safetensors}. */
    public static final String FILE = "model.safetensors.index.json";

    private static final String ENDING = ".index.json";
    private static final long MOST_BYTES = 1 << 26;

    /** Copies the map, in its order. */
    public ShardIndex {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /**
     * {@return whether a file is called as an index is; nobody looks whether it is there}
     *
     * @param file by its name
     */
    public static boolean isIndex(Path file) {
        return String.valueOf(file.getFileName()).endsWith(ENDING);
    }

    /**
     * {@return the files that an index names, in the order in which it first names them}
     *
     * @param index the path of it; the files are in the same folder
     * @throws BadDataException if it cannot be read, or a file does not hold what it says, or holds more
     */
    public static List<Path> shards(Path index) {
        ShardIndex read = read(index);
        List<String> names = read.files.values().stream().distinct().toList();
        for (String name : names) {
            try (SafeTensorsReader reader = SafeTensorsReader.open(index.resolveSibling(name))) {
                for (TensorEntry entry : reader.entries()) {
                    if (!name.equals(read.files.get(entry.name()))) {
                        throw BadDataException.of(
                                index.toString(),
                                "tensor '" + entry.name() + "' in " + name,
                                where(read, entry.name()));
                    }
                }
                read.files.forEach((tensor, file) -> {
                    if (file.equals(name) && reader.entry(tensor).isEmpty()) {
                        throw BadDataException.of(
                                index.resolveSibling(name).toString(), "tensor '" + tensor + "'", "none of that name");
                    }
                });
            }
        }
        return names.stream().map(index::resolveSibling).toList();
    }

    private static String where(ShardIndex read, String tensor) {
        String file = read.files.get(tensor);
        return file == null ? "no such tensor" : file;
    }

    /** Reads an index alone; throws {@link BadDataException} if it is none. */
    static ShardIndex read(Path index) {
        try {
            if (Files.size(index) > MOST_BYTES) {
                throw BadDataException.of(index.toString(), "at most " + MOST_BYTES + " bytes", Files.size(index) + "");
            }
            try (JsonParser json = new JsonFactory().createParser(Files.readAllBytes(index))) {
                return read(json, index);
            }
        } catch (JsonProcessingException e) {
            throw BadDataException.of(index.toString(), "JSON", Excerpt.of(e.getOriginalMessage()) + "");
        } catch (IOException e) {
            throw BadDataException.unreadable(index.toString(), e);
        }
    }

    private static ShardIndex read(JsonParser json, Path index) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        long total = 0;
        require(json.nextToken() == JsonToken.START_OBJECT, index);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals("weight_map") && value == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String tensor = json.currentName();
                    require(json.nextToken() == JsonToken.VALUE_STRING, index);
                    files.put(tensor, requirePlain(json.getText(), index));
                }
            } else if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
                total = total(json);
            } else {
                json.skipChildren();
            }
        }
        require(!files.isEmpty(), index);
        return new ShardIndex(total, files);
    }

    private static long total(JsonParser json) throws IOException {
        long total = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            if (json.nextToken().isNumeric() && field.equals("total_size")) {
                total = (long) json.getDoubleValue();
            }
            json.skipChildren();
        }
        return total;
    }

    /** An index leads to no other folder. */
    private static String requirePlain(String name, Path index) {
        if (!name.matches("[\\w.+-]+\\.safetensors")) {
            throw BadDataException.of(
                    index.toString(), "names of .safetensors files beside it", "'" + Excerpt.of(name) + "'");
        }
        return name;
    }

    private static void require(boolean holds, Path index) {
        if (!holds) {
            throw BadDataException.of(
                    index.toString(), "an index of shards, with a weight_map from tensors to files", "other content");
        }
    }

    /** The file's content, in UTF-8. */
    byte[] toJson() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeObjectFieldStart("metadata");
            json.writeNumberField("total_size", totalBytes);
            json.writeEndObject();
            json.writeObjectFieldStart("weight_map");
            for (Map.Entry<String, String> entry : files.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
