package io.ketju.layers.model;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.activation.Pointwise;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.normalization.LayerNorm;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Self-attention, then two linear layers, each with the sum with what went in and a norm behind that sum or in front, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html">torch.nn.TransformerEncoderLayer</a>
 * with {@code batch_first=True}. Inputs x [samples, positions, dModel], lengths int32 [samples] if positions are padded, and a
 * mask if there is one. Parameters: those of self_attn, linear1, linear2, norm1 and norm2.
 *
 * @param dModel features of a position
 * @param heads of attention, a divisor of dModel
 * @param feedforward features between the linear layers
 * @param dropout share of the features that training leaves out
 * @param style what is done in which order
 */
public record TransformerEncoderLayer(int dModel, int heads, int feedforward, double dropout, Style style)
        implements Wiring {
    /**
     * What is done in which order.
     *
     * @param activation between the linear layers
     * @param normFirst whether norms stand in front, not behind the sums
     * @param causal whether a position sees none behind it
     * @param attentionDropout share of the attention's weights that training leaves out
     * @param layerNormEps added to the variance in norms
     * @param bias whether linear layers, projections and norms have biases
     */
    public record Style(
            Pointwise activation,
            boolean normFirst,
            boolean causal,
            double attentionDropout,
            double layerNormEps,
            boolean bias) {
        private static final double EPS = 1e-5;

        /** As Vaswani et al. have it: ReLU, norms behind, no weights dropped. */
        public static final Style ORIGINAL = new Style(Activations.relu(), false, false, 0, EPS, true);

        /**
         * {@return the same, causal or not}
         *
         * @param value whether a position sees none behind it
         */
        public Style asCausal(boolean value) {
            return new Style(activation, normFirst, value, attentionDropout, layerNormEps, bias);
        }

        static Style of(Arguments arguments, String causal) {
            Blocks.requireBatchFirst(arguments);
            return new Style(
                    activation(arguments),
                    arguments.flag("norm_first"),
                    arguments.flag(causal),
                    arguments.number("dropout"),
                    arguments.number("layer_norm_eps"),
                    arguments.flag("bias"));
        }

        /** PyTorch's two words, or an activation as a layer is written. */
        private static Pointwise activation(Arguments arguments) {
            String text = arguments.word("activation");
            return switch (text) {
                case "relu" -> Activations.relu();
                case "gelu" -> Activations.gelu();
                default -> {
                    if (Layers.parse(text) instanceof Pointwise pointwise) {
                        yield pointwise;
                    }
                    throw new IllegalArgumentException(
                            arguments.spec().name() + ": argument 'activation': expected relu, gelu or a layer as"
                                    + " SiLU(), found '" + Excerpt.of(text) + "'");
                }
            };
        }

        /** What it is in names of layers. */
        private String activationName() {
            return activation.spec().name().toLowerCase(Locale.ROOT);
        }

        LayerNorm norm(int features) {
            LayerNorm norm = new LayerNorm(features).withEps(layerNormEps);
            return bias ? norm : norm.withoutBias();
        }
    }

    private static final String EPS = "added to the variance in norms";

    public static final Entry<TransformerEncoderLayer> ENTRY = layer(
                    Description.of("TransformerEncoderLayer", "Self-attention and two linear layers, with ways around")
                            .required("d_model", "features of a position")
                            .required("nhead", "heads of attention"))
            .named("is_causal", false, "whether a position sees none behind it")
            .shapes(
                    "[samples, positions, d_model], then lengths int32 [samples] if positions are padded, then a mask if there"
                            + " is one; to [samples, positions, d_model]")
            .parameters("those of self_attn, linear1, linear2, norm1, norm2")
            .source("torch.nn.TransformerEncoderLayer; Vaswani et al. 2017")
            .readBy(arguments -> of(arguments, "is_causal"));

    /** Of one layer, with its arguments in PyTorch's places. */
    static Description layer(Description description) {
        return rest(upToActivation(description).optional("layer_norm_eps", Style.EPS, EPS));
    }

    /** Of several, where other arguments follow in PyTorch. */
    static Description describe(Description description) {
        return rest(upToActivation(description).named("layer_norm_eps", Style.EPS, EPS));
    }

    private static Description upToActivation(Description description) {
        return description
                .optional("dim_feedforward", 2048, "features between the linear layers")
                .optional("dropout", 0.1, "share that training leaves out, of features and of attention's weights")
                .optional("activation", "relu", "relu, gelu, or an activation as it is written as a layer: SiLU()");
    }

    private static Description rest(Description description) {
        return description
                .named("batch_first", false, "has to be true: samples are outermost")
                .named("norm_first", false, "whether norms stand in front, not behind the sums")
                .named("bias", true, "whether linear layers, projections and norms have biases");
    }

    static TransformerEncoderLayer of(Arguments arguments, String causal) {
        return new TransformerEncoderLayer(
                arguments.integer("d_model"),
                arguments.integer("nhead"),
                arguments.integer("dim_feedforward"),
                arguments.number("dropout"),
                Style.of(arguments, causal));
    }

    /**
     * As Vaswani et al. have it, but that no attention weights are dropped.
     *
     * @param dModel features of a position
     * @param heads of attention, a divisor of dModel
     * @param feedforward features between the linear layers
     * @param dropout share of the features that training leaves out
     */
    public TransformerEncoderLayer(int dModel, int heads, int feedforward, double dropout) {
        this(dModel, heads, feedforward, dropout, Style.ORIGINAL);
    }

    @Override
    public List<Value> in(ModelBuilder model, List<Value> inputs) {
        Wiring.require(inputs, 1, 3, "a sequence, then lengths if it is padded, then a mask if there is one");
        Value x =
                around(model, 1, inputs.getFirst(), of -> attend(model, "self_attn", style.causal(), with(of, inputs)));
        return List.of(around(model, 2, x, of -> linear(model, of)));
    }

    /** The inputs with another sequence. */
    private static List<Value> with(Value sequence, List<Value> inputs) {
        List<Value> values = new ArrayList<>(inputs);
        values.set(0, sequence);
        return values;
    }

    /** Attention under a name. */
    Value attend(ModelBuilder model, String name, boolean causal, List<Value> inputs) {
        MultiheadAttention attention = new MultiheadAttention(dModel, heads).withDropout(style.attentionDropout());
        attention = style.bias() ? attention : attention.withoutBias();
        return (causal ? attention.asCausal() : attention).attend(model.inside(name), inputs);
    }

    /** What happens between going in and the sum. */
    @FunctionalInterface
    interface Branch {
        Value of(Value input);
    }

    /** A branch, the way around it and the norm, in the order of the style. */
    Value around(ModelBuilder model, int index, Value input, Branch branch) {
        LayerNorm norm = style.norm(dModel);
        Value inside = style.normFirst() ? model.add("norm" + index, norm, input) : input;
        Value x = model.add("dropout" + index, new OptionalDropout(dropout), branch.of(inside));
        Value sum = model.add("sum" + index, new Add(), x, input);
        return style.normFirst() ? sum : model.add("norm" + index, norm, sum);
    }

    /** Two linear layers, with what stands between them. */
    Value linear(ModelBuilder model, Value input) {
        Value x = model.add("linear1", linear(dModel, feedforward), input);
        x = model.add(style.activationName(), style.activation(), x);
        return model.add("linear2", linear(feedforward, dModel), model.add("dropout", new OptionalDropout(dropout), x));
    }

    private Linear linear(int in, int out) {
        Linear linear = new Linear(in, out).withInitializer(Initializers.xavierUniform(1));
        return style.bias() ? linear : linear.withoutBias();
    }
}
