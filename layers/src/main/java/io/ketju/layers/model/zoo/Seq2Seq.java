package io.ketju.layers.model.zoo;

import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.OptionalDropout;
import io.ketju.layers.model.Value;
import io.ketju.layers.recurrent.AttentionDecoder;
import io.ketju.layers.shape.Concat;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A recurrent encoder and a recurrent decoder that begins with its last state (Sutskever et al. 2014): {@code s[0] = h_n, s[t] = tanh(W_y y
 * + W_s s[t-1] + b), p = softmax(W_out s + b)}. With attention the decoder looks at all states of the encoder before each step, by {@link
 * AttentionDecoder} (Bahdanau et al. 2015): {@code p = softmax(W_out [s; c] + b)}. Parameters: src_embedding, encoder, tgt_embedding,
 * decoder and generator.
 *
 * @param cell of encoder and decoder
 * @param embedding features of a token
 * @param hidden features of a state
 * @param attention whether the decoder looks back
 * @param dropout share of the embeddings' features that training leaves out
 */
public record Seq2Seq(Cell cell, int embedding, int hidden, boolean attention, double dropout) {
    static final Entry<Model> ENTRY = Cell.describe(
                    Description.of("seq2seq", "A recurrent encoder and a recurrent decoder")
                            .optional("source_vocabulary", 256, "number of tokens that are read")
                            .optional("target_vocabulary", 256, "number of tokens that are written")
                            .optional("longest", 64, "tokens of a sequence at most")
                            .optional("embedding", 128, "features of a token")
                            .optional("hidden", 128, "features of a state"),
                    Cell.RNN)
            .named("attention", false, "whether the decoder looks at all states of the encoder")
            .named("dropout", 0, "share of the embeddings' features that training leaves out")
            .source("Sutskever et al. 2014; Bahdanau et al. 2015")
            .readBy(arguments -> new Seq2Seq(
                            Cell.of(arguments),
                            arguments.integer("embedding"),
                            arguments.integer("hidden"),
                            arguments.flag("attention"),
                            arguments.number("dropout"))
                    .model(
                            arguments.integer("source_vocabulary"),
                            arguments.integer("target_vocabulary"),
                            arguments.integer("longest")));

    /**
     * {@return the model that translates between two vocabularies, with the inputs, the output and the target of {@link Transformer#model}
     * but for the numbers of decoded tokens}
     *
     * @param sourceVocabulary number of tokens that are read
     * @param targetVocabulary number of tokens that are written
     * @param longest positions of a sequence at most
     */
    public Model model(int sourceVocabulary, int targetVocabulary, int longest) {
        ModelBuilder model = new ModelBuilder();
        Value src = model.input(Input.samples(Transformer.SOURCE, DType.INT32, Shape.of(longest)));
        Value lengths = model.input(Input.samples(Transformer.SOURCE_LENGTHS, DType.INT32, Shape.of()));
        Value tgt = model.input(Input.samples(Transformer.DECODED, DType.INT32, Shape.of(longest)));
        Value x = embedded(model, "src", sourceVocabulary, src);
        List<Value> encoded = model.addAll("encoder", cell.layer(embedding, hidden, 1), x, lengths);
        Value y = embedded(model, "tgt", targetVocabulary, tgt);
        Value decoded = attention ? attended(model, y, encoded, lengths) : continued(model, y, encoded);
        int features = attention ? 2 * hidden : hidden;
        Value logits = model.add("generator", new Linear(features, targetVocabulary), decoded);
        return model.head("loss", new CrossEntropyLoss().withClassesLast(), List.of(logits), Model.TARGET)
                .output(logits)
                .build();
    }

    private Value embedded(ModelBuilder model, String name, int vocabulary, Value tokens) {
        Value x = model.add(name + "_embedding", new Embedding(vocabulary, embedding), tokens);
        return model.add(name + "_dropout", new OptionalDropout(dropout), x);
    }

    /** s. */
    private Value continued(ModelBuilder model, Value y, List<Value> encoded) {
        List<Value> inputs = new ArrayList<>(List.of(y));
        inputs.addAll(encoded.subList(1, encoded.size()));
        return model.addAll("decoder", cell.layer(embedding, hidden, 1), inputs.toArray(Value[]::new))
                .getFirst();
    }

    /** [s; c]. */
    private Value attended(ModelBuilder model, Value y, List<Value> encoded, Value lengths) {
        List<Value> inputs = new ArrayList<>(List.of(y, encoded.getFirst(), lengths));
        inputs.addAll(encoded.subList(1, encoded.size()));
        AttentionDecoder decoder = new AttentionDecoder(cell.kind(), embedding, hidden, hidden);
        List<Value> outputs = model.addAll("decoder", decoder, inputs.toArray(Value[]::new));
        return model.add("state_and_context", new Concat(-1), outputs.get(0), outputs.get(1));
    }
}
