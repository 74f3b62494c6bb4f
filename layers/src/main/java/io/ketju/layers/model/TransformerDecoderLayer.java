package io.ketju.layers.model;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.List;
import java.util.Map;

/**
 * Self-attention, attention to another sequence, then two linear layers, each with the sum with what went in and a norm, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html">torch.nn.TransformerDecoderLayer</a>
 * with {@code batch_first=True}. Inputs: the sequence [samples, positions, dModel] and the memory, then, if they are padded, the
 * lengths of both, then a mask of self-attention and one of attention to the memory, if there are any. Parameters: those of
 * self_attn, multihead_attn, linear1, linear2, norm1, norm2 and norm3.
 *
 * @param parts what it shares with the encoder's: sizes and style; causal is said of self-attention
 * @param given names of what is given besides sequence and memory, in order; empty for the usual order
 */
public record TransformerDecoderLayer(TransformerEncoderLayer parts, List<String> given) implements Wiring {
    private static final Companions COMPANIONS =
            new Companions(List.of("tgt_lengths", "memory_lengths"), List.of("tgt_mask", "memory_mask"));

    public static final Entry<TransformerDecoderLayer> ENTRY = describe(TransformerEncoderLayer.layer(Description.of(
                            "TransformerDecoderLayer",
                            "Self-attention, attention to a memory and two linear layers, with ways around")
                    .required("d_model", "features of a position")
                    .required("nhead", "heads of attention")))
            .shapes(
                    "sequence [samples, positions, d_model] and memory [samples, others, d_model], then, if they are padded,"
                            + " the lengths of both, int32 [samples], then masks of self-attention and of attention to"
                            + " the memory, if there are any; to the sequence's shape")
            .parameters("those of self_attn, multihead_attn, linear1, linear2, norm1, norm2, norm3")
            .source("torch.nn.TransformerDecoderLayer; Vaswani et al. 2017")
            .readBy(TransformerDecoderLayer::of);

    /**
     * Copies the names.
     *
     * @throws IllegalArgumentException if one is not of tgt_lengths, memory_lengths, tgt_mask and memory_mask, or is there twice
     */
    public TransformerDecoderLayer {
        given = COMPANIONS.require("TransformerDecoderLayer", given);
    }

    /**
     * With the usual order of inputs.
     *
     * @param parts what it shares with the encoder's: sizes and style; causal is said of self-attention
     */
    public TransformerDecoderLayer(TransformerEncoderLayer parts) {
        this(parts, List.of());
    }

    static TransformerDecoderLayer of(Arguments arguments) {
        return new TransformerDecoderLayer(
                TransformerEncoderLayer.of(arguments, "tgt_is_causal"), Companions.given(arguments));
    }

    static Description describe(Description description) {
        return description
                .named("tgt_is_causal", false, "whether a position sees none behind it")
                .namedDerived("inputs", "by their shapes", COMPANIONS.about());
    }

    @Override
    public List<Value> in(ModelBuilder model, List<Value> inputs) {
        Map<String, Value> more = COMPANIONS.named(model, inputs, given);
        Value memory = inputs.get(1);
        boolean causal = parts.style().causal();
        Value x = parts.around(
                model,
                1,
                inputs.getFirst(),
                of -> parts.attend(
                        model, "self_attn", causal, Companions.with(more, "tgt_lengths", "tgt_mask", List.of(of))));
        x = parts.around(
                model,
                2,
                x,
                of -> parts.attend(
                        model,
                        "multihead_attn",
                        false,
                        Companions.with(more, "memory_lengths", "memory_mask", List.of(of, memory, memory))));
        return List.of(parts.around(model, 3, x, of -> parts.linear(model, of)));
    }
}
