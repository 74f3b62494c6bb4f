package io.ketju.layers.model;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * Self-attention, attention to another sequence, then two linear layers, each with the sum with what went in and a norm, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html">torch.nn.TransformerDecoderLayer</a>
 * with {@code batch_first=True}. Inputs: the sequence [samples, positions, dModel] and the memory, then, if they are padded,
 * the lengths of both. Parameters: those of self_attn, multihead_attn, linear1, linear2, norm1, norm2 and norm3.
 *
 * @param parts what it shares with the encoder's: sizes and style; causal is said of self-attention
 */
public record TransformerDecoderLayer(TransformerEncoderLayer parts) implements Wiring {
    public static final Entry<TransformerDecoderLayer> ENTRY = TransformerEncoderLayer.describe(Description.of(
                            "TransformerDecoderLayer",
                            "Self-attention, attention to a memory and two linear layers, with ways around")
                    .required("d_model", "features of a position")
                    .required("nhead", "heads of attention"))
            .named("tgt_is_causal", false, "whether a position sees none behind it")
            .shapes(
                    "sequence [samples, positions, d_model] and memory [samples, others, d_model], then, if they are padded,"
                            + " the lengths of both, int32 [samples]; to the sequence's shape")
            .parameters("those of self_attn, multihead_attn, linear1, linear2, norm1, norm2, norm3")
            .source("torch.nn.TransformerDecoderLayer; Vaswani et al. 2017")
            .readBy(arguments -> new TransformerDecoderLayer(TransformerEncoderLayer.of(arguments, "tgt_is_causal")));

    @Override
    public List<Value> in(ModelBuilder model, List<Value> inputs) {
        requireInputs(inputs);
        Value memory = inputs.get(1);
        Value x = parts.around(
                model,
                1,
                inputs.getFirst(),
                of -> parts.attend(model, "self_attn", parts.style().causal(), padded(inputs, 2, of)));
        x = parts.around(
                model, 2, x, of -> parts.attend(model, "multihead_attn", false, padded(inputs, 3, of, memory, memory)));
        return List.of(parts.around(model, 3, x, of -> parts.linear(model, of)));
    }

    static void requireInputs(List<Value> inputs) {
        String what = "a sequence and a memory, then the lengths of both if they are padded";
        Wiring.require(inputs, 2, 4, what);
        Wiring.require(inputs.size() == 3 ? List.of() : inputs, 2, 4, what + " (not of one of them)");
    }

    /** Operands of attention, with lengths if there are any. */
    private static List<Value> padded(List<Value> inputs, int lengths, Value... operands) {
        List<Value> values = new ArrayList<>(List.of(operands));
        if (lengths < inputs.size()) {
            values.add(inputs.get(lengths));
        }
        return values;
    }
}
