package io.ketju.layers.model;

import io.ketju.layers.attention.InProjection;
import io.ketju.layers.attention.ScaledDotProductAttention;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import java.util.ArrayList;
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
 */
public record MultiheadAttention(int embedDim, int numHeads, boolean bias, boolean causal) implements Block {
    public MultiheadAttention {
        if (numHeads < 1 || embedDim < 1 || embedDim % numHeads != 0) {
            throw new IllegalArgumentException(
                    "MultiheadAttention: expected embed_dim to be a multiple of num_heads, found " + embedDim + " and "
                            + numHeads);
        }
    }

    /** With biases; every query sees every key. */
    public MultiheadAttention(int embedDim, int numHeads) {
        this(embedDim, numHeads, true, false);
    }

    public MultiheadAttention withoutBias() {
        return new MultiheadAttention(embedDim, numHeads, false, causal);
    }

    public MultiheadAttention asCausal() {
        return new MultiheadAttention(embedDim, numHeads, bias, true);
    }

    /** Attention of a value to itself. */
    @Override
    public Value in(ModelBuilder model, Value input) {
        return attend(model, List.of(input), List.of());
    }

    /** Attention of a padded value to itself. */
    public Value in(ModelBuilder model, Value input, Value lengths) {
        return attend(model, List.of(input), List.of(lengths));
    }

    /** Attention of one value to another: pass the memory as both key and value. */
    public Value in(ModelBuilder model, Value query, Value key, Value value) {
        return attend(model, List.of(query, key, value), List.of());
    }

    /** Attention of one value to another that is padded. */
    public Value in(ModelBuilder model, Value query, Value key, Value value, Value lengths) {
        return attend(model, List.of(query, key, value), List.of(lengths));
    }

    private Value attend(ModelBuilder model, List<Value> inputs, List<Value> lengths) {
        InProjection projection = new InProjection(embedDim, bias);
        List<Value> operands = new ArrayList<>(model.addAll("", projection, inputs.toArray(Value[]::new)));
        operands.addAll(lengths);
        ScaledDotProductAttention core = new ScaledDotProductAttention(numHeads, causal);
        Value attended = model.add("attention", core, operands.toArray(Value[]::new));
        Linear last = new Linear(embedDim, embedDim).withBiasInitializer(Initializers.zeros());
        return model.add("out_proj", bias ? last : last.withoutBias(), attended);
    }
}
