package io.ketju.data.text;

import io.ketju.data.BadDataException;
import io.ketju.tensor.Excerpt;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a GPT-2 (Radford et al. 2019): byte-pair encoding (Sennrich et al. 2016) of the bytes of UTF-8, so that no text has
 * an unknown token. Read from a model's folder: from {@code tokenizer.json}, or from {@code vocab.json}, numbers by tokens, and
 * {@code merges.txt}, a pair in each line, the most frequent first. Numbers are those of Hugging Face's tokenizers without what they
 * put around a text. In the files, and so in what {@link #split} gives, a byte is written as one printable character: those that are printable as themselves, the others
 * as those from U+0100 on, in their order. Immutable.
 */
public final class ByteLevelBpe implements Tokenizer {
    /** The name of the file of numbers in a model's folder. */
    public static final String VOCABULARY = "vocab.json";

    /** The name of the file of pairs in a model's folder. */
    public static final String MERGES = "merges.txt";

    private static final int BYTES = 256;

    private static final Pattern WORD = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private static final char[] CHARACTERS = characters();
    private static final Map<Character, Byte> BYTE_OF = IntStream.range(0, BYTES)
            .boxed()
            .collect(Collectors.toUnmodifiableMap(i -> CHARACTERS[i], Integer::byteValue));

    private final Map<String, Integer> numbers;
    private final Map<String, Integer> special = new TreeMap<>();
    private final Map<Integer, byte[]> tokens = new HashMap<>();
    private final BytePairTokenizer pairs;

    private ByteLevelBpe(
            Map<String, Integer> numbers, List<BytePairTokenizer.Merge> merges, List<TokenizerJson.Added> added) {
        this.numbers = Map.copyOf(numbers);
        numbers.forEach((token, number) -> tokens.put(number, asBytes(token)));
        for (TokenizerJson.Added one : added) {
            special.put(one.content(), one.number());
            tokens.put(one.number(), one.content().getBytes(StandardCharsets.UTF_8));
        }
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
     * {@return the tokens of such a vocabulary again, as {@link #vocabulary} gave it}
     *
     * @param vocabulary with a token for each of the 256 bytes
     * @param merges pairs, the most frequent first; both parts and what they make have a number
     * @throws IllegalArgumentException if a byte or a part of a pair has none
     */
    static ByteLevelBpe of(Vocabulary vocabulary, List<BytePairTokenizer.Merge> merges) {
        Map<String, Integer> numbers = new HashMap<>();
        List<TokenizerJson.Added> added = new ArrayList<>();
        for (int number = 0; number < vocabulary.size(); number++) {
            String token = vocabulary.token(number);
            if (!token.isEmpty()) {
                numbers.put(token, number);
            }
            if (vocabulary.special().contains(token)) {
                added.add(new TokenizerJson.Added(number, token, true));
            }
        }
        requireBytes("vocabulary", numbers);
        merges.forEach(merge -> NumberedTokens.require(merge, "merges", numbers));
        return new ByteLevelBpe(numbers, merges, added);
    }

    /**
     * Reads a folder: {@code tokenizer.json} if it has one, else the two older files; each of at most 64 MiB, 1048576 tokens and as
     * many merges. The one file may say nothing but what a GPT-2's does: no normalizer, words cut as there, special tokens alone
     * that are added.
     *
     * @param folder that has them
     * @return the tokens
     * @throws BadDataException if one cannot be read, is none, or is a tokenizer of another kind
     */
    public static ByteLevelBpe read(Path folder) {
        Path whole = folder.resolve(HuggingFaceTokenizer.FILE);
        if (Files.exists(whole)) {
            return of(TokenizerJson.read(whole));
        }
        Path vocabulary = folder.resolve(VOCABULARY);
        Map<String, Integer> numbers = NumberedTokens.object(vocabulary, json -> NumberedTokens.read(vocabulary, json));
        requireBytes(vocabulary.toString(), numbers);
        return new ByteLevelBpe(numbers, merges(folder.resolve(MERGES), numbers), List.of());
    }

    private static List<BytePairTokenizer.Merge> merges(Path file, Map<String, Integer> numbers) {
        List<BytePairTokenizer.Merge> merges = new ArrayList<>();
        String[] lines = new String(NumberedTokens.bytes(file), StandardCharsets.UTF_8).split("\\R", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].isEmpty() || (i == 0 && lines[i].startsWith("#version"))) {
                continue;
            }
            merges.add(NumberedTokens.merge(lines[i], file + ", line " + (i + 1), numbers));
            NumberedTokens.requireFew(file, "merges", merges.size());
        }
        return merges;
    }

    private static ByteLevelBpe of(TokenizerJson json) {
        json.require("model.type", "BPE", "BPE");
        json.require("pre_tokenizer.type", "ByteLevel", "none");
        json.require("pre_tokenizer.add_prefix_space", "false", "true");
        json.require("pre_tokenizer.use_regex", "true", "true");
        json.require("normalizer.type", "none", "none");
        json.require("decoder.type", "ByteLevel", "none");
        json.require("model.dropout", "none", "none");
        json.require("model.ignore_merges", "false", "false");
        json.require("model.continuing_subword_prefix", "none", "none");
        json.require("model.end_of_word_suffix", "none", "none");
        requireBytes(json.file().toString(), json.numbers());
        return new ByteLevelBpe(json.numbers(), json.merges(), special(json));
    }

    private static List<TokenizerJson.Added> special(TokenizerJson json) {
        Map<Integer, String> texts = new HashMap<>();
        json.numbers().forEach((token, number) -> texts.put(number, token));
        for (TokenizerJson.Added added : json.added()) {
            String where = json.file() + ": added_tokens, '" + Excerpt.of(added.content()) + "'";
            if (!added.special()) {
                throw BadDataException.of(where, "special tokens alone", "one that is text");
            }
            boolean own = added.content().equals(texts.getOrDefault(added.number(), added.content()));
            if (!own || json.numbers().getOrDefault(added.content(), added.number()) != added.number()) {
                throw BadDataException.of(where, "a number of its own", added.number() + "");
            }
            texts.put(added.number(), added.content());
        }
        return json.added();
    }

    private static void requireBytes(String source, Map<String, Integer> numbers) {
        for (char character : CHARACTERS) {
            if (!numbers.containsKey(String.valueOf(character))) {
                throw BadDataException.of(source, "a token for each of the 256 bytes", "none for '" + character + "'");
            }
        }
    }

    /** {@return how many tokens there are} */
    public int size() {
        return tokens.size();
    }

    /** {@return the numbers of those that are no text, as {@code <|endoftext|>}, by their names; none of the two older files} */
    public Map<String, Integer> special() {
        return Collections.unmodifiableMap(special);
    }

    /** {@return pairs, the most frequent first} */
    public List<BytePairTokenizer.Merge> merges() {
        return pairs.merges();
    }

    /** {@return a text as numbers, as a run keeps it} */
    public TextEncoding encoding() {
        return new TextEncoding(this, vocabulary());
    }

    /** {@return every token by its number, as the files write it} */
    public Vocabulary vocabulary() {
        int most = tokens.keySet().stream().mapToInt(Integer::intValue).max().orElse(-1);
        List<String> byNumber = new ArrayList<>(Collections.nCopies(most + 1, ""));
        numbers.forEach((token, number) -> byNumber.set(number, token));
        special.forEach((token, number) -> byNumber.set(number, token));
        SortedSet<String> none = new TreeSet<>(special.keySet());
        if (numbers.containsKey(Vocabulary.END_OF_TEXT)) {
            none.add(Vocabulary.END_OF_TEXT); // which the two older files do not tell from text
        }
        return Vocabulary.foreign(byNumber, none);
    }

    /**
     * {@return the tokens of a text as the files write them; special ones such as {@code <|endoftext|>} are text here}
     *
     * @param text any, also an empty one
     */
    @Override
    public List<String> split(String text) {
        List<String> pieces = new ArrayList<>();
        Map<String, List<String>> known = new HashMap<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            pieces.addAll(known.computeIfAbsent(word.group(), this::pieces));
        }
        return pieces;
    }

    /**
     * {@return the text of tokens; bytes that are no UTF-8 become U+FFFD}
     *
     * @param written tokens as the files write them; others stand for nothing
     */
    @Override
    public String join(List<String> written) {
        return decode(written.stream()
                .map(token -> special.getOrDefault(token, numbers.getOrDefault(token, -1)))
                .filter(number -> number >= 0)
                .mapToInt(Integer::intValue)
                .toArray());
    }

    /**
     * {@return the numbers of a text's tokens; special ones such as {@code <|endoftext|>} are text here}
     *
     * @param text any, also an empty one
     */
    public int[] encode(String text) {
        return split(text).stream()
                .mapToInt(piece -> numbers.getOrDefault(piece, -1))
                .toArray();
    }

    private List<String> pieces(String word) {
        StringBuilder written = new StringBuilder();
        for (byte one : word.getBytes(StandardCharsets.UTF_8)) {
            written.append(CHARACTERS[one & 0xFF]);
        }
        return pairs.pieces(written.toString());
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
            byte[] token = tokens.get(number);
            if (token == null) {
                throw new IllegalArgumentException(
                        "expected the number of one of " + tokens.size() + " tokens, found " + number);
            }
            bytes.writeBytes(token);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Whether the other gives every text the same tokens and numbers. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ByteLevelBpe bytes
                && pairs.equals(bytes.pairs)
                && vocabulary().equals(bytes.vocabulary());
    }

    @Override
    public int hashCode() {
        return pairs.hashCode();
    }

    private static byte[] asBytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = BYTE_OF.getOrDefault(token.charAt(i), (byte) '?');
        }
        return bytes;
    }
}
