package io.ketju.layers.attention;

import io.ketju.layers.Footprint;
import io.ketju.layers.Increment;
import io.ketju.layers.IntRange;
import io.ketju.layers.Layer;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.attention.Attention;
import io.ketju.tensor.kernel.attention.Attention.Gradients;
import io.ketju.tensor.kernel.attention.Attention.Operands;
import io.ketju.tensor.kernel.attention.Attention.Result;
import io.ketju.tensor.kernel.attention.Attention.Sizes;
import io.ketju.tensor.kernel.dropout.DropoutMask;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Attention of several heads between its projections: each head, a slice of E / heads columns, gives {@code softmax(q kᵀ / √width) v}, as
 * <a href="https://pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html">
 * torch.nn.functional.scaled_dot_product_attention</a> does (Vaswani et al. 2017). Inputs are either query [B, T, E], key and value [B, S,
 * E], or one tensor [B, T, 3·E] that holds the three side by side; then, if keys are padded, lengths int32 [B]: how many keys of each
 * sample are none of the padding. Output [B, T, E]. No parameters.
 *
 * <p>A query that sees no key, because its sample has length 0, gets zeros, where PyTorch gives NaN; no gradient flows through it. Nor is
 * there any through keys that are padding, whatever they hold.
 *
 * <p>The last input may be a mask, [T, S], [B, 1, S], [B, T, S] or [B, heads, T, S]: float32 is added to the scores, and learns where it is
 * computed; int32 hides the keys where it is 0. It is applied within the blocks of the kernel, so that nothing of that size is made, but
 * for the gradient of a mask. Dropout keeps a number for each query and key.
 *
 * <p>Keys and values may have fewer heads than queries, each for a group of them one after the other (Ainslie et al. 2023, as PyTorch's
 * {@code enable_gqa}), and the heads of values another width than those of queries and keys: key [B, S, keyHeads · width], value [B, S,
 * keyHeads · valueWidth], output [B, T, heads · valueWidth].
 *
 * @param heads number of heads, a divisor of E
 * @param keyHeads heads of keys and values, a divisor of heads
 * @param visibility which keys a query sees
 * @param dropout share of the weights that training leaves out, keyed by sample, head, query and key
 * @param scale what products are multiplied by; 1/√width if empty
 */
public record ScaledDotProductAttention(
        int heads, int keyHeads, Visibility visibility, double dropout, OptionalDouble scale) implements Layer {
    public static final Entry<Layer> ENTRY = Visibility.describe(
                    Description.of("ScaledDotProductAttention", "Attention of several heads between its projections")
                            .required("num_heads", "heads, each a slice of the columns")
                            .optional("is_causal", false, "whether a position sees none behind it")
                            .optional("dropout_p", 0, "share of the weights that training leaves out")
                            .derived("scale", "1/√width", "what the products are multiplied by")
                            .derived(
                                    "num_kv_heads",
                                    "num_heads",
                                    "heads of keys and values, each for a group of those of queries"))
            .formula("y = softmax(q · kᵀ · scale + mask) · v, for each head")
            .shapes(
                    "query, key, value side by side [samples, positions, 3·E], or three inputs [samples, positions, E], keys"
                            + " and values fewer with num_kv_heads, values of any width; then"
                            + " lengths int32 [samples] if keys are padded; then the mask of padded keys, if there is one; then a mask, if there is one, [queries, keys], with"
                            + " samples or samples and heads in front, or [samples, 1, keys] for all queries: float32 is added, int32 is 0 where a query does not"
                            + " see a key; to [samples, queries, E]")
            .source("torch.nn.functional.scaled_dot_product_attention; Vaswani et al. 2017")
            .readBy(arguments -> new ScaledDotProductAttention(
                    arguments.integer("num_heads"),
                    arguments.integer("num_kv_heads", arguments.integer("num_heads")),
                    Visibility.of(arguments),
                    arguments.number("dropout_p"),
                    arguments.text("scale").isPresent()
                            ? OptionalDouble.of(arguments.number("scale"))
                            : OptionalDouble.empty()));

    private static final int[] PACKED_TO_HEADS = {2, 0, 3, 1, 4};
    private static final int[] HEADS_TO_PACKED = {1, 3, 0, 2, 4};

    private static final int RESULT = 0;
    private static final int LOG_SUMS = 1;
    /** What products are multiplied by: where the width is another than the kernel's, backward cannot see it. */
    private static final int SCALE = 2;

    private static final int FIRST_OPERAND = 3;

    /** Query, key and value. */
    private static final int OPERANDS = 3;

    private static final int ROOM = 0;
    private static final int GRAD_RESULT = 3;
    private static final int FIRST_GRADIENT = 4;

    /**
     * Checks heads and dropout.
     *
     * @throws IllegalArgumentException naming the argument, if there are no heads, keyHeads does not divide heads, or dropout is not from 0
     *     to 1
     */
    public ScaledDotProductAttention {
        Arguments.requirePositive("ScaledDotProductAttention", "num_heads", heads);
        Arguments.requirePositive("ScaledDotProductAttention", "num_kv_heads", keyHeads);
        if (heads % keyHeads != 0) {
            throw new IllegalArgumentException(
                    "ScaledDotProductAttention: argument 'num_kv_heads': expected a divisor of num_heads " + heads
                            + ", found " + keyHeads);
        }
        if (!(dropout >= 0 && dropout <= 1)) {
            throw new IllegalArgumentException(
                    "ScaledDotProductAttention: argument 'dropout_p': expected a probability from 0 to 1, found "
                            + dropout);
        }
    }

    /**
     * Without dropout, scaled by 1/√width, with as many heads of keys as of queries.
     *
     * @param heads number of heads, a divisor of E
     * @param causal whether query i sees the keys 0 to i only
     */
    public ScaledDotProductAttention(int heads, boolean causal) {
        this(heads, heads, Visibility.ALL.asCausal(causal), 0, OptionalDouble.empty());
    }

    /**
     * Every query sees every key that is not padding.
     *
     * @param heads number of heads, a divisor of E
     */
    public ScaledDotProductAttention(int heads) {
        this(heads, false);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("ScaledDotProductAttention", heads);
        spec = visibility.in(spec);
        spec = keyHeads == heads ? spec : spec.with("num_kv_heads", keyHeads);
        spec = dropout == 0 ? spec : spec.withNumber("dropout_p", dropout);
        return scale.isEmpty() ? spec : spec.withNumber("scale", scale.getAsDouble());
    }

    /**
     * {@return this, with another dropout}
     *
     * @param p share of the weights that training leaves out, 0 to 1
     */
    public ScaledDotProductAttention withDropout(double p) {
        return new ScaledDotProductAttention(heads, keyHeads, visibility, p, scale);
    }

    /**
     * {@return this, with another factor of the products than 1/√width}
     *
     * @param factor what products of queries and keys are multiplied by
     */
    public ScaledDotProductAttention withScale(double factor) {
        return new ScaledDotProductAttention(heads, keyHeads, visibility, dropout, OptionalDouble.of(factor));
    }

    /**
     * {@return this, with fewer heads of keys and values}
     *
     * @param count how many, a divisor of heads
     */
    public ScaledDotProductAttention withKeyHeads(int count) {
        return new ScaledDotProductAttention(heads, count, visibility, dropout, scale);
    }

    /**
     * {@return this, with other keys that a query sees}
     *
     * @param other which
     */
    public ScaledDotProductAttention withVisibility(Visibility other) {
        return new ScaledDotProductAttention(heads, keyHeads, other, dropout, scale);
    }

    /** {@return whether query i sees the keys 0 to i only} */
    public boolean causal() {
        return visibility.causal();
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        AttentionShapes shapes = shapes(inputs);
        Sizes sizes = shapes.sizes();
        return List.of(TensorType.floats(sizes.batch(), sizes.queries(), heads * shapes.valueWidth()));
    }

    /** Of the lengths: no more than the keys there are. */
    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        return input == AttentionInputs.of(visibility, inputs).lengths()
                ? Optional.of(IntRange.below("a length", shapes(inputs).sizes().keys() - visibility.extraKeys() + 1))
                : Optional.empty();
    }

    /** Forward keeps the operands and the result head by head, so that backward reads no input but the lengths. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        AttentionShapes shapes = shapes(inputs);
        Sizes sizes = shapes.sizes();
        AttentionInputs given = AttentionInputs.of(visibility, inputs);
        TensorType perQuery = TensorType.floats(sizes.queryShape());
        TensorType perKey = TensorType.floats(sizes.keyShape());
        TensorType packed = TensorType.floats(sizes.queryShape().batched(OPERANDS));
        TensorType[] operands =
                given.packed() ? new TensorType[] {packed} : new TensorType[] {perQuery, perKey, perKey};
        Footprint footprint = Footprint.NOTHING
                .keeping(perQuery, TensorType.floats(sizes.rowShape()), TensorType.floats(1))
                .keeping(operands)
                .workingIn(HeadColumns.room(shapes.even(keyHeads) ? 0 : shapes.most()))
                .workingIn(perQuery)
                .workingIn(operands);
        for (int i = given.operands(); i < inputs.size(); i++) {
            footprint = footprint.inputGradientReading(Port.input(i));
        }
        TensorType scores = TensorType.floats(sizes.scoreShape());
        footprint = dropout > 0 ? footprint.keeping(scores) : footprint;
        MaskTerms terms = new MaskTerms(visibility, given);
        footprint = terms.together() ? footprint.keeping(terms.type(inputs, sizes)) : footprint;
        boolean added = given.mask() >= 0 && inputs.get(given.mask()).differentiable();
        return added ? footprint.workingIn(scores) : footprint;
    }

    /** Two products of each query with each key; causal or not, as many are counted. */
    @Override
    public long forwardFlops(List<TensorType> inputs) {
        Sizes sizes = shapes(inputs).sizes();
        return 4L * sizes.batch() * heads * sizes.width() * sizes.queries() * sizes.keys();
    }

    /** Keys and values of earlier positions are kept; those of something else stay. */
    @Override
    public Optional<Increment> increment(List<Increment.Given> given, List<TensorType> inputs) {
        return new GrowingKeys(this, AttentionInputs.of(visibility, inputs)).increment(given, inputs);
    }

    @Override
    public void forward(Pass pass) {
        HeadColumns.Room room = room(pass);
        if (isPacked(pass)) {
            Tensor byHead = pass.kept(FIRST_OPERAND);
            pass.kernels().indexing().permute(byRow(pass.input(0), byHead.shape()), byHead, PACKED_TO_HEADS);
            keepScale(pass, byHead.shape().dimension(-1));
        } else {
            for (int i = 0; i < OPERANDS; i++) {
                Tensor from = pass.input(i);
                columns(from, i == 0 ? heads : keyHeads)
                        .spread(pass.kernels(), from, room, pass.kept(FIRST_OPERAND + i));
            }
            keepScale(pass, columns(pass.input(0), heads).width());
        }
        MaskTerms terms = terms(pass);
        if (terms.together()) {
            terms.write(pass, together(pass));
        }
        if (dropout > 0 && pass.training()) {
            Tensor factors = factors(pass);
            long first = pass.firstSample() * factors.shape().sample().elements();
            pass.kernels().elementwise().fill(1, factors);
            DropoutMask mask = new DropoutMask(pass.random(), first, (float) dropout);
            pass.kernels().dropout().forward(mask, factors, factors);
        }
        Operands operands = operands(pass);
        Result result = new Result(pass.kept(RESULT), pass.kept(LOG_SUMS));
        pass.kernels().attention().forward(attention(pass, operands), operands, result);
        columns(pass.output(0), heads).gather(pass.kernels(), result.y(), room, pass.output(0));
    }

    private void keepScale(Pass pass, int width) {
        float usual = 1 / (float) Math.sqrt(width);
        pass.kept(SCALE).setFloat(0, scale.isPresent() ? (float) scale.getAsDouble() : usual);
    }

    private static HeadColumns.Room room(Pass pass) {
        return new HeadColumns.Room(pass.workspace(ROOM), pass.workspace(ROOM + 1), pass.workspace(ROOM + 2));
    }

    /** How the columns of a tensor [B, L, columns] are those of so many heads. */
    private static HeadColumns columns(Tensor tensor, int own) {
        return new HeadColumns(own, tensor.shape().dimension(-1) / own);
    }

    @Override
    public void backwardInput(Pass pass) {
        HeadColumns.Room room = room(pass);
        Tensor gradResult = pass.workspace(GRAD_RESULT);
        Tensor gradOutput = pass.gradOutput(0);
        columns(gradOutput, heads).spread(pass.kernels(), gradOutput, room, gradResult);
        boolean packed = isPacked(pass);
        Tensor first = pass.workspace(FIRST_GRADIENT);
        Operands gradients = packed
                ? thirds(first)
                : new Operands(first, pass.workspace(FIRST_GRADIENT + 1), pass.workspace(FIRST_GRADIENT + 2));
        Operands operands = operands(pass);
        Result result = new Result(pass.kept(RESULT), pass.kept(LOG_SUMS));
        int last = pass.inputs() - 1;
        boolean learnsMask = last >= (packed ? 1 : OPERANDS) && pass.wantsGradient(last);
        Tensor scores = learnsMask ? pass.workspace(FIRST_GRADIENT + (packed ? 1 : OPERANDS)) : null;
        Gradients all = new Gradients(gradients, scores);
        pass.kernels().attention().backward(attention(pass, operands), operands, result, gradResult, all);
        if (scores != null) {
            terms(pass).sumScores(pass.kernels(), scores, pass.gradInput(last));
        }
        if (packed) {
            if (pass.wantsGradient(0)) {
                pass.kernels().indexing().permute(first, byRow(pass.gradInput(0), first.shape()), HEADS_TO_PACKED);
            }
            return;
        }
        for (int i = 0; i < OPERANDS; i++) {
            if (pass.wantsGradient(i)) {
                Tensor to = pass.gradInput(i);
                columns(to, i == 0 ? heads : keyHeads)
                        .gather(pass.kernels(), pass.workspace(FIRST_GRADIENT + i), room, to);
            }
        }
    }

    private Attention attention(Pass pass, Operands operands) {
        Shape query = operands.q().shape();
        int keys = operands.k().shape().dimension(2);
        Attention attention =
                Attention.of(new Sizes(query.dimension(0), heads, query.dimension(2), keys, query.dimension(3)));
        attention = attention.withScale(pass.kept(SCALE).getFloat(0));
        MaskTerms terms = terms(pass);
        if (terms.together()) {
            attention = attention.withMask(together(pass));
        } else {
            attention = visibility.causal() ? attention.causal() : attention;
            AttentionInputs given = terms.given();
            attention = given.lengths() < 0 ? attention : attention.withLengths(pass.input(given.lengths()));
            attention = given.mask() < 0 ? attention : attention.withMask(wholeMask(pass.input(given.mask())));
        }
        return dropout > 0 && pass.training() ? attention.withFactors(factors(pass)) : attention;
    }

    private MaskTerms terms(Pass pass) {
        return new MaskTerms(visibility, AttentionInputs.of(visibility, isPacked(pass) ? 1 : OPERANDS, pass));
    }

    /** Lengths, masks and causality as one mask. */
    private Tensor together(Pass pass) {
        return pass.kept(FIRST_OPERAND + (isPacked(pass) ? 1 : OPERANDS) + (dropout > 0 ? 1 : 0));
    }

    /** What weights are multiplied by where there is dropout. */
    private static Tensor factors(Pass pass) {
        return pass.kept(FIRST_OPERAND + (isPacked(pass) ? 1 : OPERANDS));
    }

    /** A mask with all four dimensions. */
    private static Tensor wholeMask(Tensor mask) {
        Shape shape = mask.shape();
        return switch (shape.rank()) {
            case 2 -> mask.view(Shape.of(1, 1, shape.dimension(0), shape.dimension(1)));
            case 3 -> mask.view(Shape.of(shape.dimension(0), 1, shape.dimension(1), shape.dimension(2)));
            default -> mask;
        };
    }

    private static Operands operands(Pass pass) {
        Tensor first = pass.kept(FIRST_OPERAND);
        return isPacked(pass)
                ? thirds(first)
                : new Operands(first, pass.kept(FIRST_OPERAND + 1), pass.kept(FIRST_OPERAND + 2));
    }

    private static Operands thirds(Tensor packed) {
        Shape one = packed.shape().sample();
        return new Operands(
                packed.samples(0, 1).view(one),
                packed.samples(1, 1).view(one),
                packed.samples(2, 1).view(one));
    }

    /** A tensor [B, T, 3 · columns] with its columns cut as this shape, [3, B, heads, T, width], has them. */
    private static Tensor byRow(Tensor tensor, Shape byHead) {
        return tensor.view(
                Shape.of(byHead.dimension(1), byHead.dimension(3), OPERANDS, byHead.dimension(2), byHead.dimension(4)));
    }

    /** Whether query, key and value came as one: then they are kept as one. */
    private static boolean isPacked(Pass pass) {
        return pass.kept(FIRST_OPERAND).shape().rank() > 4;
    }

    private AttentionShapes shapes(List<TensorType> inputs) {
        return AttentionShapes.of(heads, keyHeads, visibility, inputs);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
