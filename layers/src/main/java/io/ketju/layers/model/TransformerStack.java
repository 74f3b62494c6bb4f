package io.ketju.layers.model;

import io.ketju.layers.normalization.LayerNorm;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Layers of a transformer one behind the other, layers.0 and so on, and a norm behind the last: torch.nn.TransformerEncoder
 * and TransformerDecoder. Inputs as those of a layer; the first is replaced by what the layer before gave.
 *
 * @param layer written so many times, each with parameters of its own
 * @param count number of layers
 * @param norm behind the last, if there is one
 */
public record TransformerStack(Wiring layer, int count, Optional<LayerNorm> norm) implements Wiring {
    private static final Companions COMPANIONS =
            new Companions(List.of("src_lengths", "tgt_lengths"), List.of("src_mask", "tgt_mask", "memory_mask"));

    public static final Entry<TransformerStack> ENCODER = TransformerEncoderLayer.describe(
                    sizes("TransformerEncoder", "Encoder layers one behind the other"))
            .named("is_causal", false, "whether a position sees none behind it")
            .named("norm", false, "whether there is a norm behind the last layer")
            .shapes("as TransformerEncoderLayer")
            .parameters("those of layers.0, layers.1 ..., norm")
            .source("torch.nn.TransformerEncoder; Vaswani et al. 2017")
            .readBy(arguments -> of(arguments, TransformerEncoderLayer.of(arguments, "is_causal"), "is_causal"));

    public static final Entry<TransformerStack> DECODER = TransformerDecoderLayer.describe(
                    TransformerEncoderLayer.describe(
                            sizes("TransformerDecoder", "Decoder layers one behind the other")))
            .named("norm", false, "whether there is a norm behind the last layer")
            .shapes("as TransformerDecoderLayer")
            .parameters("those of layers.0, layers.1 ..., norm")
            .source("torch.nn.TransformerDecoder; Vaswani et al. 2017")
            .readBy(arguments -> of(arguments, TransformerDecoderLayer.of(arguments), "tgt_is_causal"));

    /** What the decoder calls what both are given: the memory is as long as the source. */
    private static final Map<String, String> OF_DECODER = new TreeMap<>(Map.of(
            "tgt_lengths", "tgt_lengths",
            "src_lengths", "memory_lengths",
            "tgt_mask", "tgt_mask",
            "memory_mask", "memory_mask"));

    /** Encoder and decoder. */
    public static final Entry<Wiring> BOTH = TransformerEncoderLayer.describe(
                    Description.of("Transformer", "An encoder, and a decoder that attends to what it gives")
                            .optional("d_model", 512, "features of a position")
                            .optional("nhead", 8, "heads of attention")
                            .optional("num_encoder_layers", 6, "layers of the encoder")
                            .optional("num_decoder_layers", 6, "layers of the decoder"))
            .named("tgt_is_causal", false, "whether a position of the target sees none behind it")
            .namedDerived("inputs", "by their shapes", COMPANIONS.about())
            .shapes(
                    "source [samples, positions, d_model] and target [samples, others, d_model], then, if they are padded, the"
                            + " lengths of both, int32 [samples], then masks of the source, of the target and of attention to"
                            + " the memory, if there are any; to the target's shape")
            .parameters("those of encoder.layers.0 ..., encoder.norm, decoder.layers.0 ..., decoder.norm")
            .source("torch.nn.Transformer; Vaswani et al. 2017")
            .readBy(TransformerStack::both);

    /**
     * Checks the count.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public TransformerStack {
        Arguments.requirePositive("TransformerStack", "num_layers", count);
    }

    private static Description sizes(String name, String summary) {
        return Description.of(name, summary)
                .required("d_model", "features of a position")
                .required("nhead", "heads of attention")
                .required("num_layers", "number of layers");
    }

    private static TransformerStack of(Arguments arguments, Wiring layer, String causal) {
        LayerNorm norm = TransformerEncoderLayer.Style.of(arguments, causal).norm(arguments.integer("d_model"));
        return new TransformerStack(
                layer, arguments.integer("num_layers"), arguments.flag("norm") ? Optional.of(norm) : Optional.empty());
    }

    private static Wiring both(Arguments arguments) {
        TransformerEncoderLayer decoding = TransformerEncoderLayer.of(arguments, "tgt_is_causal");
        Optional<LayerNorm> norm = Optional.of(decoding.style().norm(decoding.dModel()));
        TransformerEncoderLayer encoding = new TransformerEncoderLayer(
                decoding.dModel(),
                decoding.heads(),
                decoding.feedforward(),
                decoding.dropout(),
                decoding.style().asCausal(false));
        TransformerStack encoder = new TransformerStack(encoding, arguments.integer("num_encoder_layers"), norm);
        List<String> given = COMPANIONS.require("Transformer", Companions.given(arguments));
        int layers = arguments.integer("num_decoder_layers");
        return (model, inputs) -> {
            Map<String, Value> more = COMPANIONS.named(model, inputs, given);
            List<Value> source = Companions.with(more, "src_lengths", "src_mask", List.of(inputs.getFirst()));
            Value memory = encoder.in(model.inside("encoder"), source).getFirst();
            List<Value> target = new ArrayList<>(List.of(inputs.get(1), memory));
            List<String> names = new ArrayList<>();
            OF_DECODER.forEach((name, ofDecoder) -> {
                Value value = more.get(name);
                if (value != null) {
                    target.add(value);
                    names.add(ofDecoder);
                }
            });
            return new TransformerStack(new TransformerDecoderLayer(decoding, names), layers, norm)
                    .in(model.inside("decoder"), target);
        };
    }

    @Override
    public List<Value> in(ModelBuilder model, List<Value> inputs) {
        List<Value> values = new ArrayList<>(inputs);
        for (int i = 0; i < count; i++) {
            Value x = layer.in(model.inside("layers." + i), values).getFirst();
            values.set(0, x);
        }
        Value last = values.getFirst();
        return List.of(norm.isPresent() ? model.add("norm", norm.get(), last) : last);
    }
}
