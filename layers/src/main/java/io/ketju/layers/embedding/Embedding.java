package io.ketju.layers.embedding;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.Inputs;
import io.ketju.layers.IntRange;
import io.ketju.layers.Layer;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A learned row for each token: int32 [...] to [..., embeddingDim], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html">torch.nn.Embedding</a>, whose initial values it also has.
 * Parameter: weight [numEmbeddings, embeddingDim].
 *
 * @param numEmbeddings rows of the table: tokens are from 0 below it
 * @param embeddingDim size of a row
 * @param paddingIdx token whose row starts as zeros and does not learn
 * @param initializer of the weight
 * @param sparse whether the gradient is that of the rows that occur, and not of all
 */
public record Embedding(
        int numEmbeddings, int embeddingDim, OptionalInt paddingIdx, Initializer initializer, boolean sparse)
        implements Layer {
    /** What PyTorch's Embedding starts with. */
    static final Initializer DEFAULT = Initializers.normal(1);

    /** What the catalogue says of an argument that is refused. */
    static final String NO_MAX_NORM = "None: forward does not change weights";

    /** What the catalogue says of norm_type. */
    static final String NO_NORM_TYPE = "of max_norm; without that it changes nothing";

    static final String NO_FREQUENCIES = "false: gradients are not divided by how often tokens occur";
    static final String SPARSE = "whether optimizers are given the rows that occur, and not all of the gradient";

    private static final int WEIGHT = 0;

    public static final Entry<Layer> ENTRY = Description.of("Embedding", "A learned row for each token")
            .required("num_embeddings", "tokens are below it")
            .required("embedding_dim", "size of a row")
            .derived("padding_idx", "None", "token whose row starts as zeros and does not learn")
            .derived("max_norm", "None", NO_MAX_NORM)
            .optional("norm_type", 2, NO_NORM_TYPE)
            .optional("scale_grad_by_freq", false, NO_FREQUENCIES)
            .optional("sparse", false, SPARSE)
            .named("init", DEFAULT.spec(), "initial values of the weight")
            .formula("y = weight[token]")
            .shapes("int32 [...] to [..., embedding_dim]")
            .parameters("weight [num_embeddings, embedding_dim]")
            .source("torch.nn.Embedding")
            .readBy(Embedding::of);

    /**
     * Checks the sizes and the padding.
     *
     * @throws IllegalArgumentException naming the argument, if a size is below 1 or the padding is no token
     */
    public Embedding {
        Arguments.requirePositive("Embedding", "num_embeddings", numEmbeddings);
        Arguments.requirePositive("Embedding", "embedding_dim", embeddingDim);
        requireToken("Embedding", paddingIdx, numEmbeddings);
    }

    /**
     * Without padding, with PyTorch's initial values.
     *
     * @param numEmbeddings rows of the table: tokens are from 0 below it
     * @param embeddingDim size of a row
     */
    public Embedding(int numEmbeddings, int embeddingDim) {
        this(numEmbeddings, embeddingDim, OptionalInt.empty(), DEFAULT, false);
    }

    private static Embedding of(Arguments arguments) {
        refuse(arguments);
        return new Embedding(
                arguments.integer("num_embeddings"),
                arguments.integer("embedding_dim"),
                padding(arguments),
                Initializers.of(arguments, "init"),
                arguments.flag("sparse"));
    }

    static OptionalInt padding(Arguments arguments) {
        boolean padded = arguments.text("padding_idx").isPresent();
        return padded ? OptionalInt.of(arguments.integer("padding_idx")) : OptionalInt.empty();
    }

    /**
     * Rows would be shortened when they are read: a weight that micro-batches in flight share would depend on their order. And
     * a gradient that is divided by how often tokens occur would depend on the micro-batches.
     */
    static void refuse(Arguments arguments) {
        arguments.number("norm_type");
        if (arguments.flag("scale_grad_by_freq")) {
            throw new IllegalArgumentException(arguments.spec().name()
                    + ": argument 'scale_grad_by_freq': expected false, found true; a micro-batch does not know how often"
                    + " tokens occur in the others");
        }
        arguments.text("max_norm").ifPresent(value -> {
            throw new IllegalArgumentException(arguments.spec().name() + ": argument 'max_norm': expected None, found "
                    + Excerpt.of(value) + "; forward does not change weights, which micro-batches in flight share: keep"
                    + " rows short by weight_decay, or normalize what is read of them");
        });
    }

    static void requireToken(String owner, OptionalInt token, int below) {
        if (token.isPresent() && (token.getAsInt() < 0 || token.getAsInt() >= below)) {
            throw new IllegalArgumentException(owner + ": argument 'padding_idx': expected a token from 0 to "
                    + (below - 1) + ", found " + token.getAsInt());
        }
    }

    /**
     * With a token whose row starts as zeros and does not learn.
     *
     * @param token from 0 below numEmbeddings
     * @return another layer
     */
    public Embedding withPaddingIdx(int token) {
        return new Embedding(numEmbeddings, embeddingDim, OptionalInt.of(token), initializer, sparse);
    }

    /**
     * With other initial values; the padding's row is zero all the same.
     *
     * @param other what fills the weight
     * @return another layer
     */
    public Embedding withInitializer(Initializer other) {
        return new Embedding(numEmbeddings, embeddingDim, paddingIdx, other, sparse);
    }

    /** {@return this, with a gradient of the rows that occur, for SparseAdam, SGD and Adagrad} */
    public Embedding withSparse() {
        return new Embedding(numEmbeddings, embeddingDim, paddingIdx, initializer, true);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("Embedding", numEmbeddings, embeddingDim);
        spec = paddingIdx.isPresent() ? spec.with("padding_idx", paddingIdx.getAsInt()) : spec;
        return addTo(sparse ? spec.with("sparse", true) : spec, initializer);
    }

    /** A spec with the initializer of a table, unless that is the default. */
    static Spec addTo(Spec spec, Initializer initializer) {
        return initializer.equals(DEFAULT) ? spec : spec.with("init", initializer.spec());
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weight(Shape.of(numEmbeddings, embeddingDim), paddingIdx, initializer, sparse));
    }

    /** A row for each token, zeros for the padding. */
    static Parameter weight(Shape shape, OptionalInt paddingIdx, Initializer initializer, boolean sparse) {
        Initializer start = initializer;
        if (paddingIdx.isPresent()) {
            start = (table, random) -> {
                initializer.fill(table, random);
                table.samples(paddingIdx.getAsInt(), 1).clear();
            };
        }
        return Parameter.table("weight", shape, start, sparse);
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.require(inputs, 1);
        Inputs.requireInts(inputs, 0);
        Shape tokens = inputs.getFirst().shape();
        int[] dimensions = Arrays.copyOf(tokens.toArray(), tokens.rank() + 1);
        dimensions[tokens.rank()] = embeddingDim;
        return List.of(TensorType.floats(dimensions));
    }

    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        return Optional.of(IntRange.below("a token", numEmbeddings));
    }

    /** The gradient of the weight reads the tokens. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        return Footprint.NOTHING.weightGradientReading(Port.input(0));
    }

    /** Nothing is computed: one for each number that is copied, so that stages are balanced by it. */
    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return outputs(inputs).getFirst().shape().elements();
    }

    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        return Increment.positionwise(this, given);
    }

    /** Throws {@link IllegalArgumentException} for a token that has no row, naming it and its position. */
    @Override
    public void forward(Pass pass) {
        Tensor tokens = pass.input(0);
        try {
            pass.kernels().indexing().embeddingForward(pass.parameter(WEIGHT), tokens, pass.output(0));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    this + " on " + tokens + ": " + e.getMessage() + "; give the layer more rows or correct the tokens",
                    e);
        }
    }

    @Override
    public void backwardInput(Pass pass) {
        throw new UnsupportedOperationException("tokens have no gradient");
    }

    @Override
    public void backwardWeight(Pass pass) {
        if (pass.wantsWeightGradient(WEIGHT)) {
            int padding = paddingIdx.orElse(IndexingKernels.NO_PADDING);
            pass.touch(WEIGHT, pass.input(0), padding);
            pass.kernels()
                    .indexing()
                    .embeddingBackward(padding, pass.gradOutput(0), pass.input(0), pass.gradient(WEIGHT));
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
