package io.ketju.layers.model.zoo;

import io.ketju.layers.model.Model;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Spec;
import java.util.List;

/** Models of texts by name: what job files write of them. */
final class TextModels {
    private static final int VOCABULARY = 256;
    private static final String VOCABULARY_NAME = "vocabulary";
    private static final String DROPOUT = "dropout";

    private TextModels() {}

    static Model languageModel(Spec spec) {
        Arguments arguments = Arguments.of(
                spec, List.of(VOCABULARY_NAME, "context", "embedding", "hidden"), "cell", "num_layers");
        int levels = Models.requireCount(spec, "num_layers", arguments.integer("num_layers", 1));
        return new LanguageModel(
                        Cell.of(arguments, Cell.LSTM),
                        arguments.integer(VOCABULARY_NAME, VOCABULARY),
                        arguments.integer("embedding", 64),
                        arguments.integer("hidden", 128),
                        levels)
                .model(arguments.integer("context", 64));
    }

    static Model textCnn(Spec spec) {
        Arguments arguments = Arguments.of(
                spec,
                List.of(VOCABULARY_NAME, "longest", "embedding", "filters", "classes"),
                "widths",
                DROPOUT);
        List<Integer> widths = arguments.text("widths").isPresent() ? arguments.integers("widths") : List.of(3, 4, 5);
        for (int width : widths) {
            Models.requireCount(spec, "widths", width);
        }
        return new TextCNN(
                        arguments.integer(VOCABULARY_NAME, VOCABULARY),
                        arguments.integer("embedding", 128),
                        arguments.integer("filters", 100),
                        widths,
                        arguments.integer("classes", 2),
                        arguments.number(DROPOUT, 0.5))
                .model(arguments.integer("longest", 128));
    }

    static Model seq2seq(Spec spec) {
        Arguments arguments = Arguments.of(
                spec,
                List.of("source_vocabulary", "target_vocabulary", "longest", "embedding", "hidden"),
                "cell",
                "attention",
                DROPOUT);
        return new Seq2Seq(
                        Cell.of(arguments, Cell.RNN),
                        arguments.integer("embedding", 128),
                        arguments.integer("hidden", 128),
                        arguments.flag("attention", false),
                        arguments.number(DROPOUT, 0))
                .model(
                        arguments.integer("source_vocabulary", VOCABULARY),
                        arguments.integer("target_vocabulary", VOCABULARY),
                        arguments.integer("longest", 64));
    }

    static Model skipGram(Spec spec) {
        return word2Vec(spec, true);
    }

    static Model cbow(Spec spec) {
        return word2Vec(spec, false);
    }

    /** With negatives, unless depth says how long the paths of a tree are. */
    private static Model word2Vec(Spec spec, boolean skipGram) {
        Arguments arguments = Arguments.of(spec, List.of(VOCABULARY_NAME, "dimensions", "window"), "negatives", "depth");
        boolean tree = arguments.text("depth").isPresent();
        if (tree && arguments.text("negatives").isPresent()) {
            throw new IllegalArgumentException(spec.name()
                    + ": expected negatives, for negative sampling, or depth, for a Huffman tree, found both");
        }
        return new Word2Vec(
                        skipGram,
                        arguments.integer(VOCABULARY_NAME, VOCABULARY),
                        arguments.integer("dimensions", 100),
                        Models.requireCount(spec, "window", arguments.integer("window", 10)),
                        tree ? 0 : Models.requireCount(spec, "negatives", arguments.integer("negatives", 5)),
                        tree ? Models.requireCount(spec, "depth", arguments.integer("depth")) : 0)
                .model();
    }
}
