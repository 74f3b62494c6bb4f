package io.ketju.data.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.ketju.data.BadDataException;
import io.ketju.data.text.BytePairTokenizer.Merge;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Tokens with their numbers, as files of Hugging Face's libraries have them, and how large such a file may be. */
final class NumberedTokens {
    /** Tokens of a file at most, and merges, and fields. */
    static final int MOST = 1 << 20;

    private static final long MOST_BYTES = 1 << 26;

    /** A name comes once, and tokens are not kept as names for other files. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private NumberedTokens() {}

    /** What is made of the object of a file; begins behind its start and ends at its end. */
    interface Reading<T> {
        T read(JsonParser json) throws IOException;
    }

    /** The bytes of a file, 64 MiB at most. */
    static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw BadDataException.of(file.toString(), "at most " + MOST_BYTES + " bytes", Files.size(file) + "");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        }
    }

    /** Reads a file that is one JSON object. */
    static <T> T object(Path file, Reading<T> reading) {
        try (JsonParser json = JSON.createParser(bytes(file))) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw BadDataException.of(file.toString(), "a JSON object", "another value");
            }
            T read = reading.read(json);
            if (json.nextToken() != null) {
                throw BadDataException.of(file.toString(), "a JSON object", "more behind it");
            }
            return read;
        } catch (JsonProcessingException e) {
            throw BadDataException.of(file.toString(), "JSON", Excerpt.of(e.getOriginalMessage()) + "");
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        }
    }

    /** Numbers by tokens: the object behind whose start the parser stands. */
    static Map<String, Integer> read(Path file, JsonParser json) throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        Set<Integer> taken = new HashSet<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String token = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                throw BadDataException.of(
                        file.toString(), "a number for each token", "another value of '" + Excerpt.of(token) + "'");
            }
            int number = json.getIntValue();
            if (number < 0 || !taken.add(number)) {
                throw BadDataException.of(
                        file.toString(),
                        "a number of its own from 0 on for each token",
                        number + " of '" + Excerpt.of(token) + "'");
            }
            requireFew(file, "tokens, numbered from 0 on", number);
            numbers.put(token, number);
            requireFew(file, "tokens", numbers.size());
        }
        return numbers;
    }

    /** Refuses what would take more memory than any tokenizer needs. */
    static void requireFew(Path file, String what, int count) {
        if (count > MOST) {
            throw BadDataException.of(file.toString(), "at most " + MOST + " " + what, "more");
        }
    }

    /** A pair that makes a token, as both are written: with a space between them. */
    static Merge merge(String written, String where, Map<String, Integer> numbers) {
        String[] pair = written.split(" ", -1);
        if (pair.length != 2) {
            throw BadDataException.of(where, "two tokens with a space between them", Excerpt.of(written) + "");
        }
        Merge merge = new Merge(pair[0], pair[1]);
        require(merge, where, numbers);
        return merge;
    }

    /** Refuses a pair that makes no token. */
    static void require(Merge merge, String where, Map<String, Integer> numbers) {
        for (String token : new String[] {merge.left(), merge.right(), merge.joined()}) {
            if (!numbers.containsKey(token)) {
                throw BadDataException.of(
                        where,
                        "two tokens that make one, each with a number",
                        "'" + Excerpt.of(merge.left()) + "' and '" + Excerpt.of(merge.right()) + "', where '"
                                + Excerpt.of(token) + "' has none");
            }
        }
    }
}
