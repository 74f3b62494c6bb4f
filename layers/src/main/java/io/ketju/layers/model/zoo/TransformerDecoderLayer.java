package io.ketju.layers.model.zoo;

import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.MultiheadAttention;
import io.ketju.layers.model.Value;

/**
 * Causal self-attention, attention to another sequence, then two linear layers, each followed by the sum with what went in and
 * a norm, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html">torch.nn.TransformerDecoderLayer</a>
 * with {@code batch_first=True}, but that no attention weights are dropped. Parameters: those of self_attn, multihead_attn,
 * linear1, linear2, norm1, norm2 and norm3.
 *
 * @param dModel features of a position
 * @param heads of attention, a divisor of dModel
 * @param feedforward features between the linear layers
 * @param dropout share of the features that training leaves out
 */
public record TransformerDecoderLayer(int dModel, int heads, int feedforward, double dropout) {
    /**
     * Writes it over a sequence.
     *
     * @param memory what the encoder made of the other sequence
     */
    public Value in(ModelBuilder model, Sequence target, Sequence memory) {
        TransformerEncoderLayer parts = new TransformerEncoderLayer(dModel, heads, feedforward, dropout);
        MultiheadAttention attention = new MultiheadAttention(dModel, heads);
        Value self = attention.asCausal().in(model.inside("self_attn"), target.features(), target.lengths());
        Value x = parts.summed(model, 1, self, target.features());
        Value cross =
                attention.in(model.inside("multihead_attn"), x, memory.features(), memory.features(), memory.lengths());
        x = parts.summed(model, 2, cross, x);
        return parts.summed(model, 3, parts.linear(model, x), x);
    }
}
