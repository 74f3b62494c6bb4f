package io.ketju.actors.job;

import io.ketju.data.ConstantBatches.Constant;
import io.ketju.data.Texts;
import io.ketju.data.TrainTest;
import io.ketju.data.text.LargeText;
import io.ketju.data.text.TextSplit;
import io.ketju.data.text.WordWindows;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.vocabulary.HuffmanTree;
import java.nio.file.Path;
import java.util.Optional;

/** Words with those around them as data of a job file. */
final class WindowForms {
    private static final String CBOW = "cbow";
    private static final String SKIP_GRAM = "skip_gram";
    private static final int MOST = 1000;

    static final Entry<TrainTest> WINDOWS = Description.of("windows", "Every word of a text with those around it")
            .required("source", "dickens, or the path of a text file in quotes (UTF-8, also .gz)")
            .named("form", SKIP_GRAM, "skip_gram: the words around a word are told; cbow: the word is")
            .named("before", 5, "words before a word")
            .named("after", 5, "words behind it; with cbow and 0 the next word is told")
            .named("step", 1, "words from one that is looked at to the next")
            .named("tokens", "words", "words(lower=true), characters or bpe(merges=1000)")
            .named("min_count", 5, "how often a word must come in the training part; others are left out")
            .named("sample", 0.001, "words that are a larger share of the text are left out at random; 0: none")
            .named("test", 0.05, "share of the text, at its end, that is tested with")
            .named("seed", 0, "which of the frequent words are left out")
            .formula("a word of share f stays with the probability √(sample / f) + sample / f")
            .shapes(
                    "context int32 [before + after] and target, or word and targets int32 [before + after]; constants counts"
                            + " int32 [vocabulary] and paths int32 [vocabulary, depth], of a Huffman tree")
            .use("cbow and skip_gram")
            .source("Mikolov et al. 2013, Distributed Representations of Words and Phrases")
            .readBy(WindowForms::windows);

    private WindowForms() {}

    private static TrainTest windows(Arguments arguments) {
        String source = DataForms.unquoted(arguments.word("source"));
        int before = TextForms.within(arguments, "before", 0, MOST);
        int after = TextForms.within(arguments, "after", before == 0 ? 1 : 0, MOST);
        double sample = arguments.number("sample");
        if (!(sample >= 0 && sample <= 1)) {
            throw new IllegalArgumentException(
                    "windows: argument 'sample': expected a share from 0 to 1, found " + arguments.word("sample"));
        }
        WordWindows.Form form = new WordWindows.Form(
                arguments.word("form", CBOW, SKIP_GRAM).equals(SKIP_GRAM),
                new WordWindows.Window(before, after, TextForms.within(arguments, "step", 1, MOST)),
                sample,
                TextForms.within(arguments, "seed", 0, Integer.MAX_VALUE));
        double test = TextForms.testShare(arguments);
        Optional<Path> large = Texts.large(source);
        if (large.isPresent()) {
            LargeText.Choice choice = new LargeText.Choice(test, TextTokens.learning(arguments));
            return WordWindows.of(TextForms.title(source), large.get(), choice, form, WindowForms::tree);
        }
        TextSplit split = TextSplit.of("text '" + source + "'", Texts.find(source), test, TextTokens.learnt(arguments));
        return WordWindows.of(TextForms.title(source), split, form, WindowForms::tree);
    }

    private static Constant tree(int... counts) {
        HuffmanTree tree = HuffmanTree.of(counts);
        return new Constant(tree.type(), tree.paths());
    }
}
