package io.ketju.layers.model;

import io.ketju.layers.attention.InProjection;
import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Attention with its projections (Vaswani et al. 2017), as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html">torch.nn.MultiheadAttention</a> with
 * {@code batch_first=True}: self-attention of one value [B, T, E], or of queries [B, T, E] to keys and values [B, S, E].
 * Output [B, T, E]. Parameters: in_proj_weight [3·E, E], in_proj_bias [3·E], out_proj.weight [E, E], out_proj.bias [E].
 * Where keys may be padding, lengths int32 [B] say how many of each sample are not: PyTorch's key_padding_mask as numbers.
 *
 * @param embedDim E
 * @param numHeads number of heads, a divisor of E
 * @param bias whether the projections have biases
 * @param causal whether query i sees the keys 0 to i only
 * @param dropout share of the weights that training leaves out
 * @param kdim features of a key; where it or vdim is not E, the weights are q_proj_weight [E, E], k_proj_weight [E, kdim] and
 *     v_proj_weight [E, vdim]
 * @param vdim features of a value
 * @param keyHeads heads of keys and values, a divisor of numHeads: where they are fewer, each serves a group of queries' heads
 *     (Ainslie et al. 2023), and the weights are three
 */
public record MultiheadAttention(
        int embedDim, int numHeads, boolean bias, boolean causal, double dropout, int kdim, int vdim, int keyHeads)
        implements Block {
    public static final Entry<Wiring> ENTRY = Description.of("MultiheadAttention", "Attention with its projections")
            .required("embed_dim", "E, features of a query")
            .required("num_heads", "heads, a divisor of E")
            .optional("dropout", 0, "share of the weights that training leaves out")
            .optional("bias", true, "whether the projections have biases")
            .namedDerived("kdim", "embed_dim", "features of a key")
            .namedDerived("vdim", "embed_dim", "features of a value")
            .named("batch_first", false, "has to be true: samples are outermost")
            .named("is_causal", false, "whether query i sees the keys 0 to i only")
            .namedDerived("num_kv_heads", "num_heads", "heads of keys and values, each for a group of those of queries")
            .formula("y = out_proj(concat of softmax(q · kᵀ / √width + mask) · v over the heads)")
            .shapes(
                    "x [samples, positions, E] that attends to itself, or query, key and value; then lengths int32 [samples] if"
                            + " keys are padded; then a mask as that of ScaledDotProductAttention; to the query's shape")
            .parameters(
                    "in_proj_weight [3·E, E] or q_proj_weight, k_proj_weight and v_proj_weight, in_proj_bias [3·E];"
                            + " with num_kv_heads k_proj_weight and v_proj_weight with as many rows fewer; out_proj.weight [E, E], out_proj.bias [E]")
            .source("torch.nn.MultiheadAttention; Vaswani et al. 2017; Ainslie et al. 2023")
            .readBy(MultiheadAttention::of);

    private static Wiring of(Arguments arguments) {
        Blocks.requireBatchFirst(arguments);
        int embedDim = arguments.integer("embed_dim");
        MultiheadAttention read = new MultiheadAttention(
                embedDim,
                arguments.integer("num_heads"),
                arguments.flag("bias"),
                arguments.flag("is_causal"),
                arguments.number("dropout"),
                arguments.integer("kdim", embedDim),
                arguments.integer("vdim", embedDim),
                arguments.integer("num_kv_heads", arguments.integer("num_heads")));
        return (model, inputs) -> {
            Wiring.require(inputs, 1, 5, "one or three sequences, then lengths and a mask, if there are any");
            return List.of(read.attend(model, inputs));
        };
    }

    /** Query, key and value. */
    private static final int PARTS = 3;

    public MultiheadAttention {
        if (numHeads < 1 || embedDim < 1 || embedDim % numHeads != 0) {
            throw new IllegalArgumentException(
                    "MultiheadAttention: expected embed_dim to be a multiple of num_heads, found " + embedDim + " and "
                            + numHeads);
        }
        if (keyHeads < 1 || numHeads % keyHeads != 0) {
            throw new IllegalArgumentException("MultiheadAttention: argument 'num_kv_heads': expected a divisor of"
                    + " num_heads " + numHeads + ", found " + keyHeads);
        }
    }

    /** With biases; every query sees every key. */
    public MultiheadAttention(int embedDim, int numHeads) {
        this(embedDim, numHeads, true, false, 0, embedDim, embedDim, numHeads);
    }

    public MultiheadAttention withoutBias() {
        return new MultiheadAttention(embedDim, numHeads, false, causal, dropout, kdim, vdim, keyHeads);
    }

    public MultiheadAttention asCausal() {
        return new MultiheadAttention(embedDim, numHeads, bias, true, dropout, kdim, vdim, keyHeads);
    }

    public MultiheadAttention withDropout(double p) {
        return new MultiheadAttention(embedDim, numHeads, bias, causal, p, kdim, vdim, keyHeads);
    }

    /** With fewer heads of keys and values. */
    public MultiheadAttention withKeyHeads(int count) {
        return new MultiheadAttention(embedDim, numHeads, bias, causal, dropout, kdim, vdim, count);
    }

    /** Attention of a value to itself. */
    @Override
    public Value in(ModelBuilder model, Value input) {
        return attend(model, List.of(input));
    }

    /** Attention of a padded value to itself. */
    public Value in(ModelBuilder model, Value input, Value lengths) {
        return attend(model, List.of(input, lengths));
    }

    /** Attention of one value to another: pass the memory as both key and value. */
    public Value in(ModelBuilder model, Value query, Value key, Value value) {
        return attend(model, List.of(query, key, value));
    }

    /** Attention of one value to another that is padded. */
    public Value in(ModelBuilder model, Value query, Value key, Value value, Value lengths) {
        return attend(model, List.of(query, key, value, lengths));
    }

    /** One or three sequences, then lengths and a mask, if there are any. */
    Value attend(ModelBuilder model, List<Value> inputs) {
        int keyFeatures = embedDim / numHeads * keyHeads;
        InProjection projection = new InProjection(embedDim, bias, kdim, vdim, keyFeatures);
        boolean self = inputs.size() < PARTS || !model.type(inputs.get(1)).differentiable();
        List<Value> sequences = inputs.subList(0, self ? 1 : PARTS);
        boolean threefold = self && keyHeads < numHeads;
        List<Value> projected = threefold ? Collections.nCopies(PARTS, inputs.getFirst()) : sequences;
        List<Value> operands = new ArrayList<>(model.addAll("", projection, projected.toArray(Value[]::new)));
        operands.addAll(inputs.subList(sequences.size(), inputs.size()));
        ScaledDotProductAttention core = new ScaledDotProductAttention(numHeads, causal)
                .withKeyHeads(keyHeads)
                .withDropout(dropout);
        Value attended = model.add("attention", core, operands.toArray(Value[]::new));
        Linear last = new Linear(embedDim, embedDim).withBiasInitializer(Initializers.zeros());
        return model.add("out_proj", bias ? last : last.withoutBias(), attended);
    }
}
