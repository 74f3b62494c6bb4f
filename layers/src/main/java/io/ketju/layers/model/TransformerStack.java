package io.ketju.layers.model;

import io.ketju.layers.normalization.LayerNorm;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers of a transformer one behind the other, layers.0 and so on, and a norm behind the last: torch.nn.TransformerEncoder
 * and TransformerDecoder. Inputs as those of a layer; the first is replaced by what the layer before gave.
 *
 * @param layer written so many times, each with parameters of its own
 * @param count number of layers
 * @param dModel features of the norm behind the last; 0 if there is none
 */
public record TransformerStack(Wiring layer, int count, int dModel) implements Wiring {
    public static final Entry<TransformerStack> ENCODER = TransformerEncoderLayer.describe(
                    sizes("TransformerEncoder", "Encoder layers one behind the other"))
            .named("is_causal", false, "whether a position sees none behind it")
            .named("norm", false, "whether there is a norm behind the last layer")
            .shapes("as TransformerEncoderLayer")
            .parameters("those of layers.0, layers.1 ..., norm")
            .source("torch.nn.TransformerEncoder; Vaswani et al. 2017")
            .readBy(arguments -> of(arguments, TransformerEncoderLayer.of(arguments, "is_causal")));

    public static final Entry<TransformerStack> DECODER = TransformerEncoderLayer.describe(
                    sizes("TransformerDecoder", "Decoder layers one behind the other"))
            .named("tgt_is_causal", false, "whether a position sees none behind it")
            .named("norm", false, "whether there is a norm behind the last layer")
            .shapes("as TransformerDecoderLayer")
            .parameters("those of layers.0, layers.1 ..., norm")
            .source("torch.nn.TransformerDecoder; Vaswani et al. 2017")
            .readBy(arguments ->
                    of(arguments, new TransformerDecoderLayer(TransformerEncoderLayer.of(arguments, "tgt_is_causal"))));

    /** Encoder and decoder. */
    public static final Entry<Wiring> BOTH = TransformerEncoderLayer.describe(
                    Description.of("Transformer", "An encoder, and a decoder that attends to what it gives")
                            .optional("d_model", 512, "features of a position")
                            .optional("nhead", 8, "heads of attention")
                            .optional("num_encoder_layers", 6, "layers of the encoder")
                            .optional("num_decoder_layers", 6, "layers of the decoder"))
            .named("tgt_is_causal", false, "whether a position of the target sees none behind it")
            .shapes(
                    "source [samples, positions, d_model] and target [samples, others, d_model], then, if they are padded, the"
                            + " lengths of both, int32 [samples]; to the target's shape")
            .parameters("those of encoder.layers.0 ..., encoder.norm, decoder.layers.0 ..., decoder.norm")
            .source("torch.nn.Transformer; Vaswani et al. 2017")
            .readBy(TransformerStack::both);

    public TransformerStack {
        Arguments.requirePositive("TransformerStack", "num_layers", count);
    }

    private static Description sizes(String name, String summary) {
        return Description.of(name, summary)
                .required("d_model", "features of a position")
                .required("nhead", "heads of attention")
                .required("num_layers", "number of layers");
    }

    private static TransformerStack of(Arguments arguments, Wiring layer) {
        int features = arguments.flag("norm") ? arguments.integer("d_model") : 0;
        return new TransformerStack(layer, arguments.integer("num_layers"), features);
    }

    private static Wiring both(Arguments arguments) {
        TransformerEncoderLayer decoding = TransformerEncoderLayer.of(arguments, "tgt_is_causal");
        int dModel = decoding.dModel();
        TransformerEncoderLayer encoding = new TransformerEncoderLayer(
                dModel,
                decoding.heads(),
                decoding.feedforward(),
                decoding.dropout(),
                decoding.style().asCausal(false));
        TransformerStack encoder = new TransformerStack(encoding, arguments.integer("num_encoder_layers"), dModel);
        TransformerStack decoder = new TransformerStack(
                new TransformerDecoderLayer(decoding), arguments.integer("num_decoder_layers"), dModel);
        return (model, inputs) -> {
            TransformerDecoderLayer.requireInputs(inputs);
            boolean padded = inputs.size() > 2;
            List<Value> source = padded ? List.of(inputs.getFirst(), inputs.get(2)) : List.of(inputs.getFirst());
            Value memory = encoder.in(model.inside("encoder"), source).getFirst();
            Value target = inputs.get(1);
            return decoder.in(
                    model.inside("decoder"),
                    padded ? List.of(target, memory, inputs.get(3), inputs.get(2)) : List.of(target, memory));
        };
    }

    @Override
    public List<Value> in(ModelBuilder model, List<Value> inputs) {
        List<Value> values = new ArrayList<>(inputs);
        for (int i = 0; i < count; i++) {
            Value x = layer.in(model.inside("layers." + i), values).getFirst();
            values.set(0, x);
        }
        return dModel == 0
                ? values.subList(0, 1)
                : List.of(model.add("norm", new LayerNorm(dModel), values.getFirst()));
    }
}
