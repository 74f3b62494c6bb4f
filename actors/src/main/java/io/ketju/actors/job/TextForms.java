package io.ketju.actors.job;

import io.ketju.data.Texts;
import io.ketju.data.TrainTest;
import io.ketju.data.text.LargeText;
import io.ketju.data.text.TextLines;
import io.ketju.data.text.TextPairs;
import io.ketju.data.text.TextSource;
import io.ketju.data.text.TextSplit;
import io.ketju.data.text.TextWindows;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.nio.file.Path;
import java.util.Optional;

/** Texts as data of a job file. */
final class TextForms {
    static final Entry<TrainTest> TEXT = Description.of("text", "Windows of a text, and the tokens that come next")
            .required("source", "dickens, or the path of a text file in quotes (UTF-8, also .gz)")
            .named(
                    "tokens",
                    "characters",
                    "characters, words(lower=true) or bpe(merges=1000); or a tokenizer of Hugging Face, its folder in quotes")
            .named("context", 64, "tokens of a window")
            .namedDerived("stride", "context", "tokens from the begin of one window to that of the next")
            .named("min_count", 1, "how often a token must come in the training part to be known")
            .named("test", 0.1, "share of the text, at its end, that is tested with")
            .shapes("input and target int32 [context]")
            .use("models of language: gpt, language_model, or Embedding, LSTM and Linear")
            .readBy(TextForms::text);

    static final Entry<TrainTest> PAIRS = sides(Description.of("pairs", "Sentences and their translations")
                    .required("source", "verses, or the path in quotes of a text file with a tab in each line")
                    .namedDerived(
                            "second", "none", "the path of the translations, where they are in a file of their own"))
            .shapes("src, src_lengths, src_mask, tgt (<BOS> y), tgt_lengths, tgt_mask, target (y <EOS>)")
            .use("transformer, seq2seq, or any model that calls its inputs so")
            .readBy(TextForms::pairs);

    static final Entry<TrainTest> LINES = sides(Description.of("lines", "Sentences and their classes")
                    .required(
                            "source",
                            "authors, or the path in quotes of a text file: a sentence, a tab, its class in each line"))
            .shapes("input int32 [longest], lengths, mask, target")
            .use("lstm_classifier, text_cnn, or any model that calls its inputs so")
            .readBy(arguments -> {
                String source = DataForms.unquoted(arguments.word("source"));
                TextLines lines = TextLines.ofTabbed(Texts.findLines(source));
                return TextPairs.classes(title(source), lines, choice(arguments));
            });

    private TextForms() {}

    private static Description sides(Description description) {
        return description
                .named(
                        "tokens",
                        "words",
                        "characters, words(lower=true) or bpe(merges=1000); or the tokenizer of a run, its folder in quotes")
                .named("min_count", 1, "how often a token must come in the training lines to be known")
                .named("test", 0.1, "share of the lines that is tested with, or from 1 on how many")
                .named("seed", 0, "which lines those are");
    }

    private static TextPairs.Choice choice(Arguments arguments) {
        double test = arguments.number("test");
        if (!(test > 0) || (test >= 1 && test != Math.rint(test))) {
            throw new IllegalArgumentException(arguments.spec().name()
                    + ": argument 'test': expected a share between 0 and 1, or a whole number of lines, found "
                    + arguments.word("test"));
        }
        return new TextPairs.Choice(
                TextTokens.ofSides(arguments), test, within(arguments, "seed", 0, Integer.MAX_VALUE));
    }

    private static TrainTest pairs(Arguments arguments) {
        String source = DataForms.unquoted(arguments.word("source"));
        TextSource text = Texts.findPairs(source);
        TextLines lines = arguments
                .text("second")
                .map(second -> TextLines.ofTwo(text, Texts.source(DataForms.unquoted(second))))
                .orElseGet(() -> TextLines.ofTabbed(text));
        return TextPairs.translations(title(source), lines, choice(arguments));
    }

    private static TrainTest text(Arguments arguments) {
        int context = within(arguments, "context", 1, 1 << 16);
        int stride = arguments.text("stride").isPresent() ? within(arguments, "stride", 1, 1 << 16) : context;
        TextWindows.Cut cut = new TextWindows.Cut(context, stride);
        String source = DataForms.unquoted(arguments.word("source"));
        double test = testShare(arguments);
        Optional<Path> large = Texts.large(source);
        if (large.isPresent()) {
            return LargeText.windows(
                    title(source), large.get(), new LargeText.Choice(test, TextTokens.choice(arguments)), cut);
        }
        TextSplit split = TextSplit.of("text '" + source + "'", Texts.find(source), test, TextTokens.of(arguments));
        return TextWindows.of(title(source), split, cut);
    }

    static double testShare(Arguments arguments) {
        double share = arguments.number("test");
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException(arguments.spec().name()
                    + ": argument 'test': expected a share between 0 and 1, found " + arguments.word("test"));
        }
        return share;
    }

    static int within(Arguments arguments, String name, int least, int most) {
        int value = arguments.integer(name);
        if (value < least || value > most) {
            throw new IllegalArgumentException(arguments.spec().name() + ": argument '" + name + "': expected " + least
                    + " to " + most + ", found " + value);
        }
        return value;
    }

    /** What reports call data of a source: the last part of its path. */
    static String title(String source) {
        return source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
    }
}
