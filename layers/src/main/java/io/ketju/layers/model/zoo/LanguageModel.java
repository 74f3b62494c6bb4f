package io.ketju.layers.model.zoo;

import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.Metric;
import io.ketju.layers.loss.Metrics;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.List;

/**
 * A recurrent network that tells the token that comes next (Mikolov et al. 2010): tokens int32 [samples, positions] to logits [samples,
 * positions, vocabulary]. Parameters: embedding.weight, those of rnn, lstm or gru, and of fc.
 *
 * @param cell which recurrent network
 * @param vocabulary number of tokens
 * @param embedding features of a token
 * @param hidden features of a state
 * @param levels recurrent layers, one over the other
 */
public record LanguageModel(Cell cell, int vocabulary, int embedding, int hidden, int levels) {
    private static final String LEVELS = "num_layers";

    static final Entry<Model> ENTRY = Cell.describe(
                    Description.of("language_model", "A recurrent network that tells the next token")
                            .optional("vocabulary", 256, "number of tokens")
                            .optional("context", 64, "tokens of a sequence at most")
                            .optional("embedding", 64, "features of a token")
                            .optional("hidden", 128, "features of a state"),
                    Cell.LSTM)
            .named(LEVELS, 1, "recurrent layers, one over the other")
            .source("Mikolov et al. 2010")
            .readBy(arguments -> new LanguageModel(
                            Cell.of(arguments),
                            arguments.integer("vocabulary"),
                            arguments.integer("embedding"),
                            arguments.integer("hidden"),
                            Counts.of(arguments, LEVELS))
                    .model(arguments.integer("context")));

    /**
     * {@return the model with the loss of the tokens that come next, "target" int32 [samples, positions]}
     *
     * @param context tokens of a sequence at most
     */
    public Model model(int context) {
        ModelBuilder model = new ModelBuilder();
        Value tokens = model.input(Input.samples(Model.INPUT, DType.INT32, Shape.of(context)));
        Value x = model.add("embedding", new Embedding(vocabulary, embedding), tokens);
        Value states = model.addAll(cell.text(), cell.layer(embedding, hidden, levels), x)
                .getFirst();
        Value logits = model.add("fc", new Linear(hidden, vocabulary), states);
        Loss loss = new CrossEntropyLoss().withClassesLast();
        List<Metric> metrics = Metrics.named(loss, List.of("bits_per_character", "perplexity", "accuracy"));
        return model.head(new Head("loss", loss, List.of(logits), List.of(Model.TARGET), 1, metrics))
                .output(logits)
                .build();
    }
}
