package io.ketju.layers.model.zoo;

import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.embedding.Positions;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.OptionalDropout;
import io.ketju.layers.model.TransformerDecoderLayer;
import io.ketju.layers.model.TransformerEncoderLayer;
import io.ketju.layers.model.TransformerEncoderLayer.Style;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.LayerNorm;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.List;

/**
 * An encoder and a decoder that attends to it (Vaswani et al. 2017), with the names of <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Transformer.html">torch.nn.Transformer</a>: encoder.layers.0, encoder.norm,
 * decoder.layers.0, decoder.norm. Both sequences are padded: nobody attends to padding, and no position of the target to a
 * later one.
 *
 * @param dModel features of a position
 * @param heads of attention, a divisor of dModel
 * @param encoderLayers number of {@link TransformerEncoderLayer}s
 * @param decoderLayers number of {@link TransformerDecoderLayer}s
 * @param feedforward features between the linear layers of each
 * @param dropout share of the features that training leaves out
 */
public record Transformer(
        int dModel, int heads, int encoderLayers, int decoderLayers, int feedforward, double dropout) {
    private static final String ENCODER_LAYERS = "num_encoder_layers";
    private static final String DECODER_LAYERS = "num_decoder_layers";

    static final Entry<Model> ENTRY = Description.of("transformer", "Encoder and decoder with attention between them")
            .optional("source_vocabulary", 256, "number of tokens that are read")
            .optional("target_vocabulary", 256, "number of tokens that are written")
            .optional("longest", 64, "positions of a sequence at most")
            .optional("d_model", 128, "features of a position")
            .optional("nhead", 4, "heads of attention, a divisor of d_model")
            .named(ENCODER_LAYERS, 3, "number of encoder layers")
            .named(DECODER_LAYERS, 3, "number of decoder layers")
            .named("dim_feedforward", 512, "features between the linear layers of each")
            .named("dropout", 0.1, "share of the features that training leaves out")
            .source("torch.nn.Transformer; Vaswani et al. 2017")
            .readBy(arguments -> new Transformer(
                            arguments.integer("d_model"),
                            arguments.integer("nhead"),
                            Counts.of(arguments, ENCODER_LAYERS),
                            Counts.of(arguments, DECODER_LAYERS),
                            arguments.integer("dim_feedforward"),
                            arguments.number("dropout"))
                    .model(
                            arguments.integer("source_vocabulary"),
                            arguments.integer("target_vocabulary"),
                            arguments.integer("longest")));

    /** The input with the tokens to read, int32 [samples, positions]. */
    public static final String SOURCE = "src";

    /** The input with their numbers, int32 [samples]. */
    public static final String SOURCE_LENGTHS = "src_lengths";

    /** The input with the tokens to continue, int32 [samples, positions]. */
    public static final String DECODED = "tgt";

    /** The input with their numbers, int32 [samples]. */
    public static final String DECODED_LENGTHS = "tgt_lengths";

    /** What the padding of targets is: the value that CrossEntropyLoss ignores by default. */
    public static final int PADDING = new CrossEntropyLoss().ignoreIndex();

    /**
     * Checks the numbers of layers.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public Transformer {
        if (encoderLayers < 1 || decoderLayers < 1) {
            throw new IllegalArgumentException("Transformer: expected at least 1 layer of encoder and decoder, found "
                    + encoderLayers + " and " + decoderLayers);
        }
    }

    /**
     * {@return the model that translates between two vocabularies, with embeddings and learned positions of its own: src_embedding,
     * src_positions, tgt_embedding, tgt_positions and generator, which gives the logits of the next token. Its loss takes "target" int32
     * [samples, positions], {@link #PADDING} where there is none}
     *
     * @param sourceVocabulary number of tokens that are read
     * @param targetVocabulary number of tokens that are written
     * @param longest positions of a sequence at most
     */
    public Model model(int sourceVocabulary, int targetVocabulary, int longest) {
        ModelBuilder model = new ModelBuilder();
        Value src = model.input(Input.samples(SOURCE, DType.INT32, Shape.of(longest)));
        Value srcLengths = model.input(Input.samples(SOURCE_LENGTHS, DType.INT32, Shape.of()));
        Value tgt = model.input(Input.samples(DECODED, DType.INT32, Shape.of(longest)));
        Value tgtLengths = model.input(Input.samples(DECODED_LENGTHS, DType.INT32, Shape.of()));
        Value source = embedded(model, "src", new Embedding(sourceVocabulary, dModel), src, longest);
        Value memory = encoded(model.inside("encoder"), new Sequence(source, srcLengths));
        Value target = embedded(model, "tgt", new Embedding(targetVocabulary, dModel), tgt, longest);
        Value x = decoded(model.inside("decoder"), new Sequence(target, tgtLengths), new Sequence(memory, srcLengths));
        Value logits = model.add("generator", new Linear(dModel, targetVocabulary), x);
        return model.head("loss", new CrossEntropyLoss().withClassesLast(), List.of(logits), Model.TARGET)
                .output(logits)
                .build();
    }

    private Value embedded(ModelBuilder model, String name, Embedding embedding, Value tokens, int longest) {
        Value x = model.add(name + "_embedding", embedding, tokens);
        x = model.add(name + "_positions", new Positions(longest, dModel), x);
        return model.add(name + "_dropout", new OptionalDropout(dropout), x);
    }

    /**
     * Writes the encoder.
     *
     * @param model writes names relative to the builder's own
     * @param source what is read, [samples, positions, dModel]
     * @return the memory, [samples, positions, dModel]
     */
    public Value encoded(ModelBuilder model, Sequence source) {
        TransformerEncoderLayer layer = new TransformerEncoderLayer(dModel, heads, feedforward, dropout);
        Sequence x = source;
        for (int i = 0; i < encoderLayers; i++) {
            x = x.with(layer.in(model.inside("layers." + i), List.of(x.features(), x.lengths()))
                    .getFirst());
        }
        return model.add("norm", new LayerNorm(dModel), x.features());
    }

    /**
     * Writes the decoder.
     *
     * @param model writes names relative to the builder's own
     * @param target what is continued, [samples, positions, dModel]
     * @param memory what the encoder has given, with the lengths of the source
     * @return [samples, positions of the target, dModel]
     */
    public Value decoded(ModelBuilder model, Sequence target, Sequence memory) {
        Style causal = Style.ORIGINAL.asCausal(true);
        TransformerDecoderLayer layer =
                new TransformerDecoderLayer(new TransformerEncoderLayer(dModel, heads, feedforward, dropout, causal));
        Sequence x = target;
        for (int i = 0; i < decoderLayers; i++) {
            List<Value> inputs = List.of(x.features(), memory.features(), x.lengths(), memory.lengths());
            x = x.with(layer.in(model.inside("layers." + i), inputs).getFirst());
        }
        return model.add("norm", new LayerNorm(dModel), x.features());
    }
}
