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
import io.ketju.tensor.kernel.vocabulary.Choices;
import io.ketju.tensor.kernel.vocabulary.TokenShares;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The loss of each target among some that are drawn, by which word vectors learn (Mikolov et al. 2013b, section 2.2, equation 4):
 * {@code -log σ(u[t] · x) - Σ log σ(-u[n] · x)} over k negatives n. Inputs x [..., embeddingDim], the vector of a word, as skip-gram has
 * it, or the mean of several, as CBOW; the targets, int32 [...], or several for each vector, int32 [..., targets], whose losses are added,
 * -100 where there is none; then either how often each token occurs, int32 [numEmbeddings], by which the negatives are drawn, or the
 * negatives themselves, int32 [..., k]. Output [...], to be averaged by {@code OutputLoss}. Parameter: weight [numEmbeddings,
 * embeddingDim], the rows u.
 *
 * <p>Tokens are drawn with a probability that goes by {@code count^power}, in 2^31 - 1 parts; each draw is a function of seed, layer, step,
 * sample and place, in evaluation too. A negative that is the target itself counts for nothing, as in the authors' program: so there may be
 * fewer than k.
 *
 * @param numEmbeddings tokens: targets and negatives are from 0 below it
 * @param embeddingDim size of a vector
 * @param k negatives of a target
 * @param power of the counts
 * @param initializer of the weight
 * @param sparse whether the gradient is that of the rows that were chosen, and not of all
 */
public record NegativeSampling(
        int numEmbeddings, int embeddingDim, int k, double power, Initializer initializer, boolean sparse)
        implements Layer {
    private static final int NEGATIVES = 5;
    /** Of the counts that negatives are drawn by, as the authors found it best. */
    public static final double POWER = 0.75;

    private static final Initializer DEFAULT = Initializers.zeros();

    private static final int TARGETS = 1;
    private static final int COUNTS = 2;

    public static final Entry<Layer> ENTRY = Description.of(
                    "NegativeSampling", "The loss of each target among some tokens that are drawn")
            .required("num_embeddings", "tokens are below it")
            .required("embedding_dim", "size of a vector")
            .optional("k", NEGATIVES, "negatives of a target")
            .optional("power", POWER, "of the counts that negatives are drawn by")
            .named("init", DEFAULT.spec(), "initial values of the weight")
            .named(
                    "sparse",
                    false,
                    "whether optimizers are given the rows that were chosen, and not all of the gradient")
            .formula("y = -log σ(u[t] · x) - Σ log σ(-u[n] · x) over the negatives n that are not t")
            .shapes(
                    "x [..., embedding_dim], targets int32 [...] or, several of each x, [..., targets] with -100 for none, then"
                            + " how often each token occurs, int32 [num_embeddings], or the negatives themselves, as the"
                            + " targets with one dimension more of k; to the losses [...], which OutputLoss averages")
            .parameters("weight [num_embeddings, embedding_dim], the rows u")
            .source("Mikolov et al. 2013, Distributed Representations of Words and Phrases, section 2.2")
            .readBy(arguments -> new NegativeSampling(
                    arguments.integer("num_embeddings"),
                    arguments.integer("embedding_dim"),
                    arguments.integer("k"),
                    arguments.number("power"),
                    Initializers.of(arguments, "init"),
                    arguments.flag("sparse")));

    /**
     * Checks the sizes and the power.
     *
     * @throws IllegalArgumentException naming the argument, if a size is below 1 or the power is negative or not finite
     */
    public NegativeSampling {
        Arguments.requirePositive("NegativeSampling", "num_embeddings", numEmbeddings);
        Arguments.requirePositive("NegativeSampling", "embedding_dim", embeddingDim);
        Arguments.requirePositive("NegativeSampling", "k", k);
        if (!(power >= 0 && power <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "NegativeSampling: argument 'power': expected a number of at least 0, found " + power);
        }
    }

    /**
     * Five negatives, drawn by counts to the power of 0.75; rows start as zeros, and the gradient is that of all.
     *
     * @param numEmbeddings tokens, at least 1
     * @param embeddingDim size of a vector, at least 1
     */
    public NegativeSampling(int numEmbeddings, int embeddingDim) {
        this(numEmbeddings, embeddingDim, NEGATIVES, POWER, DEFAULT, false);
    }

    /**
     * {@return this, with another number of negatives}
     *
     * @param count negatives of a target, at least 1
     */
    public NegativeSampling withNegatives(int count) {
        return new NegativeSampling(numEmbeddings, embeddingDim, count, power, initializer, sparse);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("NegativeSampling", numEmbeddings, embeddingDim);
        spec = k == NEGATIVES ? spec : spec.with("k", k);
        spec = power == POWER ? spec : spec.withNumber("power", power);
        spec = sparse ? spec.with("sparse", true) : spec;
        return initializer.equals(DEFAULT) ? spec : spec.with("init", initializer.spec());
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.table("weight", Shape.of(numEmbeddings, embeddingDim), initializer, sparse));
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Inputs.require(inputs, 3);
        Shape targets = ScoredRows.targets(inputs, embeddingDim);
        TensorType third = inputs.get(COUNTS);
        if (!third.equals(TensorType.ints(numEmbeddings)) && !third.equals(negatives(targets))) {
            throw new IllegalArgumentException("expected counts " + TensorType.ints(numEmbeddings) + " or negatives "
                    + negatives(targets) + " as input 2, found " + third);
        }
        return List.of(TensorType.floats(ScoredRows.rows(inputs.getFirst().shape())));
    }

    private TensorType negatives(Shape targets) {
        int[] sizes = Arrays.copyOf(targets.toArray(), targets.rank() + 1);
        sizes[targets.rank()] = k;
        return TensorType.ints(sizes);
    }

    private static boolean draws(Shape third) {
        return third.rank() == 1;
    }

    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        if (input == 0) {
            return Optional.empty();
        }
        boolean counts = input == COUNTS && draws(inputs.get(COUNTS).shape());
        if (input == TARGETS) {
            return Optional.of(ScoredRows.range(inputs, numEmbeddings));
        }
        return Optional.of(
                counts ? IntRange.below("a count", Integer.MAX_VALUE) : IntRange.below("a token", numEmbeddings));
    }

    /** Also a table of the counts to draw by, and what is drawn. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        int each =
                ScoredRows.each(inputs.getFirst().shape(), inputs.get(TARGETS).shape());
        Footprint footprint = ScoredRows.footprint(inputs.getFirst(), each * (k + 1));
        return draws(inputs.get(COUNTS).shape())
                ? footprint.workingIn(
                        TensorType.ints(numEmbeddings),
                        TensorType.ints(TokenShares.GUIDES),
                        TensorType.ints(
                                Math.multiplyExact(inputs.get(TARGETS).shape().elements(), k)))
                : footprint;
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        return 2L * (k + 1) * inputs.get(TARGETS).shape().elements() * embeddingDim;
    }

    /** Throws {@link IllegalArgumentException} for a token without a row, and for counts of which none is above 0. */
    @Override
    public void forward(Pass pass) {
        Tensor targets = pass.input(TARGETS);
        Tensor third = pass.input(COUNTS);
        int rows = ScoredRows.rows(pass.input(0).shape()).elements();
        boolean several = targets.elements() > rows;
        OptionalInt none = several ? OptionalInt.of(ScoredRows.NONE) : OptionalInt.empty();
        Tensor negatives = draws(third.shape()) ? drawn(pass, targets, third) : third;
        ScoredRows.forward(pass, new Choices(rows, targets, none, negatives));
    }

    private Tensor drawn(Pass pass, Tensor targets, Tensor counts) {
        TokenShares shares =
                new TokenShares(pass.workspace(ScoredRows.OTHER_ROOM), pass.workspace(ScoredRows.OTHER_ROOM + 1));
        Negatives.share(counts, power, shares);
        Tensor tokens = pass.workspace(ScoredRows.OTHER_ROOM + 2);
        long first = pass.firstSample() * targets.shape().sample().elements() * k;
        pass.kernels().vocabulary().draw(shares, pass.random(), first, tokens);
        return tokens;
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
