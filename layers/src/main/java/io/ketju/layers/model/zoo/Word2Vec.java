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
