package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.convolution.Conv1d;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.OptionalDropout;
import io.ketju.layers.model.Value;
import io.ketju.layers.pooling.AdaptiveMaxPool1d;
import io.ketju.layers.shape.Concat;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.shape.Permute;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Classes of sentences from convolutions over their words (Kim 2014): each filter looks at so many words at once, and the largest of what
 * it sees anywhere counts. Tokens int32 [samples, positions], 0 for padding, to [samples, classes]. Parameters: embedding.weight,
 * convs.0.weight [filters, embedding, width] and convs.0.bias for each width in turn, those of fc.
 *
 * <p>Sentences are padded by a whole width at either end. So the window that sees padding alone is always there, and more padding behind
 * the end, to the longest sentence of a micro-batch, changes no bit.
 *
 * @param vocabulary number of tokens
 * @param embedding features of a token
 * @param filters of each width
 * @param widths how many words filters look at
 * @param classes number of outputs
 * @param dropout share of the filters' results that training leaves out
 */
public record TextCNN(int vocabulary, int embedding, int filters, List<Integer> widths, int classes, double dropout) {
    private static final int PADDING = 0;
    private static final String WIDTHS = "widths";

    static final Entry<Model> ENTRY = Description.of("text_cnn", "Convolutions over words, the largest of each filter")
            .optional("vocabulary", 256, "number of tokens")
            .optional("longest", 128, "tokens of a sentence at most")
            .optional("embedding", 128, "features of a token")
            .optional("filters", 100, "of each width")
            .optional(Networks.CLASSES, 2, "number of outputs")
            .named(WIDTHS, "(3, 4, 5)", "how many words filters look at")
            .named("dropout", 0.5, "share of the filters' results that training leaves out")
            .source("Kim 2014")
            .readBy(arguments -> new TextCNN(
                            arguments.integer("vocabulary"),
                            arguments.integer("embedding"),
                            arguments.integer("filters"),
                            Counts.listed(arguments, WIDTHS),
                            arguments.integer(Networks.CLASSES),
                            arguments.number("dropout"))
                    .model(arguments.integer("longest")));

    /**
     * Copies the widths.
     *
     * @throws IllegalArgumentException if there are none
     */
    public TextCNN {
        widths = List.copyOf(widths);
        if (widths.isEmpty()) {
            throw new IllegalArgumentException("text_cnn: argument 'widths': expected at least one, found none");
        }
    }

    /**
     * {@return the model without a loss}
     *
     * @param longest tokens of a sentence at most
     */
    public Model model(int longest) {
        ModelBuilder model = new ModelBuilder();
        Value tokens = model.input(Input.samples(Model.INPUT, DType.INT32, Shape.of(longest)));
        Value x = model.add("embedding", new Embedding(vocabulary, embedding).withPaddingIdx(PADDING), tokens);
        x = model.add("columns", new Permute(List.of(0, 2, 1)), x);
        List<Value> largest = new ArrayList<>();
        for (int i = 0; i < widths.size(); i++) {
            int width = widths.get(i);
            Value seen = model.add("convs." + i, new Conv1d(embedding, filters, width).withPadding(width), x);
            seen = model.add("relu." + i, Activations.relu(), seen);
            largest.add(model.add("pool." + i, new AdaptiveMaxPool1d(1), seen));
        }
        Value all = largest.size() == 1
                ? largest.getFirst()
                : model.add("concat", new Concat(1), largest.toArray(Value[]::new));
        Value flat = model.add("flatten", new Flatten(), all);
        flat = model.add("dropout", new OptionalDropout(dropout), flat);
        return model.output(model.add("fc", new Linear(filters * widths.size(), classes), flat))
                .build();
    }
}
