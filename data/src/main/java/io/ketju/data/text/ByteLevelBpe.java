package io.ketju.data.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.ketju.data.BadDataException;
import io.ketju.tensor.Excerpt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokens of a GPT-2 (Radford et al. 2019): byte-pair encoding (Sennrich et al. 2016) of the bytes of UTF-8, so that no text has
 * an unknown token. Read from {@code vocab.json}, numbers by tokens, and {@code merges.txt}, a pair in each line, the most frequent
 * first, as a model's folder has them; numbers are those of Hugging Face's tokenizers. In both files a byte is written as one
 * printable character: those that are printable as themselves, the others as those from U+0100 on, in their order. Immutable.
 */
public final class ByteLevelBpe {
    /** The name of the file of numbers in a model's folder. */
    public static final String VOCABULARY = "vocab.json";

    /** The name of the file of pairs in a model's folder. */
    public static final String MERGES = "merges.txt";

    private static final long MOST_BYTES = 1 << 26;
    private static final int BYTES = 256;

    private static final Pattern WORD = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private static final char[] CHARACTERS = characters();

    private final Map<String, Integer> numbers;
    private final Map<Integer, String> tokens = new HashMap<>();
    private final BytePairTokenizer pairs;

    private ByteLevelBpe(Map<String, Integer> numbers, List<BytePairTokenizer.Merge> merges) {
        this.numbers = numbers;
        numbers.forEach((token, number) -> tokens.put(number, token));
        pairs = new BytePairTokenizer(merges);
    }

    private static char[] characters() {
        char[] characters = new char[BYTES];
        int others = 0;
        for (int i = 0; i < BYTES; i++) {
            boolean printable = (i >= '!' && i <= '~') || (i >= 0xA1 && i <= 0xAC) || i >= 0xAE;
            characters[i] = (char) (printable ? i : BYTES + others++);
        }
        return characters;
    }

    /**
     * Reads both files of a folder, of at most 64 MiB each.
     *
     * @param folder that has them
     * @return the tokens
     * @throws BadDataException if one cannot be read or is none
     */
    public static ByteLevelBpe read(Path folder) {
        Map<String, Integer> numbers = vocabulary(folder.resolve(VOCABULARY));
        Path file = folder.resolve(MERGES);
        List<BytePairTokenizer.Merge> merges = new ArrayList<>();
        String[] lines = new String(bytes(file), StandardCharsets.UTF_8).split("\\R", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].isEmpty() || (i == 0 && lines[i].startsWith("#version"))) {
                continue;
            }
            String[] pair = lines[i].split(" ", -1);
            if (pair.length != 2 || !numbers.containsKey(pair[0] + pair[1])) {
                throw BadDataException.of(
                        file + ", line " + (i + 1),
                        "two tokens that make one of " + VOCABULARY,
                        Excerpt.of(lines[i]) + "");
            }
            merges.add(new BytePairTokenizer.Merge(pair[0], pair[1]));
        }
        return new ByteLevelBpe(numbers, merges);
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw BadDataException.of(file.toString(), "at most " + MOST_BYTES + " bytes", Files.size(file) + "");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        }
    }

    private static Map<String, Integer> vocabulary(Path file) {
        Map<String, Integer> numbers = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(bytes(file))) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String token = json.currentName();
                if (json.nextToken() != JsonToken.VALUE_NUMBER_INT) {
                    throw BadDataException.of(
                            file.toString(), "a number for each token", "another value of '" + Excerpt.of(token) + "'");
                }
                numbers.put(token, json.getIntValue());
            }
        } catch (JsonProcessingException e) {
            throw BadDataException.of(file.toString(), "JSON", Excerpt.of(e.getOriginalMessage()) + "");
        } catch (IOException e) {
            throw BadDataException.unreadable(file.toString(), e);
        }
        for (char character : CHARACTERS) {
            if (!numbers.containsKey(String.valueOf(character))) {
                throw BadDataException.of(
                        file.toString(), "a token for each of the 256 bytes", "none for '" + character + "'");
            }
        }
        return Map.copyOf(numbers);
    }

    /** {@return how many tokens there are} */
    public int size() {
        return numbers.size();
    }

    /**
     * {@return the numbers of a text's tokens; special ones such as {@code <|endoftext|>} are text here}
     *
     * @param text any, also an empty one
     */
    public int[] encode(String text) {
        List<Integer> encoded = new ArrayList<>();
        Map<String, List<Integer>> known = new HashMap<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            encoded.addAll(known.computeIfAbsent(word.group(), this::numbers));
        }
        return encoded.stream().mapToInt(Integer::intValue).toArray();
    }

    private List<Integer> numbers(String word) {
        StringBuilder written = new StringBuilder();
        for (byte one : word.getBytes(StandardCharsets.UTF_8)) {
            written.append(CHARACTERS[one & 0xFF]);
        }
        List<Integer> found = new ArrayList<>();
        for (String piece : pairs.pieces(written.toString())) {
            found.add(numbers.getOrDefault(piece, -1));
        }
        return found;
    }

    /**
     * {@return the text of these numbers; bytes that are no UTF-8 become U+FFFD}
     *
     * @param encoded numbers of tokens
     * @throws IllegalArgumentException for one that is no token
     */
    public String decode(int... encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int number : encoded) {
            String token = tokens.get(number);
            if (token == null) {
                throw new IllegalArgumentException(
                        "expected the number of one of " + tokens.size() + " tokens, found " + number);
            }
            for (int i = 0; i < token.length(); i++) {
                bytes.write(asByte(token.charAt(i)));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int asByte(char character) {
        for (int i = 0; i < BYTES; i++) {
            if (CHARACTERS[i] == character) {
                return i;
            }
        }
        return '?';
    }
}
