package io.ketju.data.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.ketju.data.text.BytePairTokenizer.Merge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * An encoding as JSON, the vocabulary in the order of its numbers from 4 on:
 *
 * <pre>
 * {"tokens":"words","lowercase":true,"vocabulary":["the","of"]}
 * {"tokens":"bpe","merges":["t","h","th","e"],"vocabulary":["the","t"]}
 * {"tokens":"byte-level-bpe","merges":["t","h","th","e"],"special":["&lt;|endoftext|&gt;"],"vocabulary":["!","t"]}
 * </pre>
 *
 * That of another program is in the order of its numbers from 0 on, an empty text where no token has one.
 */
public final class TextEncodingJson {
    private static final String CHARACTERS = "characters";
    private static final String WORDS = "words";
    private static final String PAIRS = "bpe";
    private static final String BYTES = "byte-level-bpe";

    private TextEncodingJson() {}

    /**
     * Writes an encoding as an object.
     *
     * @param encoding to write
     * @param json where a value may stand; stays open
     * @throws IOException if it cannot be written
     */
    public static void write(TextEncoding encoding, JsonGenerator json) throws IOException {
        json.writeStartObject();
        switch (encoding.tokenizer()) {
            case CharacterTokenizer characters -> json.writeStringField("tokens", CHARACTERS);
            case WordTokenizer words -> {
                json.writeStringField("tokens", WORDS);
                json.writeBooleanField("lowercase", words.lowercase());
            }
            case BytePairTokenizer pairs -> {
                json.writeStringField("tokens", PAIRS);
                merges(pairs.merges(), json);
            }
            case ByteLevelBpe bytes -> {
                json.writeStringField("tokens", BYTES);
                merges(bytes.merges(), json);
                texts("special", encoding.vocabulary().special(), json);
            }
        }
        texts("vocabulary", encoding.vocabulary().words(), json);
        json.writeEndObject();
    }

    private static void merges(List<Merge> pairs, JsonGenerator json) throws IOException {
        List<String> merges = new ArrayList<>();
        pairs.forEach(merge -> merges.addAll(List.of(merge.left(), merge.right())));
        texts("merges", merges, json);
    }

    private static void texts(String name, Collection<String> texts, JsonGenerator json) throws IOException {
        json.writeFieldName(name);
        json.writeArray(texts.toArray(String[]::new), 0, texts.size());
    }

    /**
     * Reads the object that begins at the current token.
     *
     * @param json stands at the begin of the object, and in the end at its end
     * @return the encoding
     * @throws IllegalArgumentException if the object is none
     * @throws IOException if it is no JSON, or cannot be read
     */
    public static TextEncoding read(JsonParser json) throws IOException {
        require(json.currentToken() == JsonToken.START_OBJECT);
        String tokens = "";
        boolean lowercase = false;
        List<String> merges = List.of();
        List<String> special = List.of();
        List<String> vocabulary = List.of();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "tokens" -> tokens = json.getText();
                case "lowercase" -> lowercase = json.getBooleanValue();
                case "merges" -> merges = texts(json);
                case "special" -> special = texts(json);
                case "vocabulary" -> vocabulary = texts(json);
                default -> throw new IllegalArgumentException("unknown field");
            }
        }
        if (tokens.equals(BYTES)) {
            return ByteLevelBpe.of(Vocabulary.foreign(vocabulary, special), pairs(merges))
                    .encoding();
        }
        require(special.isEmpty());
        return new TextEncoding(tokenizer(tokens, lowercase, merges), new Vocabulary(vocabulary));
    }

    private static Tokenizer tokenizer(String tokens, boolean lowercase, List<String> merges) {
        return switch (tokens) {
            case CHARACTERS -> new CharacterTokenizer();
            case WORDS -> new WordTokenizer(lowercase);
            case PAIRS -> new BytePairTokenizer(pairs(merges));
            default -> throw new IllegalArgumentException("unknown tokens");
        };
    }

    private static List<Merge> pairs(List<String> merges) {
        require(merges.size() % 2 == 0);
        List<Merge> pairs = new ArrayList<>();
        for (int i = 0; i < merges.size(); i += 2) {
            pairs.add(new Merge(merges.get(i), merges.get(i + 1)));
        }
        return pairs;
    }

    private static List<String> texts(JsonParser json) throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY);
        List<String> texts = new ArrayList<>();
        while (json.nextToken() == JsonToken.VALUE_STRING) {
            texts.add(json.getText());
        }
        require(json.currentToken() == JsonToken.END_ARRAY);
        return texts;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("not an encoding of text");
        }
    }
}
