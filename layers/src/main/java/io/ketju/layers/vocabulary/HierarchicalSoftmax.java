package io.ketju.layers.vocabulary;

import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
import io.ketju.layers.IntRange;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * The negative log-probability of each target where the way to it through a binary tree is decided at each inner node (Morin and Bengio
 * 2005; Mikolov et al. 2013b, section 2.1, equation 3): {@code Σ -log σ(±u · x)} over the nodes u of its path, plus where the path goes to
 * the first child. The probabilities of all tokens add up to 1. Inputs x [..., embeddingDim], the vector of a word or the mean of several;
 * the targets, int32 [...], or several for each vector, int32 [..., targets], whose losses are added, -100 where there is none; for a
 * Huffman tree the paths, int32 [numEmbeddings, steps], which {@link HuffmanTree} makes of counts. Output [...], to be averaged by
 * {@code OutputLoss}. Parameter: weight [numEmbeddings - 1, embeddingDim], the rows u of the inner nodes.
 *
 * <p>In the balanced tree the nodes are numbered level by level from the root, each level from its first child on, and tokens follow the
 * inner nodes: all paths are as long, or one step shorter.
 *
 * @param numEmbeddings tokens, at least 2: targets are from 0 below it
 * @param embeddingDim size of a vector
 * @param huffman whether the paths are given, else the tree is balanced
 * @param initializer of the weight
 * @param sparse whether the gradient is that of the rows that were chosen, and not of all
 */
public record HierarchicalSoftmax(
        int numEmbeddings, int embeddingDim, boolean huffman, Initializer initializer, boolean sparse)
        implements Layer {
    private static final String BALANCED = "balanced";
    private static final String HUFFMAN = "huffman";
    private static final Initializer DEFAULT = Initializers.zeros();

    private static final int TARGETS = 1;
    private static final int PATHS = 2;

    public static final Entry<Layer> ENTRY = Description.of(
                    "HierarchicalSoftmax", "The loss of each target as decisions on its path through a tree")
            .required("num_embeddings", "tokens, at least 2")
            .required("embedding_dim", "size of a vector")
            .optional("tree", BALANCED, "balanced, or huffman: with the paths as an input")
            .named("init", DEFAULT.spec(), "initial values of the weight")
            .named(
                    "sparse",
                    false,
                    "whether optimizers are given the rows that were chosen, and not all of the gradient")
            .formula("y = Σ -log σ(±u · x) over the inner nodes u of the target's path")
            .shapes(
                    "x [..., embedding_dim], targets int32 [...] or, several of each x, [..., targets] with -100 for none, then,"
                            + " of a Huffman tree, the paths int32 [num_embeddings, steps]: twice an inner node, plus 1 where it goes to the second child, -1 behind the end; to"
                            + " the losses [...], which OutputLoss averages")
            .parameters("weight [num_embeddings - 1, embedding_dim], the rows u")
            .source(
                    "Mikolov et al. 2013, Distributed Representations of Words and Phrases, section 2.1; Morin and Bengio"
                            + " 2005")
            .readBy(arguments -> new HierarchicalSoftmax(
                    arguments.integer("num_embeddings"),
                    arguments.integer("embedding_dim"),
                    arguments.word("tree", BALANCED, HUFFMAN).equals(HUFFMAN),
                    Initializers.of(arguments, "init"),
                    arguments.flag("sparse")));

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException naming the argument, if there are fewer than 2 tokens or no features
     */
    public HierarchicalSoftmax {
        Arguments.requirePositive("HierarchicalSoftmax", "embedding_dim", embeddingDim);
        if (numEmbeddings < 2) {
            throw new IllegalArgumentException(
                    "HierarchicalSoftmax: argument 'num_embeddings': expected at least 2, found " + numEmbeddings);
        }
    }

    /**
     * Rows start as zeros, and the gradient is that of all.
     *
     * @param numEmbeddings tokens, at least 2
     * @param embeddingDim size of a vector, at least 1
     * @param huffman whether the paths are given, else the tree is balanced
     */
    public HierarchicalSoftmax(int numEmbeddings, int embeddingDim, boolean huffman) {
        this(numEmbeddings, embeddingDim, huffman, DEFAULT, false);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("HierarchicalSoftmax", numEmbeddings, embeddingDim);
        spec = huffman ? spec.with("tree", HUFFMAN) : spec;
        spec = sparse ? spec.with("sparse", true) : spec;
        return initializer.equals(DEFAULT) ? spec : spec.with("init", initializer.spec());
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.table("weight", Shape.of(numEmbeddings - 1, embeddingDim), initializer, sparse));
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.require(inputs, huffman ? 3 : 2);
        ScoredRows.targets(inputs, embeddingDim);
        if (huffman) {
            Inputs.requireInts(inputs, PATHS);
            Shape paths = inputs.get(PATHS).shape();
            if (paths.rank() != 2 || paths.dimension(0) != numEmbeddings || paths.dimension(1) == 0) {
                throw new IllegalArgumentException(
                        "expected paths [" + numEmbeddings + ", steps] as input 2, found " + paths);
            }
        }
        return List.of(TensorType.floats(ScoredRows.rows(inputs.getFirst().shape())));
    }

    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        return switch (input) {
            case TARGETS -> Optional.of(ScoredRows.range(inputs, numEmbeddings));
            case PATHS ->
                Optional.of(IntRange.below("a step of a path", 2 * (numEmbeddings - 1))
                        .and(-1));
            default -> Optional.empty();
        };
    }

    /** Steps of the longest path. */
    private int steps(List<TensorType> inputs) {
        return huffman ? inputs.get(PATHS).shape().dimension(1) : levels(2 * numEmbeddings - 1);
    }

    /** Steps from the root, 1, to a node of the balanced tree: its children are 2n and 2n + 1. */
    private static int levels(int node) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(node);
    }

    @Override
    public Footprint footprint(List<TensorType> inputs) {
        int each =
                ScoredRows.each(inputs.getFirst().shape(), inputs.get(TARGETS).shape());
        return ScoredRows.footprint(inputs.getFirst(), each * steps(inputs));
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return 2L * steps(inputs) * inputs.get(TARGETS).shape().elements() * embeddingDim;
    }

    /** Throws {@link IllegalArgumentException} for a target that is no token, and for a step of a path that is none. */
    @Override
    public void forward(Pass pass) {
        Tensor targets = pass.input(TARGETS);
        ScoredRows rows = ScoredRows.choose(pass);
        int each = ScoredRows.each(pass.input(0).shape(), targets.shape());
        for (int i = 0; i < targets.elements(); i++) {
            int target = targets.getInt(i);
            if (each == 1 || target != ScoredRows.NONE) {
                add(rows, pass, target);
            }
            if ((i + 1) % each == 0) {
                rows.next();
            }
        }
        rows.forward();
    }

    private void add(ScoredRows rows, Pass pass, int target) {
        if (target < 0 || target >= numEmbeddings) {
            throw new IllegalArgumentException(
                    "expected a token from 0 to " + (numEmbeddings - 1) + ", found " + target);
        }
        if (huffman) {
            addPath(rows, pass.input(PATHS), target);
        } else {
            addBalanced(rows, numEmbeddings + target);
        }
    }

    private static void addPath(ScoredRows rows, Tensor paths, int target) {
        int most = paths.shape().dimension(1);
        for (int step = 0; step < most; step++) {
            int at = paths.getInt(target * most + step);
            if (at < 0) {
                return;
            }
            rows.add(at / 2, at % 2 == 0);
        }
    }

    /** Inner nodes count from 1 in the tree, from 0 in the table. */
    private static void addBalanced(ScoredRows rows, int leaf) {
        for (int below = levels(leaf) - 1; below >= 0; below--) {
            rows.add((leaf >> (below + 1)) - 1, ((leaf >> below) & 1) == 0);
        }
    }

    @Override
    public void backwardInput(Pass pass) {
        ScoredRows.backwardInput(pass);
    }

    @Override
    public void backwardWeight(Pass pass) {
        ScoredRows.backwardWeight(pass);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
