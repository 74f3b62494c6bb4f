package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.ketju.data.BadDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of Hugging Face's tokenizers, by {@code golden/gpt2_tokens.py}, {@code gpt2_tokens.mjs} and {@code tokenizer_json.py}. */
class ByteLevelBpeTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "gpt2");
    private static final Path SAVED = Path.of("src", "test", "resources", "tokenizer");

    @TempDir
    private Path folder;

    @Test
    void textsHaveTheNumbersOfHuggingFacesTokenizers() throws IOException {
        requireSame(ByteLevelBpe.read(FOLDER), Files.readAllLines(FOLDER.resolve("tokens.txt")), 9);
    }

    private static void requireSame(ByteLevelBpe tokens, List<String> lines, int size) throws IOException {
        assertThat(lines).hasSize(size);
        for (String line : lines) {
            String[] parts = line.split("\t", 2);
            String text = text(parts[0]);
            int[] expected = Arrays.stream(parts[1].split(" ", -1))
                    .filter(number -> !number.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            assertThat(tokens.encode(text)).as(line).containsExactly(expected);
            assertThat(tokens.decode(expected)).as(line).isEqualTo(text);
        }
    }

    private static String text(String json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            parser.nextToken();
            return parser.getText();
        }
    }

    @Test
    void whatIsNoTokenIsRefused() throws IOException {
        ByteLevelBpe tokens = ByteLevelBpe.read(FOLDER);
        assertThatThrownBy(() -> tokens.decode(tokens.size()))
                .hasMessage("expected the number of one of " + tokens.size() + " tokens, found " + tokens.size());
        Files.writeString(folder.resolve("vocab.json"), "{\"a\":0}");
        Files.writeString(folder.resolve("merges.txt"), "a b\n");
        assertThatThrownBy(() -> ByteLevelBpe.read(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("a token for each of the 256 bytes");
        Files.copy(FOLDER.resolve("vocab.json"), folder.resolve("vocab.json"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\nt h\nx y z\n");
        assertThatThrownBy(() -> ByteLevelBpe.read(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageContaining("merges.txt, line 3: expected two tokens with a space between them, found x y z");
        Files.writeString(folder.resolve("merges.txt"), "q q\n");
        assertThatThrownBy(() -> ByteLevelBpe.read(folder))
                .hasMessageEndingWith("merges.txt, line 1: expected two tokens that make one, each with a number, "
                        + "found 'q' and 'q', where 'qq' has none");
        String vocabulary = Files.readString(FOLDER.resolve("vocab.json"));
        Files.writeString(folder.resolve("vocab.json"), vocabulary.replace("\"Ā\": 0,", "\"Ā\": 1,"));
        assertThatThrownBy(() -> ByteLevelBpe.read(folder))
                .hasMessageContaining("vocab.json: expected a number of its own from 0 on for each token, found 1 of");
    }

    /** What transformers 5.18 saves, and the form of older files. */
    @Test
    void oneFileHasTheNumbersOfHuggingFacesTokenizers() throws IOException {
        List<String> lines = Files.readAllLines(SAVED.resolve("tokens.txt"));
        for (Path one : List.of(SAVED, SAVED.resolve("older"))) {
            ByteLevelBpe tokens = ByteLevelBpe.read(one);
            requireSame(tokens, lines, 7);
            assertThat(tokens.size()).isEqualTo(340);
            assertThat(tokens.special()).containsExactly(Map.entry("<|endoftext|>", 0));
            assertThat(tokens.decode(0)).isEqualTo("<|endoftext|>");
            assertThat(tokens.encode("<|endoftext|>")).hasSizeGreaterThan(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "normalizer": null                | "normalizer": {"type":"NFC"}         | : normalizer.type: expected none, found NFC
                    "pre_tokenizer": {                | "pre_tokenizer": null, "p": {        | : pre_tokenizer.type: expected ByteLevel, found none
                    "add_prefix_space": false         | "add_prefix_space": true             | : pre_tokenizer.add_prefix_space: expected false, found true
                    "trim_offsets": true              | "use_regex": false, "t": true        | : expected JSON, found Duplicate field 'use_regex'
                    "decoder": {"type": "ByteLevel"   | "decoder": {"type": "Fuse"           | : decoder.type: expected ByteLevel, found Fuse
                    "model": {                        | "model": {"type": "Unigram",         | : model.type: expected BPE, found Unigram
                    "model": {                        | "model": 7, "m": {                   | : expected a token for each of the 256 bytes, found none for
                    "dropout": null                   | "dropout": 0.1                       | : model.dropout: expected none, found 0.1
                    "ignore_merges": false            | "ignore_merges": true                | : model.ignore_merges: expected false, found true
                    "end_of_word_suffix": ""          | "end_of_word_suffix": "</w>"         | : model.end_of_word_suffix: expected none, found </w>
                    "special": true                   | "special": false                     | : added_tokens, '<|endoftext|>': expected special tokens alone
                    "added_tokens": [{"id": 0         | "added_tokens": [{"id": 1            | : added_tokens, '<|endoftext|>': expected a number of its own, found 1
                    "merges": ["                      | "merges": ["x x x", "                | : model.merges, pair 1: expected two tokens with a space between them, found x x x
                    "merges": ["                      | "merges": ["q q", "                  | : model.merges, pair 1: expected two tokens that make one
                    "merges": ["                      | "merges": [["q","q","q"], "          | : model.merges: expected pairs of tokens, found another value
                    "merges": ["                      | "merges": [["t","h"], "              | : model.merges: expected one form of pairs, found another value
                    "merges": ["                      | "merges": [7, "                      | : model.merges: expected pairs of tokens, found another value
                    "merges": ["                      | ]"merges": ["                        | : expected JSON, found Unexpected character
                    """, quoteCharacter = '`')
    void oneFileOfAnotherKindIsRefused(String saved, String other, String message) throws IOException {
        String whole = Files.readString(SAVED.resolve("older").resolve("tokenizer.json"));
        assertThat(whole).contains(saved);
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(file, whole.replaceFirst(Pattern.quote(saved), Matcher.quoteReplacement(other)));
        assertThatThrownBy(() -> ByteLevelBpe.read(folder))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith(file + message)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aFileThatIsTooLargeOrNoObjectIsRefused() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        for (String text : List.of("[]", "", "{} {}", "{\"model\":{\"vocab\":{\"a\":0")) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> ByteLevelBpe.read(folder))
                    .as(text)
                    .isInstanceOf(BadDataException.class)
                    .hasMessageStartingWith(file + ": expected ");
        }
        try (FileChannel sparse = FileChannel.open(file, StandardOpenOption.WRITE)) {
            sparse.write(ByteBuffer.wrap(new byte[1]), 1 << 26);
        }
        assertThatThrownBy(() -> ByteLevelBpe.read(folder))
                .hasMessage(file + ": expected at most 67108864 bytes, found 67108865");
        Files.writeString(
                file,
                IntStream.rangeClosed(0, 1 << 20)
                        .mapToObj(i -> "\"" + i + "\":" + i)
                        .collect(Collectors.joining(",", "{\"model\":{\"vocab\":{", "}}}")));
        assertThatThrownBy(() -> ByteLevelBpe.read(folder))
                .hasMessage(file + ": expected at most 1048576 tokens, found more");
    }
}
