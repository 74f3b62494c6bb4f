package io.ketju.layers.model.zoo;

import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.recurrent.LSTM;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.shape.Narrow;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;

/**
 * Classes of padded sequences of unequal length, from the states of an LSTM's last level behind the last step that is none of
 * the padding: tokens int32 [samples, positions] and {@value #LENGTHS} int32 [samples] to [samples, classes]. Parameters:
 * embedding.weight, those of lstm and of fc.
 *
 * @param embedding of the tokens; its row of padding may be named
 * @param lstm over the embedding; with both directions the states of both count
 * @param classes number of outputs
 */
public record LSTMClassifier(Embedding embedding, LSTM lstm, int classes) {
    private static final String LEVELS = "num_layers";

    static final Entry<Model> ENTRY = Description.of(
                    "lstm_classifier", "Classes of padded sequences from the last states of an LSTM")
            .optional("vocabulary", 256, "number of tokens")
            .optional("longest", 128, "tokens of a sequence at most")
            .optional("embedding", 64, "features of a token")
            .optional("hidden", 128, "features of a state")
            .optional(Networks.CLASSES, 10, "number of outputs")
            .named(LEVELS, 1, "recurrent layers, one over the other")
            .named("bidirectional", false, "whether sequences are read from both ends")
            .readBy(LSTMClassifier::read);

    /** The input that says how many tokens of each sample are none of the padding. */
    public static final String LENGTHS = "lengths";

    private static Model read(Arguments arguments) {
        int levels = Counts.of(arguments, LEVELS);
        int embedding = arguments.integer("embedding");
        LSTM lstm = new LSTM(embedding, arguments.integer("hidden")).withLayers(levels);
        return new LSTMClassifier(
                        new Embedding(arguments.integer("vocabulary"), embedding),
                        arguments.flag("bidirectional") ? lstm.inBothDirections() : lstm,
                        arguments.integer(Networks.CLASSES))
                .model(arguments.integer("longest"));
    }

    /**
     * {@return the model without a loss}
     *
     * @param longest tokens of a sequence at most
     */
    public Model model(int longest) {
        ModelBuilder model = new ModelBuilder();
        Value tokens = model.input(Input.samples(Model.INPUT, DType.INT32, Shape.of(longest)));
        Value lengths = model.input(Input.samples(LENGTHS, DType.INT32, Shape.of()));
        Value x = model.add("embedding", embedding, tokens);
        Value states = model.addAll("lstm", lstm, x, lengths).get(1);
        int directions = lstm.bidirectional() ? 2 : 1;
        Value last = lstm.numLayers() == 1 ? states : model.add("last", new Narrow(1, -directions, directions), states);
        Value flat = model.add("flatten", new Flatten(), last);
        return model.output(model.add("fc", new Linear(directions * lstm.hiddenSize(), classes), flat))
                .build();
    }
}
