package io.ketju.data.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ketju.data.BadDataException;
import io.ketju.data.text.BytePairTokenizer.Merge;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a {@code tokenizer.json} of Hugging Face's libraries says, whatever the kind of its tokenizer. What stands around a text
 * ({@code post_processor}), where texts end and how they are filled up is not read: that is for those who give texts to a model.
 *
 * @param file that was read
 * @param settings plain values of {@code normalizer}, {@code pre_tokenizer}, {@code decoder} and {@code model} by their dotted
 *     names; what is null or an empty text is not there
 * @param numbers by tokens; none where the model has them in another form
 * @param merges pairs, the first first
 * @param added tokens that are whole wherever they come in a text
 */
record TokenizerJson(
        Path file, Map<String, String> settings, Map<String, Integer> numbers, List<Merge> merges, List<Added> added) {
    private static final Set<String> PARTS = Set.of("normalizer", "pre_tokenizer", "decoder");
    private static final int DEPTH = 4;

    /**
     * A token that is whole wherever it comes.
     *
     * @param number its own
     * @param content its text
     * @param special whether it stands for no text, as an end does
     */
    record Added(int number, String content, boolean special) {}

    /** A file while it is read: merges may stand before the numbers of their tokens. */
    private static final class Reader {
        private final Path file;
        private final Map<String, String> settings = new HashMap<>();
        private Map<String, Integer> numbers = Map.of();
        private final List<String> written = new ArrayList<>();
        private final List<Merge> merges = new ArrayList<>();
        private final List<Added> added = new ArrayList<>();

        Reader(Path file) {
            this.file = file;
        }

        TokenizerJson read(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                if (PARTS.contains(field)) {
                    setting(json, field, 0);
                } else if (field.equals("model") && json.currentToken() == JsonToken.START_OBJECT) {
                    model(json);
                } else if (field.equals("added_tokens")) {
                    added(json);
                } else {
                    json.skipChildren();
                }
            }
            String where = file + ": model.merges, pair ";
            for (int i = 0; i < written.size(); i++) {
                merges.add(NumberedTokens.merge(written.get(i), where + (i + 1), numbers));
            }
            for (int i = 0; i < merges.size(); i++) {
                NumberedTokens.require(merges.get(i), where + (i + 1), numbers);
            }
            return new TokenizerJson(file, Map.copyOf(settings), Map.copyOf(numbers), merges, added);
        }

        private void setting(JsonParser json, String name, int depth) throws IOException {
            if (json.currentToken() == JsonToken.START_OBJECT && depth < DEPTH) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    json.nextToken();
                    setting(json, name + "." + field, depth + 1);
                }
            } else if (json.currentToken().isStructStart()) {
                json.skipChildren();
            } else if (json.currentToken() != JsonToken.VALUE_NULL
                    && !json.getText().isEmpty()) {
                settings.put(name, json.getText());
                NumberedTokens.requireFew(file, "settings", settings.size());
            }
        }

        private void model(JsonParser json) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (field.equals("vocab") && value == JsonToken.START_OBJECT) {
                    numbers = NumberedTokens.read(file, json);
                } else if (field.equals("merges") && value == JsonToken.START_ARRAY) {
                    merges(json);
                } else {
                    setting(json, "model." + field, 1);
                }
            }
        }

        private void merges(JsonParser json) throws IOException {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() == JsonToken.VALUE_STRING) {
                    written.add(json.getText());
                } else {
                    merges.add(new Merge(token(json), token(json)));
                    require(json.nextToken() == JsonToken.END_ARRAY, "model.merges", "pairs of tokens");
                }
                require(written.isEmpty() || merges.isEmpty(), "model.merges", "one form of pairs");
                NumberedTokens.requireFew(file, "merges", written.size() + merges.size());
            }
        }

        private String token(JsonParser json) throws IOException {
            require(json.nextToken() == JsonToken.VALUE_STRING, "model.merges", "pairs of tokens");
            return json.getText();
        }

        private void added(JsonParser json) throws IOException {
            require(json.currentToken() == JsonToken.START_ARRAY, "added_tokens", "an array of objects");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                require(json.currentToken() == JsonToken.START_OBJECT, "added_tokens", "an array of objects");
                int number = -1;
                String content = "";
                boolean special = false;
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    JsonToken value = json.nextToken();
                    if (field.equals("id") && value == JsonToken.VALUE_NUMBER_INT) {
                        number = json.getIntValue();
                    } else if (field.equals("content") && value == JsonToken.VALUE_STRING) {
                        content = json.getText();
                    } else {
                        special |= field.equals("special") && value == JsonToken.VALUE_TRUE;
                        json.skipChildren();
                    }
                }
                require(number >= 0 && !content.isEmpty(), "added_tokens", "an id and a content of each");
                NumberedTokens.requireFew(file, "tokens, numbered from 0 on", number);
                added.add(new Added(number, content, special));
                NumberedTokens.requireFew(file, "added tokens", added.size());
            }
        }

        private void require(boolean holds, String where, String expected) {
            if (!holds) {
                throw BadDataException.of(file + ": " + where, expected, "another value");
            }
        }
    }

    /** Copies its lists. */
    TokenizerJson {
        merges = List.copyOf(merges);
        added = List.copyOf(added);
    }

    /**
     * Reads a file of at most 64 MiB.
     *
     * @param file of JSON
     * @return what it says
     * @throws BadDataException if it cannot be read, or its tokens and merges do not fit together
     */
    static TokenizerJson read(Path file) {
        return NumberedTokens.object(file, json -> new Reader(file).read(json));
    }

    /** {@return a setting, or what holds where there is none} */
    String setting(String name, String otherwise) {
        return settings.getOrDefault(name, otherwise);
    }

    /** Refuses another value of a setting than this; {@code otherwise} is its value where there is none. */
    void require(String name, String expected, String otherwise) {
        String found = setting(name, otherwise);
        if (!found.equals(expected)) {
            throw BadDataException.of(file + ": " + name, expected, Excerpt.of(found) + "");
        }
    }
}
