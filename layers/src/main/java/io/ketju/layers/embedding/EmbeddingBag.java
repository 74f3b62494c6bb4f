package io.ketju.layers.embedding;

import io.ketju.layers.Footprint;
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
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The sum, the mean or the largest of the rows of a sample's tokens: int32 [samples, tokens] to [samples, embeddingDim], as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html">torch.nn.EmbeddingBag</a>. Tokens that are padding count for
 * nothing, so that samples may have bags of any length; a bag without others gives zeros. A sum takes a second input, float32 [samples,
 * tokens], by which each row is multiplied. Bags of different sizes may also lie one behind the other, int32 [tokens], with offsets int32
 * [bags] that say where each begins; such tokens cannot be cut by samples, so they come whole, as a micro-batch of its own sizes.
 * Parameter: weight [numEmbeddings, embeddingDim], with an {@link Embedding}'s initial values.
 *
 * @param numEmbeddings rows of the table: tokens are from 0 below it
 * @param embeddingDim size of a row
 * @param mode what becomes of the rows of a bag
 * @param paddingIdx token that counts for nothing; its row starts as zeros and does not learn
 * @param initializer of the weight
 * @param sparse whether the gradient is that of the rows that occur, and not of all
 * @param lastOffset whether offsets have one more, the end of the last bag
 */
public record EmbeddingBag(
        int numEmbeddings,
        int embeddingDim,
        Mode mode,
        OptionalInt paddingIdx,
        Initializer initializer,
        boolean sparse,
        boolean lastOffset)
        implements Layer {
    /** What becomes of the rows of a bag. */
    public enum Mode {
        /** Each row times its factor, where there are factors. */
        SUM,
        /** The sum divided by the number of tokens that are not padding. */
        MEAN,
        /** Column by column; the gradient goes to the first of equal ones. */
        MAX;

        private final String text = name().toLowerCase(Locale.ROOT);
    }

    private static final String NAME = "EmbeddingBag";

    public static final Entry<Layer> ENTRY = Description.of(
                    NAME, "The sum, the mean or the largest of the rows of a sample's tokens")
            .required("num_embeddings", "tokens are below it")
            .required("embedding_dim", "size of a row")
            .derived("max_norm", "None", Embedding.NO_MAX_NORM)
            .optional("norm_type", 2, Embedding.NO_NORM_TYPE)
            .optional("scale_grad_by_freq", false, Embedding.NO_FREQUENCIES)
            .optional("mode", Mode.MEAN.text, "sum, mean or max")
            .optional("sparse", false, Embedding.SPARSE + "; not with max")
            .named("include_last_offset", false, "whether offsets have one more, the end of the last bag")
            .namedDerived("padding_idx", "None", "token that counts for nothing; its row does not learn")
            .named("init", Embedding.DEFAULT.spec(), "initial values of the weight")
            .formula("y = Σ weight[token] · factor; of mean Σ weight[token] / n, of max the largest")
            .shapes(
                    "int32 [samples, tokens], then for sum float32 [samples, tokens], if rows have factors; to [samples,"
                            + " embedding_dim]; or int32 [tokens], offsets int32 [bags], where each bag begins, then for"
                            + " sum float32 [tokens], if rows have factors; to [bags, embedding_dim]")
            .parameters("weight [num_embeddings, embedding_dim]")
            .source("torch.nn.EmbeddingBag")
            .readBy(EmbeddingBag::of);

    private static final int TOKENS = 0;
    private static final int FACTORS = 1;
    private static final int OFFSETS = 1;
    private static final int FLAT_FACTORS = 2;
    private static final int WEIGHT = 0;

    /**
     * Checks the sizes, the padding and that a maximum is not sparse.
     *
     * @throws IllegalArgumentException naming the argument that does not fit
     */
    public EmbeddingBag {
        Arguments.requirePositive(NAME, "num_embeddings", numEmbeddings);
        Arguments.requirePositive(NAME, "embedding_dim", embeddingDim);
        Embedding.requireToken(NAME, paddingIdx, numEmbeddings);
        if (sparse && mode == Mode.MAX) {
            throw new IllegalArgumentException(NAME + ": argument 'sparse': expected false with mode=max, found true");
        }
    }

    /**
     * Without padding, with PyTorch's initial values.
     *
     * @param numEmbeddings rows of the table: tokens are from 0 below it
     * @param embeddingDim size of a row
     * @param mode what becomes of the rows of a bag
     */
    public EmbeddingBag(int numEmbeddings, int embeddingDim, Mode mode) {
        this(numEmbeddings, embeddingDim, mode, OptionalInt.empty(), Embedding.DEFAULT, false, false);
    }

    private static EmbeddingBag of(Arguments arguments) {
        Embedding.refuse(arguments);
        String mode = arguments.word("mode", Mode.SUM.text, Mode.MEAN.text, Mode.MAX.text);
        return new EmbeddingBag(
                arguments.integer("num_embeddings"),
                arguments.integer("embedding_dim"),
                Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
                Embedding.padding(arguments),
                Initializers.of(arguments, "init"),
                arguments.flag("sparse"),
                arguments.flag("include_last_offset"));
    }

    /**
     * With a token that counts for nothing, whose row starts as zeros and does not learn.
     *
     * @param token from 0 below numEmbeddings
     * @return another layer
     */
    public EmbeddingBag withPaddingIdx(int token) {
        return new EmbeddingBag(
                numEmbeddings, embeddingDim, mode, OptionalInt.of(token), initializer, sparse, lastOffset);
    }

    /**
     * With other initial values; the padding's row is zero all the same.
     *
     * @param other what fills the weight
     * @return another layer
     */
    public EmbeddingBag withInitializer(Initializer other) {
        return new EmbeddingBag(numEmbeddings, embeddingDim, mode, paddingIdx, other, sparse, lastOffset);
    }

    /** {@return this, with a gradient of the rows that occur, for SparseAdam, SGD and Adagrad; not of a maximum} */
    public EmbeddingBag withSparse() {
        return new EmbeddingBag(numEmbeddings, embeddingDim, mode, paddingIdx, initializer, true, lastOffset);
    }

    /** {@return this, with offsets that have one more, the end of the last bag} */
    public EmbeddingBag withLastOffset() {
        return new EmbeddingBag(numEmbeddings, embeddingDim, mode, paddingIdx, initializer, sparse, true);
    }

    private OffsetBags offsetBags() {
        return new OffsetBags(lastOffset, paddingIdx);
    }

    /** Whether bags lie one behind the other. */
    private static boolean isFlat(Shape tokens) {
        return tokens.rank() == 1;
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of(NAME, numEmbeddings, embeddingDim).with("mode", mode.text);
        spec = paddingIdx.isPresent() ? spec.with("padding_idx", paddingIdx.getAsInt()) : spec;
        spec = sparse ? spec.with("sparse", true) : spec;
        spec = lastOffset ? spec.with("include_last_offset", true) : spec;
        return ENTRY.description().terse(Embedding.addTo(spec, initializer));
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Embedding.weight(Shape.of(numEmbeddings, embeddingDim), paddingIdx, initializer, sparse));
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        if (!inputs.isEmpty() && isFlat(inputs.getFirst().shape())) {
            Inputs.requireInts(inputs, TOKENS);
            return List.of(TensorType.floats(offsetBags().count(inputs, mode == Mode.SUM), embeddingDim));
        }
        boolean factors = mode == Mode.SUM && inputs.size() > 1;
        Inputs.require(inputs, factors ? 2 : 1);
        Inputs.requireInts(inputs, TOKENS);
        Shape tokens = inputs.getFirst().shape();
        if (tokens.rank() != 2 || tokens.dimension(1) == 0) {
            throw new IllegalArgumentException("expected input [samples, tokens], found " + tokens);
        }
        if (factors) {
            Inputs.requireFloats(inputs, FACTORS);
            if (!inputs.get(FACTORS).shape().equals(tokens)) {
                throw new IllegalArgumentException(
                        "expected a factor for each of the tokens " + tokens + ", found " + inputs.get(FACTORS));
            }
        }
        return List.of(TensorType.floats(tokens.dimension(0), embeddingDim));
    }

    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        return input == TOKENS ? Optional.of(IntRange.below("a token", numEmbeddings)) : Optional.empty();
    }

    /** The gradients read the tokens, and where the largest were or what rows were multiplied by; all work in the rows. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        Shape tokens = inputs.getFirst().shape();
        Footprint footprint = Footprint.NOTHING.weightGradientReading(Port.input(TOKENS));
        TensorType rows = TensorType.floats(tokens.elements(), embeddingDim);
        if (mode == Mode.MAX) {
            return footprint
                    .keeping(new TensorType(
                            DType.INT32, outputs(inputs).getFirst().shape()))
                    .workingIn(rows, rows);
        }
        footprint = footprint.keeping(TensorType.floats(tokens)).workingIn(rows);
        if (isFlat(tokens)) {
            footprint = footprint.weightGradientReading(Port.input(OFFSETS));
            return inputs.size() <= FLAT_FACTORS
                    ? footprint
                    : footprint.inputGradientReading(Port.input(TOKENS), Port.input(OFFSETS));
        }
        return inputs.size() == 1 ? footprint : footprint.inputGradientReading(Port.input(TOKENS));
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return 2L * inputs.getFirst().shape().elements() * embeddingDim;
    }

    /** Throws {@link IllegalArgumentException} for a token that has no row, naming it and its position. */
    @Override
    public void forward(Pass pass) {
        Tensor tokens = pass.input(TOKENS);
        Tensor rows = pass.workspace(0);
        try {
            pass.kernels().indexing().embeddingForward(pass.parameter(WEIGHT), tokens, rows);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    this + " on " + tokens + ": " + e.getMessage() + "; give the layer more rows or correct the tokens",
                    e);
        }
        if (isFlat(tokens.shape())) {
            forwardFlat(pass, tokens, pass.input(OFFSETS), rows);
        } else if (mode == Mode.MAX) {
            new LargestRows(paddingIdx).forward(pass, tokens, pass.output(0));
        } else {
            fillFactors(tokens, pass.inputs() > 1 ? Optional.of(pass.input(FACTORS)) : Optional.empty(), pass.kept(0));
            WeightedRows.forward(pass.kernels().matrix(), pass.kept(0), rows, pass.output(0));
        }
    }

    private void forwardFlat(Pass pass, Tensor tokens, Tensor offsets, Tensor rows) {
        OffsetBags bags = offsetBags();
        bags.check(tokens, offsets);
        if (mode == Mode.MAX) {
            bags.largest(tokens, offsets, rows, pass.output(0), pass.kept(0));
            return;
        }
        Tensor factors = pass.kept(0);
        bags.fill(tokens, offsets, mode == Mode.MEAN, factors);
        if (pass.inputs() > FLAT_FACTORS) {
            pass.kernels().elementwise().binary(Binary.MULTIPLY, factors, pass.input(FLAT_FACTORS), factors);
        }
        bags.sum(pass.kernels().matrix(), tokens, offsets, factors, rows, pass.output(0));
    }

    /** What rows are multiplied by: 0 of padding. */
    private void fillFactors(Tensor tokens, Optional<Tensor> given, Tensor factors) {
        int size = tokens.shape().dimension(1);
        for (int from = 0; from < tokens.elements(); from += size) {
            int counted = 0;
            for (int i = from; i < from + size; i++) {
                counted += counts(tokens.getInt(i)) ? 1 : 0;
            }
            float each = mode == Mode.MEAN && counted > 0 ? 1f / counted : 1;
            for (int i = from; i < from + size; i++) {
                float factor = given.isPresent() ? given.get().getFloat(i) : each;
                factors.setFloat(i, counts(tokens.getInt(i)) ? factor : 0);
            }
        }
    }

    private boolean counts(int token) {
        return paddingIdx.isEmpty() || paddingIdx.getAsInt() != token;
    }

    /** Of the factors: products of the gradient with the rows. */
    @Override
    public void backwardInput(Pass pass) {
        Tensor tokens = pass.input(TOKENS);
        Tensor rows = pass.workspace(0);
        pass.kernels().indexing().embeddingForward(pass.parameter(WEIGHT), tokens, rows);
        MatrixKernels matrix = pass.kernels().matrix();
        if (isFlat(tokens.shape())) {
            Tensor offsets = pass.input(OFFSETS);
            Tensor gradFactors = pass.gradInput(FLAT_FACTORS);
            offsetBags().gradientOfFactors(matrix, tokens, offsets, pass.gradOutput(0), rows, gradFactors);
            return;
        }
        Tensor gradient = pass.gradInput(FACTORS);
        WeightedRows.gradientOfFactors(matrix, pass.gradOutput(0), rows, gradient);
        for (int i = 0; i < tokens.elements(); i++) {
            if (!counts(tokens.getInt(i))) {
                gradient.setFloat(i, 0);
            }
        }
    }

    @Override
    public void backwardWeight(Pass pass) {
        if (!pass.wantsWeightGradient(WEIGHT)) {
            return;
        }
        Tensor rows = pass.workspace(0);
        Tensor tokens = pass.input(TOKENS);
        if (isFlat(tokens.shape()) && mode == Mode.MAX) {
            OffsetBags.gradientOfLargest(pass.gradOutput(0), pass.kept(0), rows);
        } else if (isFlat(tokens.shape())) {
            MatrixKernels matrix = pass.kernels().matrix();
            Tensor offsets = pass.input(OFFSETS);
            offsetBags().gradientOfRows(matrix, tokens, offsets, pass.kept(0), pass.gradOutput(0), rows);
        } else if (mode == Mode.MAX) {
            new LargestRows(paddingIdx).gradientOfRows(pass, rows);
        } else {
            WeightedRows.gradientOfRows(pass.kernels().matrix(), pass.kept(0), pass.gradOutput(0), rows);
        }
        int padding = paddingIdx.orElse(IndexingKernels.NO_PADDING);
        pass.touch(WEIGHT, pass.input(TOKENS), padding);
        pass.kernels().indexing().embeddingBackward(padding, rows, pass.input(TOKENS), pass.gradient(WEIGHT));
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
