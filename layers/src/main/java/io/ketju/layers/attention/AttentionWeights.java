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
import io.ketju.tensor.kernel.attention.Attention.Sizes;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.matrix.GemmShape;
import io.ketju.tensor.kernel.matrix.MatrixBatch;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.kernel.matrix.MatrixView;
import java.util.List;
import java.util.Optional;

/**
 * How much each query attends to each key: {@code softmax(q kᵀ / √width + mask)}, the second output of
 * torch.nn.MultiheadAttention with {@code need_weights}, as the mean over the heads, [B, T, S], or one by one, [B, heads, T, S].
 * Inputs are projected queries [B, T, E] and keys [B, S, keyHeads · width], then lengths and masks as those of {@link
 * ScaledDotProductAttention}. A query that sees no key has weights 0. Dropout leaves none out, where PyTorch gives the weights
 * that it has left in training. No parameters; keeps a number for each head, query and key.
 *
 * @param heads number of heads, a divisor of E
 * @param keyHeads heads of keys, a divisor of heads
 * @param average whether weights are the mean over the heads
 * @param visibility which keys a query sees
 */
public record AttentionWeights(int heads, int keyHeads, boolean average, Visibility visibility) implements Layer {
    public static final Entry<Layer> ENTRY = Visibility.describe(Description.of(
                            "AttentionWeights", "How much each query attends to each key")
                    .required("num_heads", "heads, each a slice of the columns")
                    .optional("is_causal", false, "whether a position sees none behind it")
                    .named("average_attn_weights", true, "whether the weights are the mean over the heads")
                    .namedDerived("num_kv_heads", "num_heads", "heads of keys, each for a group of those of queries"))
            .formula("y = softmax(q · kᵀ / √width + mask), for each head or their mean")
            .shapes(
                    "query [samples, queries, E] and key [samples, keys, E], fewer columns with num_kv_heads; then lengths and"
                            + " masks as ScaledDotProductAttention has them; to [samples, queries, keys], or [samples, heads, queries,"
                            + " keys] if not averaged")
            .source("torch.nn.MultiheadAttention with need_weights")
            .readBy(arguments -> new AttentionWeights(
                    arguments.integer("num_heads"),
                    arguments.integer("num_kv_heads", arguments.integer("num_heads")),
                    arguments.flag("average_attn_weights"),
                    Visibility.of(arguments)));

    private static final int OPERANDS = 2;

    private static final int WEIGHTS = 0;
    private static final int QUERIES = 1;
    private static final int KEYS = 2;
    private static final int MASK = 3;

    private static final int ROOM = 0;
    private static final int GRAD_SCORES = 3;
    private static final int GRAD_QUERIES = 4;
    private static final int GRAD_KEYS = 5;

    /** What softmax costs beside the product. */
    private static final int SOFTMAX_FLOPS = 25;

    /**
     * Checks the numbers of heads.
     *
     * @throws IllegalArgumentException naming the argument, if one is below 1 or keyHeads does not divide heads
     */
    public AttentionWeights {
        Arguments.requirePositive("AttentionWeights", "num_heads", heads);
        Arguments.requirePositive("AttentionWeights", "num_kv_heads", keyHeads);
        if (heads % keyHeads != 0) {
            throw new IllegalArgumentException("AttentionWeights: argument 'num_kv_heads': expected a divisor of"
                    + " num_heads " + heads + ", found " + keyHeads);
        }
    }

    @Override
    public Spec spec() {
        Spec spec = visibility.in(Spec.of("AttentionWeights", heads));
        spec = average ? spec : spec.with("average_attn_weights", false);
        return keyHeads == heads ? spec : spec.with("num_kv_heads", keyHeads);
    }

    private AttentionInputs given(List<TensorType> inputs) {
        return AttentionInputs.of(visibility, OPERANDS, "query and key", inputs);
    }

    private Sizes sizes(List<TensorType> inputs) {
        AttentionInputs given = given(inputs);
        Inputs.requireFloats(inputs, 0);
        Inputs.requireFloats(inputs, 1);
        Shape query = inputs.get(0).shape();
        Shape key = inputs.get(1).shape();
        boolean fits = query.rank() == 3
                && key.rank() == 3
                && query.dimension(0) == key.dimension(0)
                && query.dimension(2) > 0
                && query.dimension(2) % heads == 0
                && key.dimension(2) == query.dimension(2) / heads * keyHeads;
        if (!fits) {
            throw new IllegalArgumentException("expected query [samples, queries, a multiple of " + heads
                    + "] and key [samples, keys, as many for each of " + keyHeads + " heads], found " + query + " and "
                    + key);
        }
        Sizes sizes =
                new Sizes(query.dimension(0), heads, query.dimension(1), key.dimension(1), query.dimension(2) / heads);
        given.require(visibility, inputs, sizes);
        return sizes;
    }

    @Override
    public List<TensorType> outputs(List<TensorType> inputs) {
        Sizes sizes = sizes(inputs);
        return List.of(
                average
                        ? TensorType.floats(sizes.batch(), sizes.queries(), sizes.keys())
                        : TensorType.floats(sizes.scoreShape()));
    }

    /** Of the lengths: no more than the keys there are. */
    @Override
    public Optional<IntRange> range(int input, List<TensorType> inputs) {
        return input == given(inputs).lengths()
                ? Optional.of(IntRange.below("a length", sizes(inputs).keys() - visibility.extraKeys() + 1))
                : Optional.empty();
    }

    /** Forward keeps the weights and the operands head by head. */
    @Override
    public Footprint footprint(List<TensorType> inputs) {
        Sizes sizes = sizes(inputs);
        MaskTerms terms = new MaskTerms(visibility, given(inputs));
        TensorType scores = TensorType.floats(sizes.scoreShape());
        TensorType queries = TensorType.floats(sizes.queryShape());
        TensorType keys = TensorType.floats(sizes.keyShape());
        Footprint footprint = Footprint.NOTHING
                .keeping(scores, queries, keys)
                .workingIn(HeadColumns.room(keyHeads == heads ? 0 : keys.shape().elements()))
                .workingIn(scores, queries, keys);
        for (int i = OPERANDS; i < inputs.size(); i++) {
            footprint = footprint.inputGradientReading(Port.input(i));
        }
        return terms.any() ? footprint.keeping(terms.type(inputs, sizes)) : footprint;
    }

    @Override
    public long forwardFlops(List<TensorType> inputs) {
        Sizes sizes = sizes(inputs);
        return sizes.scoreShape().elements() * (2L * sizes.width() + SOFTMAX_FLOPS);
    }

    @Override
    public void forward(Pass pass) {
        Kernels kernels = pass.kernels();
        HeadColumns.Room room = room(pass);
        Tensor queries = pass.kept(QUERIES);
        Tensor keys = pass.kept(KEYS);
        columns(queries, heads).spread(kernels, pass.input(0), room, queries);
        columns(keys, keyHeads).spread(kernels, pass.input(1), room, keys);
        Tensor weights = pass.kept(WEIGHTS);
        GemmShape product = GemmShape.nt(rows(queries), rows(keys), width(queries));
        kernels.matrix().gemmBatched(product, batch(queries), batch(keys), batch(weights), false);
        kernels.elementwise().scale(scale(queries), weights, weights);
        MaskTerms terms = new MaskTerms(visibility, AttentionInputs.of(visibility, OPERANDS, pass));
        if (terms.any()) {
            terms.write(pass, pass.kept(MASK));
            MaskTerms.add(kernels, pass.kept(MASK), weights);
        }
        kernels.softmax().softmaxForward(weights, weights);
        if (terms.any()) {
            MaskTerms.clearBlind(pass.kept(MASK), weights);
        }
        Tensor output = pass.output(0);
        if (!average) {
            kernels.elementwise().copy(weights, output);
            return;
        }
        for (int i = 0; i < batch(weights).count(); i++) {
            Tensor sum = output.samples(i / heads, 1);
            Tensor one = head(weights, i).view(sum.shape());
            if (i % heads == 0) {
                kernels.elementwise().copy(one, sum);
            } else {
                kernels.elementwise().binary(Binary.ADD, sum, one, sum);
            }
        }
        kernels.elementwise().scale(1f / heads, output, output);
    }

    @Override
    public void backwardInput(Pass pass) {
        Kernels kernels = pass.kernels();
        Tensor weights = pass.kept(WEIGHTS);
        Tensor gradient = pass.workspace(GRAD_SCORES);
        Tensor gradOutput = pass.gradOutput(0);
        if (average) {
            for (int i = 0; i < batch(weights).count(); i++) {
                Tensor one = head(gradient, i);
                Tensor from = gradOutput.samples(i / heads, 1).view(one.shape());
                kernels.elementwise().scale(1f / heads, from, one);
            }
        } else {
            kernels.elementwise().copy(gradOutput, gradient);
        }
        kernels.softmax().softmaxBackward(weights, gradient, gradient);
        int last = pass.inputs() - 1;
        if (last >= OPERANDS && pass.wantsGradient(last)) {
            new MaskTerms(visibility, AttentionInputs.of(visibility, OPERANDS, pass))
                    .sumScores(kernels, gradient, pass.gradInput(last));
        }
        Tensor queries = pass.kept(QUERIES);
        Tensor keys = pass.kept(KEYS);
        MatrixKernels matrix = kernels.matrix();
        if (pass.wantsGradient(0)) {
            Tensor to = pass.workspace(GRAD_QUERIES);
            GemmShape product = GemmShape.nn(rows(queries), width(queries), rows(keys));
            matrix.gemmBatched(product, batch(gradient), batch(keys), batch(to), false);
            kernels.elementwise().scale(scale(queries), to, to);
            columns(queries, heads).gather(kernels, to, room(pass), pass.gradInput(0));
        }
        if (pass.wantsGradient(1)) {
            Tensor to = pass.workspace(GRAD_KEYS);
            GemmShape product = GemmShape.tn(rows(keys), width(keys), rows(queries));
            matrix.gemmBatched(product, batch(gradient), batch(queries), batch(to), false);
            kernels.elementwise().scale(scale(keys), to, to);
            columns(keys, keyHeads).gather(kernels, to, room(pass), pass.gradInput(1));
        }
    }

    private static HeadColumns.Room room(Pass pass) {
        return new HeadColumns.Room(pass.workspace(ROOM), pass.workspace(ROOM + 1), pass.workspace(ROOM + 2));
    }

    private static HeadColumns columns(Tensor byHead, int own) {
        return new HeadColumns(own, width(byHead));
    }

    private static float scale(Tensor byHead) {
        return 1 / (float) Math.sqrt(width(byHead));
    }

    private static int rows(Tensor byHead) {
        return byHead.shape().dimension(2);
    }

    private static int width(Tensor byHead) {
        return byHead.shape().dimension(3);
    }

    private static MatrixBatch batch(Tensor byHead) {
        int count = byHead.shape().dimension(0) * byHead.shape().dimension(1);
        return MatrixBatch.strided(MatrixView.of(byHead, width(byHead)), count, rows(byHead) * width(byHead));
    }

    /** One head of one sample. */
    private static Tensor head(Tensor byHead, int index) {
        Shape shape = byHead.shape();
        return byHead.view(Shape.of(shape.dimension(0) * shape.dimension(1), rows(byHead), width(byHead)))
                .samples(index, 1);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
