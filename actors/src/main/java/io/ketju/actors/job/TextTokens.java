package io.ketju.actors.job;

import io.ketju.data.text.BytePairTokenizer;
import io.ketju.data.text.CharacterTokenizer;
import io.ketju.data.text.EncodingChoice;
import io.ketju.data.text.HuggingFaceTokenizer;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.Tokenizer;
import io.ketju.data.text.WordTokenizer;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Registry;
import io.ketju.tensor.Excerpt;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The arguments {@code tokens} and {@code min_count} of data that is text: the encoding of a training text. */
final class TextTokens {
    private static final int MOST_MERGES = 100_000;
    private static final String TOKENS = "tokens";
    private static final String MIN_COUNT = "min_count";

    /** How a text is cut, learnt from the training text where it is learnt. */
    private static final Registry<Function<String, Tokenizer>> LEARNT = new Registry<>(
            TOKENS,
            List.of(
                    Description.of("characters", "Every character")
                            .always((Function<String, Tokenizer>) text -> new CharacterTokenizer()),
                    Description.of("words", "Words and punctuation")
                            .optional("lower", true, "whether capitals become small letters")
                            .<Function<String, Tokenizer>>readBy(arguments -> {
                                Tokenizer words = new WordTokenizer(arguments.flag("lower"));
                                return text -> words;
                            }),
                    Description.of("bpe", "Pieces of words by merged pairs")
                            .optional("merges", 1000, "how many pairs are merged")
                            .readBy(TextTokens::bytePairs)));

    private TextTokens() {}

    private static Function<String, Tokenizer> bytePairs(Arguments arguments) {
        int merges = TextForms.within(arguments, "merges", 1, MOST_MERGES);
        return BytePairTokenizer.learning(merges);
    }

    /**
     * Whether an argument is the folder of a tokenizer: what stands in quotes, unless it is the name of one that is learnt.
     *
     * @param written with its quotes
     */
    static boolean isFolder(String written) {
        String inside = DataForms.unquoted(written);
        return !inside.equals(written) && !LEARNT.names().contains(inside);
    }

    /** What is learnt from a training text, or the tokenizer of the folder that is named in quotes. */
    static Function<String, TextEncoding> of(Arguments arguments) {
        return there(arguments)
                .<Function<String, TextEncoding>>map(there -> text -> there)
                .orElseGet(() -> learnt(arguments));
    }

    /** The tokenizer of the folder that is named in quotes; empty where one is learnt. */
    static Optional<TextEncoding> there(Arguments arguments) {
        String written = arguments.text(TOKENS).orElse("");
        if (!isFolder(written)) {
            return Optional.empty();
        }
        int minCount = minCount(arguments);
        if (minCount > 1) {
            throw refused(
                    arguments,
                    MIN_COUNT,
                    "none beside a tokenizer that is there, which knows its tokens",
                    minCount + "");
        }
        return Optional.of(HuggingFaceTokenizer.open(path(arguments, DataForms.unquoted(written))));
    }

    /** The same for a text that need not be held. */
    static EncodingChoice choice(Arguments arguments) {
        return there(arguments).<EncodingChoice>map(EncodingChoice.There::new).orElseGet(() -> learning(arguments));
    }

    /** The same for texts that are padded and end: the tokenizer that is there must have tokens for that. */
    static EncodingChoice ofSides(Arguments arguments) {
        EncodingChoice choice = choice(arguments);
        if (choice instanceof EncodingChoice.There there
                && !there.encoding().vocabulary().isOwn()) {
            throw refused(
                    arguments,
                    TOKENS,
                    "a tokenizer with <PAD>, <BOS>, <EOS> and <NUL>, as 'ketju weights RUN --to-gpt2 DIR' writes it",
                    "one of a GPT-2 in " + Excerpt.ofPath(arguments.text(TOKENS).orElse(""))
                            + ", which text(...) takes");
        }
        return choice;
    }

    /** What is learnt from a training text alone. */
    static Function<String, TextEncoding> learnt(Arguments arguments) {
        Function<String, Tokenizer> tokens = tokenizer(arguments);
        int minCount = minCount(arguments);
        return text -> TextEncoding.of(tokens.apply(text), text, minCount);
    }

    /** The same for a text that need not be held. */
    static EncodingChoice learning(Arguments arguments) {
        return new EncodingChoice.Learnt(tokenizer(arguments), minCount(arguments));
    }

    /** How a training text is cut, where that is learnt from it. */
    private static Function<String, Tokenizer> tokenizer(Arguments arguments) {
        String written = arguments.text(TOKENS).orElse("");
        if (isFolder(written)) {
            throw refused(arguments, TOKENS, "words, characters or bpe", "a folder, " + Excerpt.ofPath(written));
        }
        return LEARNT.parse(DataForms.unquoted(written));
    }

    private static int minCount(Arguments arguments) {
        return TextForms.within(arguments, MIN_COUNT, 1, Integer.MAX_VALUE);
    }

    private static Path path(Arguments arguments, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw refused(arguments, TOKENS, "the path of a folder", "'" + Excerpt.of(text) + "'");
        }
    }

    private static IllegalArgumentException refused(
            Arguments arguments, String argument, String expected, String found) {
        return new IllegalArgumentException(
                arguments.spec().name() + ": argument '" + argument + "': expected " + expected + ", found " + found);
    }
}
