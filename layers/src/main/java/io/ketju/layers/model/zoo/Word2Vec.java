package io.ketju.layers.model.zoo;

import io.ketju.layers.Layer;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.embedding.EmbeddingBag;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.loss.OutputLoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.vocabulary.HierarchicalSoftmax;
import io.ketju.layers.vocabulary.NegativeSampling;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.OptionalInt;

/**
 * Word vectors (Mikolov et al. 2013a, 2013b): a word is told from the mean of the words around it (CBOW), or those from the word
 * (skip-gram), against negatives or along a Huffman tree. Parameters: vectors.weight [vocabulary, dimensions], the word vectors,
 * and those of the loss, output.weight. Both tables learn by rows.
 *
 * @param skipGram whether the word is given: "word" int32 [samples], and "targets" int32 [samples, window] to tell, -100 for none;
 *     else "context" int32 [samples, window] is given, 0 for none, and "target" int32 [samples] to tell
 * @param vocabulary number of words
 * @param dimensions of a vector
 * @param window words around a word at most
 * @param negatives of each target; 0: a Huffman tree
 * @param depth steps of the longest path of the tree: "paths" int32 [vocabulary, depth]
 */
public record Word2Vec(boolean skipGram, int vocabulary, int dimensions, int window, int negatives, int depth) {
    private static final String NEGATIVES = "negatives";
    private static final String DEPTH = "depth";
    private static final int USUAL_NEGATIVES = 5;

    static final Entry<Model> SKIP_GRAM = entry("skip_gram", "Word vectors that tell the words around", true);
    static final Entry<Model> CBOW = entry("cbow", "Word vectors whose mean tells the word between", false);

    /** What the word vectors are called. */
    public static final String VECTORS = "vectors";

    /** The input with the word whose neighbours are told. */
    public static final String WORD = "word";

    /** The input with the words around the one that is told. */
    public static final String CONTEXT = "context";

    /** The input with the words around a word, which are told. */
    public static final String TARGETS = "targets";

    /** The constant with how often each word occurs. */
    public static final String COUNTS = "counts";

    /** The constant with the paths of the tree. */
    public static final String PATHS = "paths";

    private static Entry<Model> entry(String name, String summary, boolean skipGram) {
        return Description.of(name, summary)
                .optional("vocabulary", 256, "number of words")
                .optional("dimensions", 100, "of a vector")
                .optional("window", 10, "words around a word at most")
                .namedDerived(NEGATIVES, Integer.toString(USUAL_NEGATIVES), "drawn for each target")
                .namedDerived(DEPTH, "None", "steps of the longest path of a Huffman tree, in place of negatives")
                .source("Mikolov et al. 2013")
                .readBy(arguments -> read(arguments, skipGram));
    }

    /** With negatives, unless depth says how long the paths of a tree are. */
    private static Model read(Arguments arguments, boolean skipGram) {
        boolean tree = arguments.text(DEPTH).isPresent();
        if (tree && arguments.text(NEGATIVES).isPresent()) {
            throw new IllegalArgumentException(arguments.spec().name()
                    + ": expected negatives, for negative sampling, or depth, for a Huffman tree, found both");
        }
        int negatives = arguments.integer(NEGATIVES, USUAL_NEGATIVES);
        return new Word2Vec(
                        skipGram,
                        arguments.integer("vocabulary"),
                        arguments.integer("dimensions"),
                        Counts.of(arguments, "window"),
                        tree ? 0 : Counts.require(arguments, NEGATIVES, negatives),
                        tree ? Counts.of(arguments, DEPTH) : 0)
                .model();
    }

    /** {@return the model, whose output is its loss, of each sample by itself} */
    public Model model() {
        ModelBuilder model = new ModelBuilder();
        Shape words = Shape.of(window);
        Value given = model.input(Input.samples(skipGram ? WORD : CONTEXT, DType.INT32, skipGram ? Shape.of() : words));
        Value told = model.input(
                Input.samples(skipGram ? TARGETS : Model.TARGET, DType.INT32, skipGram ? words : Shape.of()));
        boolean tree = negatives == 0;
        Value facts = model.input(
                tree
                        ? Input.constant(PATHS, TensorType.ints(vocabulary, depth))
                        : Input.constant(COUNTS, TensorType.ints(vocabulary)));
        Value vector = model.add(VECTORS, vectors(), given);
        Initializer zeros = Initializers.zeros();
        Value loss = model.add(
                "output",
                tree
                        ? new HierarchicalSoftmax(vocabulary, dimensions, true, zeros, true)
                        : new NegativeSampling(vocabulary, dimensions, negatives, NegativeSampling.POWER, zeros, true),
                vector,
                told,
                facts);
        return model.head("loss", new OutputLoss(), List.of(loss)).output(loss).build();
    }

    /** As the authors' program begins: uniform within half of 1 / dimensions. */
    private Layer vectors() {
        Initializer start = Initializers.uniform(0.5 / dimensions);
        return skipGram
                ? new Embedding(vocabulary, dimensions, OptionalInt.empty(), start, true)
                : new EmbeddingBag(
                        vocabulary, dimensions, EmbeddingBag.Mode.MEAN, OptionalInt.of(0), start, true, false);
    }
}
