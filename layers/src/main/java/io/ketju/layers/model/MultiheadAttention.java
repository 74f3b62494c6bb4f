package io.ketju.layers.model;

import io.ketju.layers.attention.AttentionWeights;
import io.ketju.layers.attention.ExtraKeys;
import io.ketju.layers.attention.InProjection;
import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.attention.Visibility;
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
 * Where keys may be padding, lengths int32 [B] say how many of each sample are not, or key_padding_mask int32 [B, S], 1 where a
 * key is padding. With {@code need_weights} the weights are a second output, [B, T, S] or, for each head, [B, heads, T, S].
 *
 * @param embedDim E
 * @param numHeads number of heads, a divisor of E
 * @param bias whether the projections have biases
 * @param causal whether query i sees the keys 0 to i only, and those that follow the given ones
 * @param dropout share of the weights that training leaves out
 * @param kdim features of a key; where it or vdim is not E, the weights are q_proj_weight [E, E], k_proj_weight [E, kdim] and
 *     v_proj_weight [E, vdim]
 * @param vdim features of a value
 * @param keyHeads heads of keys and values, a divisor of numHeads: where they are fewer, each serves a group of queries' heads
 *     (Ainslie et al. 2023), and the weights are three
 * @param extra keys and values that follow the given ones, seen by all queries; bias_k and bias_v are [1, 1, E]
 * @param weights which weights are a second output
 * @param given names of what is given besides the sequences, in order; empty for lengths, then a mask, as far as they are there
 */
public record MultiheadAttention(
        int embedDim,
        int numHeads,
        boolean bias,
        boolean causal,
        double dropout,
        int kdim,
        int vdim,
        int keyHeads,
        ExtraKeys extra,
        Weights weights,
        List<String> given)
        implements Block {
    /** Which weights are an output. */
    public enum Weights {
        /** None are. */
        NONE,
        /** Their mean over the heads. */
        AVERAGE,

        /** Those of each head. */
        PER_HEAD
    }

    private static final String LENGTHS = "lengths";
    private static final String PADDING = "key_padding_mask";
    private static final List<String> NAMES = List.of(LENGTHS, PADDING, "attn_mask");

    public static final Entry<Wiring> ENTRY = ExtraKeys.describe(
                    Description.of("MultiheadAttention", "Attention with its projections")
                            .required("embed_dim", "E, features of a query")
                            .required("num_heads", "heads, a divisor of E")
                            .optional("dropout", 0, "share of the weights that training leaves out")
                            .optional("bias", true, "whether the projections have biases"))
            .derived("kdim", "embed_dim", "features of a key")
            .derived("vdim", "embed_dim", "features of a value")
            .optional("batch_first", false, "has to be true: samples are outermost")
            .named("is_causal", false, "whether query i sees the keys 0 to i only")
            .namedDerived("num_kv_heads", "num_heads", "heads of keys and values, each for a group of those of queries")
            .named(
                    "need_weights",
                    false,
                    "whether the weights are a second output; without those that dropout leaves out (true in PyTorch's call)")
            .named("average_attn_weights", true, "whether these are the mean over the heads")
            .namedDerived(
                    "inputs",
                    "by their shapes",
                    "what is given besides the sequences, in order: of " + String.join(", ", NAMES)
                            + "; by default lengths if int32 [samples] come next, then a mask")
            .formula("y = out_proj(concat of softmax(q · kᵀ / √width + mask) · v over the heads)")
            .shapes(
                    "x [samples, positions, E] that attends to itself, or query, key and value; then lengths int32 [samples] if"
                            + " keys are padded; then a mask as that of ScaledDotProductAttention; to the query's shape."
                            + " key_padding_mask, by name, is int32 [samples, keys], 1 where a key is padding. Weights"
                            + " [samples, queries, keys], or [samples, heads, queries, keys]")
            .parameters("in_proj_weight [3·E, E] or q_proj_weight, k_proj_weight and v_proj_weight, in_proj_bias [3·E];"
                    + " with num_kv_heads k_proj_weight and v_proj_weight with as many rows fewer; with add_bias_kv"
                    + " bias_k and bias_v [1, 1, E]; out_proj.weight [E, E], out_proj.bias [E]")
            .source("torch.nn.MultiheadAttention; Vaswani et al. 2017; Ainslie et al. 2023")
            .readBy(MultiheadAttention::of);

    private static Wiring of(Arguments arguments) {
        Blocks.requireBatchFirst(arguments);
        int embedDim = arguments.integer("embed_dim");
        Weights averaged = arguments.flag("average_attn_weights") ? Weights.AVERAGE : Weights.PER_HEAD;
        MultiheadAttention read = new MultiheadAttention(
                embedDim,
                arguments.integer("num_heads"),
                arguments.flag("bias"),
                arguments.flag("is_causal"),
                arguments.number("dropout"),
                arguments.integer("kdim", embedDim),
                arguments.integer("vdim", embedDim),
                arguments.integer("num_kv_heads", arguments.integer("num_heads")),
                ExtraKeys.of(arguments),
                arguments.flag("need_weights") ? averaged : Weights.NONE,
                Companions.given(arguments));
        return (model, inputs) -> {
            Wiring.require(inputs, 1, 6, "one or three sequences, then lengths and masks, if there are any");
            return read.all(model, inputs);
        };
    }

    /** Query, key and value. */
    private static final int PARTS = 3;

    /**
     * Checks the heads, and copies the names.
     *
     * @throws IllegalArgumentException if numHeads is no divisor of embedDim, keyHeads none of numHeads, or given has a name that there is
     *     not, or has one twice
     */
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
        given = Companions.require("MultiheadAttention", NAMES, given);
    }

    /**
     * With biases; every query sees every key.
     *
     * @param embedDim E, features of queries, keys and values
     * @param numHeads number of heads, a divisor of E
     */
    public MultiheadAttention(int embedDim, int numHeads) {
        this(embedDim, numHeads, true, false, 0, embedDim, embedDim, numHeads, ExtraKeys.NONE, Weights.NONE, List.of());
    }

    /** {@return the same whose projections have no biases} */
    public MultiheadAttention withoutBias() {
        return new MultiheadAttention(
                embedDim, numHeads, false, causal, dropout, kdim, vdim, keyHeads, extra, weights, given);
    }

    /** {@return the same where query i sees the keys 0 to i only, and those that follow the given ones} */
    public MultiheadAttention asCausal() {
        return new MultiheadAttention(
                embedDim, numHeads, bias, true, dropout, kdim, vdim, keyHeads, extra, weights, given);
    }

    /**
     * {@return the same with dropout of the weights}
     *
     * @param p share of the weights that training leaves out
     */
    public MultiheadAttention withDropout(double p) {
        return new MultiheadAttention(embedDim, numHeads, bias, causal, p, kdim, vdim, keyHeads, extra, weights, given);
    }

    /**
     * {@return the same with fewer heads of keys and values}
     *
     * @param count a divisor of the number of heads
     */
    public MultiheadAttention withKeyHeads(int count) {
        return new MultiheadAttention(
                embedDim, numHeads, bias, causal, dropout, kdim, vdim, count, extra, weights, given);
    }

    /**
     * {@return the same with keys and values that follow the given ones}
     *
     * @param others instead of those that it has
     */
    public MultiheadAttention withExtraKeys(ExtraKeys others) {
        return new MultiheadAttention(
                embedDim, numHeads, bias, causal, dropout, kdim, vdim, keyHeads, others, weights, given);
    }

    /**
     * {@return the same with weights as a second output of {@link #all}}
     *
     * @param which of them
     */
    public MultiheadAttention withWeights(Weights which) {
        return new MultiheadAttention(
                embedDim, numHeads, bias, causal, dropout, kdim, vdim, keyHeads, extra, which, given);
    }

    /**
     * {@return the same that is told by name what it is given besides the sequences}
     *
     * @param names in order, of lengths, key_padding_mask and attn_mask; empty for lengths, then a mask, as far as they are there
     */
    public MultiheadAttention withGiven(List<String> names) {
        return new MultiheadAttention(
                embedDim, numHeads, bias, causal, dropout, kdim, vdim, keyHeads, extra, weights, names);
    }

    /** Attention of a value to itself. */
    @Override
    public Value in(ModelBuilder model, Value input) {
        return attend(model, List.of(input));
    }

    /**
     * Adds attention of a padded value to itself.
     *
     * @param model writes names relative to the builder's own
     * @param input [B, T, E]
     * @param lengths int32 [B]: so many positions of each sample are no padding
     * @return [B, T, E]
     */
    public Value in(ModelBuilder model, Value input, Value lengths) {
        return attend(model, List.of(input, lengths));
    }

    /**
     * Adds attention of one value to another: pass the memory as both key and value.
     *
     * @param model writes names relative to the builder's own
     * @param query [B, T, E]
     * @param key [B, S, kdim]
     * @param value [B, S, vdim]
     * @return [B, T, E]
     */
    public Value in(ModelBuilder model, Value query, Value key, Value value) {
        return attend(model, List.of(query, key, value));
    }

    /**
     * Adds attention of one value to another that is padded.
     *
     * @param model writes names relative to the builder's own
     * @param query [B, T, E]
     * @param key [B, S, kdim]
     * @param value [B, S, vdim]
     * @param lengths int32 [B]: so many keys of each sample are no padding
     * @return [B, T, E]
     */
    public Value in(ModelBuilder model, Value query, Value key, Value value, Value lengths) {
        return attend(model, List.of(query, key, value, lengths));
    }

    /** One or three sequences, then lengths and a mask, if there are any. */
    Value attend(ModelBuilder model, List<Value> inputs) {
        return all(model, inputs).getFirst();
    }

    /**
     * Adds attention of one or three sequences.
     *
     * @param model writes names relative to the builder's own
     * @param inputs one sequence or query, key and value, then what is given besides them
     * @return the output [B, T, E], then the weights if they are wanted
     * @throws IllegalArgumentException if they are more or fewer than {@link #given} says, or do not fit a layer
     */
    public List<Value> all(ModelBuilder model, List<Value> inputs) {
        boolean self = given.isEmpty()
                ? inputs.size() < PARTS || !model.type(inputs.get(1)).differentiable()
                : inputs.size() - given.size() < PARTS;
        List<Value> sequences = inputs.subList(0, self ? 1 : PARTS);
        List<Value> more = ordered(inputs.subList(sequences.size(), inputs.size()));
        boolean apart = keyHeads < numHeads || extra.count() > 0 || weights != Weights.NONE;
        List<Value> projected = self && apart ? Collections.nCopies(PARTS, inputs.getFirst()) : sequences;
        InProjection projection = new InProjection(embedDim, bias, kdim, vdim, embedDim / numHeads * keyHeads, extra);
        List<Value> operands = new ArrayList<>(model.addAll("", projection, projected.toArray(Value[]::new)));
        List<Value> compared = new ArrayList<>(operands.subList(0, Math.min(2, operands.size())));
        operands.addAll(more);
        Visibility visibility = new Visibility(causal, given.contains(PADDING), extra.count());
        ScaledDotProductAttention core = new ScaledDotProductAttention(numHeads)
                .withVisibility(visibility)
                .withKeyHeads(keyHeads)
                .withDropout(dropout);
        Value attended = model.add("attention", core, operands.toArray(Value[]::new));
        Linear last = new Linear(embedDim, embedDim).withBiasInitializer(Initializers.zeros());
        List<Value> outputs = new ArrayList<>();
        outputs.add(model.add("out_proj", bias ? last : last.withoutBias(), attended));
        if (weights != Weights.NONE) {
            compared.addAll(more);
            AttentionWeights layer = new AttentionWeights(numHeads, keyHeads, weights == Weights.AVERAGE, visibility);
            outputs.add(model.add("weights", layer, compared.toArray(Value[]::new)));
        }
        return outputs;
    }

    /** What is given besides the sequences, in the order of attention. */
    private List<Value> ordered(List<Value> more) {
        if (given.isEmpty()) {
            return more;
        }
        if (more.size() != given.size()) {
            throw new IllegalArgumentException("expected one or three sequences, then " + given + ", found "
                    + more.size() + " inputs behind them");
        }
        return NAMES.stream()
                .filter(given::contains)
                .map(name -> more.get(given.indexOf(name)))
                .toList();
    }
}
