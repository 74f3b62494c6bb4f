package io.ketju.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.ketju.data.BadDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers of Hugging Face's tokenizers, by {@code golden/gpt2_tokens.py} and {@code golden/gpt2_tokens.mjs}. */
class ByteLevelBpeTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "gpt2");

    @TempDir
    private Path folder;

    @Test
    void textsHaveTheNumbersOfHuggingFacesTokenizers() throws IOException {
        ByteLevelBpe tokens = ByteLevelBpe.read(FOLDER);
        List<String> lines = Files.readAllLines(FOLDER.resolve("tokens.txt"));
        assertThat(lines).hasSize(9);
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
                .hasMessageContaining("merges.txt, line 3: expected two tokens that make one of vocab.json");
    }
}
