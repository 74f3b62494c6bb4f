package io.ketju.actors.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a manifest from a file that is not trusted. Accepts the one text that {@link Manifest#toJson} gives, and says
 * where another one differs. Nothing nests deeper than the format does: there is no recursion.
 */
final class ManifestParser {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names come from outside and are not seen twice: the shared symbol table would only keep them for ever.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private static final List<String> FIELDS =
            List.of("format", "step", "incarnation", "jobHash", "arithmetic", "shards", "sha256");
    private static final List<String> SHARD_FIELDS = List.of("file", "bytes", "sha256");

    private final String where;
    private final JsonParser json;
    private final List<Shard> shards = new ArrayList<>();
    private long step;
    private int incarnation;
    private String jobHash = "";
    private String arithmetic = "";
    private String progress = "";
    private String sha256 = "";

    private ManifestParser(String where, JsonParser json) {
        this.where = where;
        this.json = json;
    }

    /** Throws {@link DamagedCheckpointException} with one line that begins with {@code where}. */
    static Manifest parse(String text, String where) {
        try (JsonParser json = JSON.createParser(text)) {
            ManifestParser parser = new ManifestParser(where, json);
            parser.read();
            Manifest manifest = new Manifest(
                    parser.step, parser.incarnation, parser.jobHash, parser.arithmetic, parser.shards, parser.progress);
            parser.requireOwnText(manifest, text);
            return manifest;
        } catch (JsonProcessingException e) {
            throw notAManifest(where, oneLine(e.getOriginalMessage()), e);
        } catch (IllegalArgumentException | IOException e) {
            throw notAManifest(where, oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    private void read() throws IOException {
        require(json.nextToken() == JsonToken.START_OBJECT, "expected an object");
        Set<String> found = new LinkedHashSet<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            readField(name);
            found.add(name);
        }
        require(json.currentToken() == JsonToken.END_OBJECT, "expected a name or '}'");
        require(json.nextToken() == null, "expected nothing after the '}'");
        requireAll(FIELDS, found, "");
    }

    private void readField(String name) throws IOException {
        switch (name) {
            case "format" -> requireFormat(whole(name));
            case "step" -> step = whole(name);
            case "incarnation" -> {
                whole(name);
                incarnation = json.getIntValue();
            }
            case "jobHash" -> jobHash = text(name);
            case "arithmetic" -> arithmetic = text(name);
            case "progress" -> progress = text(name);
            case "shards" -> readShards();
            case "sha256" -> sha256 = text(name);
            default -> require(false, "unknown field '" + Excerpt.of(name) + "'");
        }
    }

    private void readShards() throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY, "shards: expected an array");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            String shard = "shards[" + shards.size() + "]";
            require(json.currentToken() == JsonToken.START_OBJECT, shard + ": expected an object");
            readShard(shard);
        }
    }

    private void readShard(String shard) throws IOException {
        String file = "";
        long bytes = 0;
        String digest = "";
        Set<String> found = new LinkedHashSet<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            switch (name) {
                case "file" -> file = text(shard + ".file");
                case "bytes" -> bytes = whole(shard + ".bytes");
                case "sha256" -> digest = text(shard + ".sha256");
                default -> require(false, shard + ": unknown field '" + Excerpt.of(name) + "'");
            }
            found.add(name);
        }
        require(json.currentToken() == JsonToken.END_OBJECT, shard + ": expected a name or '}'");
        requireAll(SHARD_FIELDS, found, shard + ": ");
        shards.add(new Shard(file, bytes, digest));
    }

    private long whole(String field) throws IOException {
        require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, field + ": expected a whole number");
        return json.getLongValue();
    }

    private String text(String field) throws IOException {
        require(json.currentToken() == JsonToken.VALUE_STRING, field + ": expected a text");
        return json.getText();
    }

    /** Before anything else of another format is complained about. */
    private void requireFormat(long format) {
        if (format != Manifest.FORMAT && format != Manifest.FORMAT_WITH_PROGRESS) {
            throw new DamagedCheckpointException(
                    where + ": manifest format " + format + ", this version reads " + Manifest.FORMAT + " and "
                            + Manifest.FORMAT_WITH_PROGRESS + "; use the Ketju version that wrote it");
        }
    }

    /** The digest stands in the text, so this compares it too, and every space besides. */
    private void requireOwnText(Manifest manifest, String text) {
        String own = manifest.toJson();
        if (!own.equals(text)) {
            throw new DamagedCheckpointException(where + ": damaged: "
                    + (own.endsWith("\"" + sha256 + "\"\n}\n")
                            ? "expected the very text that was written, found other spaces or line ends"
                            : "its fields do not have the SHA-256 that it says, '" + Excerpt.of(sha256) + "'"));
        }
    }

    private static void requireAll(List<String> wanted, Set<String> found, String prefix) {
        for (String name : wanted) {
            require(found.contains(name), prefix + "no field '" + name + "'");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static DamagedCheckpointException notAManifest(String where, String reason, Exception cause) {
        return new DamagedCheckpointException(where + ": not a manifest: " + reason, cause);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
