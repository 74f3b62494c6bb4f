package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.MultiheadAttention;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.LayerNorm;

/**
 * Self-attention, then two linear layers, each followed by the sum with what went in and a norm, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html">torch.nn.TransformerEncoderLayer</a>
 * with {@code batch_first=True}, but that no attention weights are dropped. Parameters: those of self_attn, linear1, linear2,
 * norm1 and norm2.
 *
 * @param dModel features of a position
 * @param heads of attention, a divisor of dModel
 * @param feedforward features between the linear layers
 * @param dropout share of the features that training leaves out
 */
public record TransformerEncoderLayer(int dModel, int heads, int feedforward, double dropout) {
    /** Writes it over a sequence. */
    public Value in(ModelBuilder model, Sequence source) {
        Value attended = new MultiheadAttention(dModel, heads)
                .in(model.inside("self_attn"), source.features(), source.lengths());
        Value x = summed(model, 1, attended, source.features());
        return summed(model, 2, linear(model, x), x);
    }

    /** Two linear layers, with what stands between them. */
    Value linear(ModelBuilder model, Value input) {
        Value x = model.add("linear1", linear(dModel, feedforward), input);
        x = model.add("dropout", new OptionalDropout(dropout), model.add("relu", Activations.relu(), x));
        return model.add("linear2", linear(feedforward, dModel), x);
    }

    /** The way around something, and the norm behind it. */
    Value summed(ModelBuilder model, int index, Value through, Value around) {
        Value x = model.add("dropout" + index, new OptionalDropout(dropout), through);
        return model.add("norm" + index, new LayerNorm(dModel), model.add("sum" + index, new Add(), x, around));
    }

    private static Linear linear(int in, int out) {
        return new Linear(in, out).withInitializer(Initializers.xavierUniform(1));
    }
}
