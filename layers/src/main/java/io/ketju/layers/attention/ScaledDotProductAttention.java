package io.ketju.layers.attention;

import io.ketju.layers.Footprint;
import io.ketju.layers.Inputs;
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
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.attention.Attention;
import io.ketju.tensor.kernel.attention.Attention.Gradients;
import io.ketju.tensor.kernel.attention.Attention.Operands;
import io.ketju.tensor.kernel.attention.Attention.Result;
import io.ketju.tensor.kernel.attention.Attention.Sizes;
import io.ketju.tensor.kernel.dropout.DropoutMask;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Attention of several heads between its projections: each head, a slice of E / heads columns, gives {@code softmax(q kᵀ /
 * √width) v}, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html">
 * torch.nn.functional.scaled_dot_product_attention</a> does (Vaswani et al. 2017). Inputs are either query [B, T, E], key
 * and value [B, S, E], or one tensor [B, T, 3·E] that holds the three side by side; then, if keys are padded, lengths int32
 * [B]: how many keys of each sample are none of the padding. Output [B, T, E]. No parameters.
 *
 * <p>A query that sees no key, because its sample has length 0, gets zeros, where PyTorch gives NaN; no gradient flows
 * through it. Nor is there any through keys that are padding, whatever they hold.
 *
 * <p>The last input may be a mask, [T, S], [B, T, S] or [B, heads, T, S]: float32 is added to the scores, and learns where
 * it is computed; int32 hides the keys where it is 0. It is applied within the blocks of the kernel, so that nothing of that
 * size is made, but for the gradient of a mask. Dropout keeps a number for each query and key.
 *
 * @param heads number of heads, a divisor of E
 * @param causal whether query i sees the keys 0 to i only
 * @param dropout share of the weights that training leaves out, keyed by sample, head, query and key
 * @param scale what products are multiplied by; 1/√width if empty
 */
public record ScaledDotProductAttention(int heads, boolean causal, double dropout, OptionalDouble scale)
        implements Layer {
    public static final Entry<Layer> ENTRY = Description.of(
                    "ScaledDotProductAttention", "Attention of several heads between its projections")
            .required("num_heads", "heads, each a slice of the columns")
            .optional("is_causal", false, "whether a position sees none behind it")
            .optional("dropout_p", 0, "share of the weights that training leaves out")
            .derived("scale", "1/√width", "what the products are multiplied by")
            .formula("y = softmax(q · kᵀ · scale + mask) · v, for each head")
            .shapes(
                    "query, key, value side by side [samples, positions, 3·E], or three inputs [samples, positions, E]; then"
                            + " lengths int32 [samples] if keys are padded; then a mask, if there is one, [queries, keys], with"
                            + " samples or samples and heads in front: float32 is added, int32 is 0 where a query does not"
                            + " see a key; to [samples, queries, E]")
            .source("torch.nn.functional.scaled_dot_product_attention; Vaswani et al. 2017")
            .readBy(arguments -> new ScaledDotProductAttention(
                    arguments.integer("num_heads"),
                    arguments.flag("is_causal"),
                    arguments.number("dropout_p"),
                    arguments.text("scale").isPresent()
                            ? OptionalDouble.of(arguments.number("scale"))
                            : OptionalDouble.empty()));

    /** Its own inverse. */
    private static final int[] TO_HEADS = {0, 2, 1, 3};

    private static final int[] PACKED_TO_HEADS = {2, 0, 3, 1, 4};
    private static final int[] HEADS_TO_PACKED = {1, 3, 0, 2, 4};

    private static final int RESULT = 0;
    private static final int LOG_SUMS = 1;
    private static final int FIRST_OPERAND = 2;

    /** Query, key and value. */
    private static final int OPERANDS = 3;

    private static final int GRAD_RESULT = 0;
    private static final int FIRST_GRADIENT = 1;

    public ScaledDotProductAttention {
        Arguments.requirePositive("ScaledDotProductAttention", "num_heads", heads);
        if (!(dropout >= 0 && dropout <= 1)) {
            throw new IllegalArgumentException(
                    "ScaledDotProductAttention: argument 'dropout_p': expected a probability from 0 to 1, found "
                            + dropout);
        }
    }

    /** Without dropout, scaled by 1/√width. */
    public ScaledDotProductAttention(int heads, boolean causal) {
        this(heads, causal, 0, OptionalDouble.empty());
    }

    /** Every query sees every key that is not padding. */
    public ScaledDotProductAttention(int heads) {
        this(heads, false);
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("ScaledDotProductAttention", heads);
        spec = causal ? spec.with("is_causal", true) : spec;
        spec = dropout == 0 ? spec : spec.withNumber("dropout_p", dropout);
        return scale.isEmpty() ? spec : spec.withNumber("scale", scale.getAsDouble());
    }

    public ScaledDotProductAttention withDropout(double p) {
        return new ScaledDotProductAttention(heads, causal, p, scale);
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Sizes sizes = sizes(inputs);
        return List.of(TensorType.floats(sizes.batch(), sizes.queries(), heads * sizes.width()));
    }

    /** Of the lengths: no more than the keys there are. */
    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        return input == AttentionInputs.of(inputs).lengths()
                ? Optional.of(IntRange.below("a length", sizes(inputs).keys() + 1))
                : Optional.empty();
    }

    /** Forward keeps the operands and the result head by head, so that backward reads no input but the lengths. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        Sizes sizes = sizes(inputs);
        AttentionInputs given = AttentionInputs.of(inputs);
        TensorType perQuery = TensorType.floats(sizes.queryShape());
        TensorType perKey = TensorType.floats(sizes.keyShape());
        TensorType packed = TensorType.floats(sizes.queryShape().batched(OPERANDS));
        TensorType[] operands =
                given.packed() ? new TensorType[] {packed} : new TensorType[] {perQuery, perKey, perKey};
        Footprint footprint = Footprint.NOTHING
                .keeping(perQuery, TensorType.floats(sizes.rowShape()))
                .keeping(operands)
                .workingIn(perQuery)
                .workingIn(operands);
        for (int i = given.operands(); i < inputs.size(); i++) {
            footprint = footprint.inputGradientReading(Port.input(i));
        }
        TensorType scores = TensorType.floats(sizes.scoreShape());
        footprint = dropout > 0 ? footprint.keeping(scores) : footprint;
        boolean added = given.mask() >= 0 && inputs.get(given.mask()).differentiable();
        return added ? footprint.workingIn(scores) : footprint;
    }

    /** Two products of each query with each key; causal or not, as many are counted. */
    @Override
    public long forwardFlops(List<TensorType> inputs) {
        Sizes sizes = sizes(inputs);
        return 4L * sizes.batch() * heads * sizes.width() * sizes.queries() * sizes.keys();
    }

    @Override
    public void forward(Pass pass) {
        if (isPacked(pass)) {
            Tensor byHead = pass.kept(FIRST_OPERAND);
            pass.kernels().indexing().permute(byRow(pass.input(0), byHead.shape()), byHead, PACKED_TO_HEADS);
        } else {
            for (int i = 0; i < OPERANDS; i++) {
                Tensor byHead = pass.kept(FIRST_OPERAND + i);
                pass.kernels().indexing().permute(byRow(pass.input(i), byHead.shape()), byHead, TO_HEADS);
            }
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
        Tensor output = pass.output(0);
        pass.kernels().indexing().permute(result.y(), byRow(output, result.y().shape()), TO_HEADS);
    }

    @Override
    public void backwardInput(Pass pass) {
        IndexingKernels indexing = pass.kernels().indexing();
        Tensor gradResult = pass.workspace(GRAD_RESULT);
        indexing.permute(byRow(pass.gradOutput(0), gradResult.shape()), gradResult, TO_HEADS);
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
            sumScores(pass.kernels(), scores, pass.gradInput(last));
        }
        if (packed) {
            if (pass.wantsGradient(0)) {
                indexing.permute(first, byRow(pass.gradInput(0), first.shape()), HEADS_TO_PACKED);
            }
            return;
        }
        for (int i = 0; i < OPERANDS; i++) {
            if (pass.wantsGradient(i)) {
                Tensor byHead = pass.workspace(FIRST_GRADIENT + i);
                indexing.permute(byHead, byRow(pass.gradInput(i), byHead.shape()), TO_HEADS);
            }
        }
    }

    private Attention attention(Pass pass, Operands operands) {
        Shape query = operands.q().shape();
        int keys = operands.k().shape().dimension(2);
        Attention attention =
                Attention.of(new Sizes(query.dimension(0), heads, query.dimension(2), keys, query.dimension(3)));
        attention = causal ? attention.causal() : attention;
        attention = scale.isPresent() ? attention.withScale((float) scale.getAsDouble()) : attention;
        for (int i = isPacked(pass) ? 1 : OPERANDS; i < pass.inputs(); i++) {
            Tensor more = pass.input(i);
            boolean lengths = AttentionInputs.isLengths(more.dtype(), more.shape());
            attention = lengths ? attention.withLengths(more) : attention.withMask(wholeMask(more));
        }
        return dropout > 0 && pass.training() ? attention.withFactors(factors(pass)) : attention;
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

    /** Sums gradients of scores over the heads, and over the samples, that a mask is the same for; in their order. */
    private static void sumScores(Kernels kernels, Tensor scores, Tensor gradient) {
        Shape shape = scores.shape();
        int one = shape.dimension(2) * shape.dimension(3);
        int count = one == 0 ? 0 : scores.elements() / one;
        int masks = one == 0 ? 0 : gradient.elements() / one;
        Tensor from = scores.view(Shape.of(count, one));
        Tensor to = gradient.view(Shape.of(masks, one));
        int each = masks == 0 ? 0 : count / masks;
        for (int i = 0; i < count; i++) {
            Tensor sum = to.samples(i / each, 1);
            if (i % each == 0) {
                kernels.elementwise().copy(from.samples(i, 1), sum);
            } else {
                kernels.elementwise().binary(Binary.ADD, sum, from.samples(i, 1), sum);
            }
        }
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

    /** A tensor [B, T, columns] with its columns cut as this shape, [B, heads, T, width] or three of them, has them. */
    private static Tensor byRow(Tensor tensor, Shape byHead) {
        int[] sizes = byHead.toArray();
        int rank = sizes.length;
        int batch = sizes[rank - 4];
        int count = sizes[rank - 3];
        int length = sizes[rank - 2];
        int width = sizes[rank - 1];
        return tensor.view(
                rank == 4 ? Shape.of(batch, length, count, width) : Shape.of(batch, length, sizes[0], count, width));
    }

    /** Whether query, key and value came as one: then they are kept as one. */
    private static boolean isPacked(Pass pass) {
        return pass.kept(FIRST_OPERAND).shape().rank() > 4;
    }

    private Sizes sizes(List<TensorType> inputs) {
        AttentionInputs given = AttentionInputs.of(inputs);
        int operands = given.operands();
        List<Shape> shapes = new ArrayList<>();
        for (int i = 0; i < operands; i++) {
            Inputs.requireFloats(inputs, i);
            shapes.add(inputs.get(i).shape());
        }
        Shape query = shapes.getFirst();
        Shape key = shapes.get(Math.min(1, operands - 1));
        int parts = given.packed() ? OPERANDS * heads : heads;
        if (query.rank() != 3 || query.dimension(2) == 0 || query.dimension(2) % parts != 0) {
            throw new IllegalArgumentException(
                    "expected input 0 [samples, queries, a multiple of " + parts + "], found " + query);
        }
        boolean fits = key.rank() == 3
                && key.dimension(0) == query.dimension(0)
                && key.dimension(2) == query.dimension(2)
                && key.equals(shapes.getLast());
        if (!fits) {
            throw new IllegalArgumentException("expected key and value [" + query.dimension(0) + ", keys, "
                    + query.dimension(2) + "], found " + key + " and " + shapes.getLast());
        }
        Sizes sizes =
                new Sizes(query.dimension(0), heads, query.dimension(1), key.dimension(1), query.dimension(2) / parts);
        given.require(inputs, sizes);
        return sizes;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
