package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.embedding.Positions;
import io.ketju.layers.initializer.Initializer;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.MultiheadAttention;
import io.ketju.layers.model.OptionalDropout;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.LayerNorm;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.util.List;

/**
 * A decoder-only Transformer with pre-norm blocks and the embedding as last weight, as GPT-2 (Radford et al. 2019) has them.
 * Tokens int32 [samples, positions] to logits of the next token [samples, positions, vocabulary]. Names are those of GPT-2:
 * transformer.wte, transformer.wpe, transformer.h.0.ln_1, .attn, .ln_2, .mlp.c_fc, .mlp.c_proj, transformer.ln_f, lm_head; the attention's
 * parameters are those of {@link MultiheadAttention}.
 *
 * @param vocabulary number of tokens
 * @param layers number of blocks
 * @param heads of attention, a divisor of the width
 * @param width features of a position
 * @param dropout share of the embedding's and of each block's features that training leaves out
 * @param tied whether the last weight is the embedding's
 */
public record GPT(int vocabulary, int layers, int heads, int width, double dropout, boolean tied) {
    private static final String LAYERS = "layers";

    static final Entry<Model> ENTRY = Description.of("gpt", "A decoder-only Transformer with GPT-2's names")
            .optional("vocabulary", 256, "number of tokens")
            .optional("context", 128, "tokens of a sequence at most")
            .optional(LAYERS, 6, "number of blocks")
            .optional("heads", 4, "of attention, a divisor of the width")
            .optional("width", 256, "features of a position")
            .named("dropout", 0, "share of the features that training leaves out")
            .named("tied", true, "whether the last weight is the embedding's")
            .source("Radford et al. 2019")
            .readBy(arguments -> new GPT(
                            arguments.integer("vocabulary"),
                            Counts.of(arguments, LAYERS),
                            arguments.integer("heads"),
                            arguments.integer("width"),
                            arguments.number("dropout"),
                            arguments.flag("tied"))
                    .model(arguments.integer("context")));

    private static final Initializer START = Initializers.normal(0.02);

    /**
     * Checks the number of layers.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public GPT {
        if (layers < 1) {
            throw new IllegalArgumentException("GPT: argument 'layers': expected at least 1, found " + layers);
        }
    }

    /**
     * With the embedding as last weight.
     *
     * @param vocabulary number of tokens
     * @param layers number of blocks, at least 1
     * @param heads of attention, a divisor of the width
     * @param width features of a position
     * @param dropout share of the embedding's and of each block's features that training leaves out
     */
    public GPT(int vocabulary, int layers, int heads, int width, double dropout) {
        this(vocabulary, layers, heads, width, dropout, true);
    }

    /**
     * {@return the model with the loss of the tokens that come next, "target" int32 [samples, positions]}
     *
     * @param context tokens of a sequence at most: there are learnt positions for so many
     */
    public Model model(int context) {
        ModelBuilder model = new ModelBuilder();
        Value tokens = model.input(Input.samples(Model.INPUT, DType.INT32, Shape.of(context)));
        ModelBuilder transformer = model.inside("transformer");
        Value x = transformer.add("wte", new Embedding(vocabulary, width).withInitializer(START), tokens);
        x = transformer.add("wpe", new Positions(context, width).withInitializer(START), x);
        x = transformer.add("drop", new OptionalDropout(dropout), x);
        for (int i = 0; i < layers; i++) {
            x = transformer.add("h." + i, new Decoder(heads, width, dropout), x);
        }
        x = transformer.add("ln_f", new LayerNorm(width), x);
        Linear head = new Linear(width, vocabulary).withoutBias();
        if (tied) {
            model.tie("lm_head.weight", "transformer.wte.weight");
        }
        Value logits = model.add("lm_head", tied ? head : head.withInitializer(START), x);
        return model.head("loss", new CrossEntropyLoss().withClassesLast(), List.of(logits), Model.TARGET)
                .output(logits)
                .build();
    }

    /** Attention, then two linear layers, each with a norm before it and a way around it. */
    private record Decoder(int heads, int width, double dropout) implements Block {
        @Override
        public Value in(ModelBuilder model, Value input) {
            Value x = model.add("ln_1", new LayerNorm(width), input);
            x = model.add("attn", new MultiheadAttention(width, heads).asCausal(), x);
            x = model.add("attn.resid_dropout", new OptionalDropout(dropout), x);
            Value attended = model.add("sum_1", new Add(), x, input);
            ModelBuilder mlp = model.inside("mlp");
            x = mlp.add("c_fc", linear(width, 4 * width), model.add("ln_2", new LayerNorm(width), attended));
            x = mlp.add("c_proj", linear(4 * width, width), mlp.add("act", Activations.geluTanh(), x));
            x = mlp.add("dropout", new OptionalDropout(dropout), x);
            return model.add("sum_2", new Add(), x, attended);
        }

        private static Linear linear(int in, int out) {
            return new Linear(in, out).withInitializer(START).withBiasInitializer(Initializers.zeros());
        }
    }
}
