package io.ketju.data.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.ketju.data.BadDataException;
import io.ketju.data.file.DurableFile;
import io.ketju.data.file.NearestFile;
import io.ketju.tensor.Excerpt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A {@link TextEncoding} as the files that Hugging Face's libraries load a tokenizer from: {@code tokenizer.json}, which gives a text
 * the same numbers there, and {@code tokenizer_config.json}. Characters are a byte-pair encoding without merges. What was written is
 * read again, and so is the tokenizer of a GPT-2.
 */
public final class HuggingFaceTokenizer {
    /** The tokenizer itself. */
    public static final String FILE = "tokenizer.json";

    /** What stands for begin, end, padding and the unknown. */
    public static final String CONFIG = "tokenizer_config.json";

    private HuggingFaceTokenizer() {}

    /**
     * Says why there can be no such files, if there cannot: there every part of a merge must have a number, and one that came in
     * the training text only merged has none here.
     *
     * @param encoding to be written
     * @return the reason in one line, or nothing if both files can be written
     */
    public static Optional<String> missing(TextEncoding encoding) {
        if (!(encoding.tokenizer() instanceof BytePairTokenizer pieces)) {
            return Optional.empty();
        }
        return pieces.merges().stream()
                .flatMap(merge -> Stream.of(merge.left(), merge.right(), merge.joined()))
                .filter(part -> encoding.vocabulary().number(part) == Vocabulary.NUL)
                .findFirst()
                .map(part -> "'" + part + "' is a part of merges that came in the training text only merged, and has no"
                        + " number, as Hugging Face's tokenizers want it");
    }

    /**
     * Reads the tokenizer of a model's folder: of a GPT-2, in one file or in two, or one that {@link #write} wrote.
     *
     * @param folder of the model
     * @return the encoding
     * @throws BadDataException if the folder has none, or one of another kind
     */
    public static TextEncoding open(Path folder) {
        Path one = folder.resolve(FILE);
        if (!Files.exists(one)) {
            if (!Files.exists(folder.resolve(ByteLevelBpe.VOCABULARY))
                    || !Files.exists(folder.resolve(ByteLevelBpe.MERGES))) {
                throw BadDataException.of(
                        "tokenizer '" + Excerpt.ofPath(folder) + "'",
                        "a folder with " + FILE + ", or with " + ByteLevelBpe.VOCABULARY + " and "
                                + ByteLevelBpe.MERGES,
                        Files.isDirectory(folder)
                                ? "a folder without"
                                : "no such folder" + NearestFile.hint(folder, Files::isDirectory));
            }
            return ByteLevelBpe.read(folder).encoding();
        }
        boolean own = TokenizerJson.read(one).added().stream()
                .anyMatch(added -> added.content().equals(Vocabulary.SPECIAL.get(Vocabulary.NUL)));
        return own ? read(folder) : ByteLevelBpe.read(folder).encoding();
    }

    /**
     * Reads the encoding of a folder again that {@link #write} wrote: its {@code tokenizer.json}, of at most 64 MiB. Those of a
     * GPT-2 are read by {@link ByteLevelBpe#read}.
     *
     * @param folder of the model
     * @return the encoding, equal to the one that was written
     * @throws BadDataException if the file cannot be read, is none, or is a tokenizer of another kind
     */
    public static TextEncoding read(Path folder) {
        TokenizerJson json = TokenizerJson.read(folder.resolve(FILE));
        boolean words = json.setting("model.type", "none").equals("WordLevel");
        json.require("model.type", words ? "WordLevel" : "BPE", "none");
        boolean characters =
                !words && json.setting("pre_tokenizer.type", "none").equals("none");
        if (!characters) {
            json.require("pre_tokenizer.type", "Split", "none");
            json.require(
                    "pre_tokenizer.pattern.Regex", words ? WordTokenizer.PATTERN : BytePairTokenizer.PATTERN, "none");
            json.require("pre_tokenizer.behavior", words ? "Removed" : "Isolated", "none");
            json.require("pre_tokenizer.invert", words + "", "false");
        }
        boolean lowercase = words && json.setting("normalizer.type", "none").equals("Lowercase");
        json.require("normalizer.type", lowercase ? "Lowercase" : "none", "none");
        if (characters && !json.merges().isEmpty()) {
            throw BadDataException.of(
                    json.file() + ": model.merges",
                    "none, as characters have",
                    json.merges().size() + "");
        }
        Vocabulary vocabulary = vocabulary(json);
        if (characters) {
            return new TextEncoding(new CharacterTokenizer(), vocabulary);
        }
        return new TextEncoding(
                words ? new WordTokenizer(lowercase) : new BytePairTokenizer(json.merges()), vocabulary);
    }

    private static Vocabulary vocabulary(TokenizerJson json) {
        json.require("model.unk_token", Vocabulary.SPECIAL.get(Vocabulary.NUL), "none");
        int special = Vocabulary.SPECIAL.size();
        List<String> added = new ArrayList<>(Collections.nCopies(special, ""));
        for (TokenizerJson.Added one : json.added()) {
            if (one.number() < special) {
                added.set(one.number(), one.content());
            }
        }
        if (json.added().size() != special || !added.equals(Vocabulary.SPECIAL)) {
            throw BadDataException.of(json.file() + ": added_tokens", Vocabulary.SPECIAL + " from 0 on", "others");
        }
        String[] tokens = new String[json.numbers().size()];
        json.numbers().forEach((token, number) -> {
            if (number >= tokens.length) {
                throw BadDataException.of(
                        json.file() + ": model.vocab", "numbers from 0 to " + (tokens.length - 1), number + "");
            }
            tokens[number] = token;
        });
        List<String> all = List.of(tokens);
        if (all.size() < special || !all.subList(0, special).equals(Vocabulary.SPECIAL)) {
            throw BadDataException.of(json.file() + ": model.vocab", Vocabulary.SPECIAL + " from 0 on", "others");
        }
        return new Vocabulary(all.subList(special, all.size()));
    }

    /** A part of a file that writes itself. */
    private interface Part {
        void write(JsonGenerator json) throws IOException;
    }

    /**
     * Writes both files into a folder that is there, where nothing is {@link #missing}.
     *
     * @param folder of the model
     * @param encoding of which nothing is missing
     * @param context tokens of a sequence at most
     * @return what was written
     * @throws IOException if a file cannot be written; one that was there is then as before
     */
    public static List<Path> write(Path folder, TextEncoding encoding, int context) throws IOException {
        Path tokenizer = folder.resolve(FILE);
        write(tokenizer, json -> tokenizer(json, encoding));
        Path config = folder.resolve(CONFIG);
        write(config, json -> config(json, encoding, context));
        return List.of(tokenizer, config);
    }

    private static void write(Path file, Part part) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            part.write(json);
            json.writeEndObject();
        }
        ByteBuffer written = ByteBuffer.wrap(bytes.toByteArray());
        DurableFile.write(file, out -> {
            while (written.hasRemaining()) {
                out.write(written);
            }
        });
    }

    private static void config(JsonGenerator json, TextEncoding encoding, int context) throws IOException {
        json.writeStringField("tokenizer_class", "PreTrainedTokenizerFast");
        if (encoding.vocabulary().isOwn()) {
            roles(json);
        } else if (encoding.vocabulary().special().contains(Vocabulary.END_OF_TEXT)) {
            json.writeStringField("bos_token", Vocabulary.END_OF_TEXT);
            json.writeStringField("eos_token", Vocabulary.END_OF_TEXT);
        }
        json.writeBooleanField("clean_up_tokenization_spaces", false);
        json.writeNumberField("model_max_length", context);
    }

    private static void roles(JsonGenerator json) throws IOException {
        json.writeStringField("pad_token", Vocabulary.SPECIAL.get(Vocabulary.PAD));
        json.writeStringField("bos_token", Vocabulary.SPECIAL.get(Vocabulary.BOS));
        json.writeStringField("eos_token", Vocabulary.SPECIAL.get(Vocabulary.EOS));
        json.writeStringField("unk_token", Vocabulary.SPECIAL.get(Vocabulary.NUL));
    }

    private static void tokenizer(JsonGenerator json, TextEncoding encoding) throws IOException {
        json.writeStringField("version", "1.0");
        json.writeNullField("truncation");
        json.writeNullField("padding");
        special(json, encoding.vocabulary());
        boolean lowercase = encoding.tokenizer() instanceof WordTokenizer words && words.lowercase();
        typed(json, "normalizer", lowercase ? "Lowercase" : "");
        switch (encoding.tokenizer()) {
            case CharacterTokenizer characters -> {
                json.writeNullField("pre_tokenizer");
                typed(json, "decoder", "Fuse");
                pairs(json, encoding.vocabulary(), List.of());
            }
            case WordTokenizer words -> {
                split(json, WordTokenizer.PATTERN, "Removed", true);
                typed(json, "decoder", "");
                model(json, "WordLevel", encoding.vocabulary(), rest -> {});
            }
            case BytePairTokenizer pieces -> {
                split(json, BytePairTokenizer.PATTERN, "Isolated", false);
                typed(json, "decoder", "Fuse");
                pairs(json, encoding.vocabulary(), pieces.merges());
            }
            case ByteLevelBpe bytes -> {
                byteLevel(json, "pre_tokenizer");
                byteLevel(json, "decoder");
                pairs(json, encoding.vocabulary(), bytes.merges());
            }
        }
        json.writeNullField("post_processor");
    }

    private static void special(JsonGenerator json, Vocabulary vocabulary) throws IOException {
        json.writeArrayFieldStart("added_tokens");
        for (int number = 0; number < vocabulary.size(); number++) {
            if (!vocabulary.special().contains(vocabulary.token(number))) {
                continue;
            }
            json.writeStartObject();
            json.writeNumberField("id", number);
            json.writeStringField("content", vocabulary.token(number));
            for (String field : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                json.writeBooleanField(field, false);
            }
            json.writeBooleanField("special", true);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** A part that is its type; of none it is null. */
    private static void typed(JsonGenerator json, String field, String type) throws IOException {
        if (type.isEmpty()) {
            json.writeNullField(field);
            return;
        }
        json.writeObjectFieldStart(field);
        json.writeStringField("type", type);
        json.writeEndObject();
    }

    private static void byteLevel(JsonGenerator json, String field) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeStringField("type", "ByteLevel");
        json.writeBooleanField("add_prefix_space", false);
        json.writeBooleanField("trim_offsets", true);
        json.writeBooleanField("use_regex", true);
        json.writeEndObject();
    }

    private static void split(JsonGenerator json, String pattern, String behavior, boolean invert) throws IOException {
        json.writeObjectFieldStart("pre_tokenizer");
        json.writeStringField("type", "Split");
        json.writeObjectFieldStart("pattern");
        json.writeStringField("Regex", pattern);
        json.writeEndObject();
        json.writeStringField("behavior", behavior);
        json.writeBooleanField("invert", invert);
        json.writeEndObject();
    }

    private static void pairs(JsonGenerator json, Vocabulary vocabulary, List<BytePairTokenizer.Merge> merges)
            throws IOException {
        model(json, "BPE", vocabulary, rest -> {
            rest.writeArrayFieldStart("merges");
            for (BytePairTokenizer.Merge merge : merges) {
                rest.writeArray(new String[] {merge.left(), merge.right()}, 0, 2);
            }
            rest.writeEndArray();
        });
    }

    private static void model(JsonGenerator json, String type, Vocabulary vocabulary, Part rest) throws IOException {
        json.writeObjectFieldStart("model");
        json.writeStringField("type", type);
        if (vocabulary.isOwn()) {
            json.writeStringField("unk_token", Vocabulary.SPECIAL.get(Vocabulary.NUL));
        }
        json.writeObjectFieldStart("vocab");
        for (int number = 0; number < vocabulary.size(); number++) {
            if (!vocabulary.token(number).isEmpty()) {
                json.writeNumberField(vocabulary.token(number), number);
            }
        }
        json.writeEndObject();
        rest.write(json);
        json.writeEndObject();
    }
}
