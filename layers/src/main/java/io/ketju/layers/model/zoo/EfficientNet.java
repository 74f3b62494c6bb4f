package io.ketju.layers.model.zoo;

import io.ketju.layers.Layer;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.OptionalDropout;
import io.ketju.layers.model.SqueezeExcitation;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.regularization.StochasticDepth;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.Shape;
import java.util.Arrays;
import java.util.Optional;

/**
 * Inverted residuals with squeeze-and-excitation, whose width, depth and resolution grow together (Tan and Le 2019). Factors of 1 and
 * images of 224 x 224 are EfficientNet-B0; its parameters are called as in torchvision's efficientnet_b0: features.0.0.weight,
 * features.2.0.block.2.fc1.weight, classifier.1.weight. Images [samples, channels, height, width] to [samples, classes].
 *
 * @param stem {@link Stem#SMALL} begins with stride 1
 * @param widthMult factor of all channels
 * @param depthMult factor of the number of blocks of each stage, rounded up
 * @param dropout share of the last features that training leaves out
 * @param stochasticDepth probability that training leaves out the last block of a sample; earlier blocks' grow from 0 to it
 * @param classes number of outputs
 */
public record EfficientNet(
        Stem stem, double widthMult, double depthMult, double dropout, double stochasticDepth, int classes)
        implements Block {
    /** Expansion, kernel, stride of the first block, channels, and number of blocks. */
    private static final int[][] STAGES = {
        {1, 3, 1, 16, 1},
        {6, 3, 2, 24, 2},
        {6, 5, 2, 40, 2},
        {6, 3, 2, 80, 3},
        {6, 5, 1, 112, 3},
        {6, 5, 2, 192, 4},
        {6, 3, 1, 320, 1}
    };

    private static final int FIRST = 32;
    private static final String WIDTH = "width_mult";
    private static final String DEPTH = "depth_mult";

    static final Entry<Model> OWN =
            entry(Description.of("efficientnet", "An EfficientNet of one's own; image is its resolution")
                    .source("torchvision.models.EfficientNet; Tan and Le 2019"));
    static final Entry<Model> B0 = entry(Description.of("efficientnet_b0", "EfficientNet-B0")
            .source("torchvision.models.efficientnet_b0; Tan and Le 2019"));

    private static Entry<Model> entry(Description description) {
        boolean own = !description.name().endsWith("b0");
        Description sized = Networks.ofImageNet(description);
        sized = own
                ? sized.named(WIDTH, 1, "factor of all channels")
                        .named(DEPTH, 1, "factor of the number of blocks of each stage")
                : sized;
        return Stem.describe(
                        sized.named("dropout", 0.2, "share of the last features that training leaves out")
                                .named(
                                        "stochastic_depth_prob",
                                        0.2,
                                        "probability that training leaves out the last block of a sample"),
                        Stem.IMAGENET)
                .readBy(arguments -> new EfficientNet(
                                Stem.of(arguments),
                                own ? Networks.factor(arguments, WIDTH) : 1,
                                own ? Networks.factor(arguments, DEPTH) : 1,
                                arguments.number("dropout"),
                                arguments.number("stochastic_depth_prob"),
                                arguments.integer(Networks.CLASSES))
                        .model(Networks.image(arguments)));
    }

    /**
     * {@return the model over images of one size, without a loss}
     *
     * @param image [channels, height, width]
     */
    public Model model(Shape image) {
        return StartingWeights.with(
                Networks.over(image, this), Initializers.uniform(1 / Math.sqrt(Math.max(1, classes))));
    }

    @Override
    public Value in(ModelBuilder model, Value images) {
        ModelBuilder features = model.inside("features");
        int in = Networks.divisible(FIRST * widthMult);
        int channels = model.type(images).shape().dimension(1);
        Conv2d first = ConvNormActivation.window(channels, in, 3, stem == Stem.SMALL ? 1 : 2);
        Value x = features.add("0", normalized(first, true), images);
        int all = Arrays.stream(STAGES).mapToInt(this::depth).sum();
        int before = 0;
        for (int i = 0; i < STAGES.length; i++) {
            int[] stage = STAGES[i];
            int out = Networks.divisible(stage[3] * widthMult);
            for (int j = 0; j < depth(stage); j++) {
                MBConv block = new MBConv(
                        in, out, stage[1], j == 0 ? stage[2] : 1, stage[0], stochasticDepth * before++ / all);
                x = features.add((i + 1) + "." + j, block, x);
                in = out;
            }
        }
        int last = 4 * in;
        x = features.add(
                Integer.toString(STAGES.length + 1), normalized(ConvNormActivation.window(in, last, 1, 1), true), x);
        x = model.add("flatten", new Flatten(), model.add("avgpool", new AdaptiveAvgPool2d(), x));
        ModelBuilder classifier = model.inside("classifier");
        return classifier.add("1", new Linear(last, classes), classifier.add("0", new OptionalDropout(dropout), x));
    }

    private int depth(int[] stage) {
        return (int) Math.ceil(stage[4] * depthMult);
    }

    private static ConvNormActivation normalized(Conv2d convolution, boolean active) {
        Optional<Layer> activation = active ? Optional.of(Activations.silu()) : Optional.empty();
        return new ConvNormActivation(convolution, BatchNorm2d::new, activation);
    }

    /**
     * An inverted residual with squeeze-and-excitation by a fourth of the input's channels.
     *
     * @param dropped probability that training leaves it out
     */
    private record MBConv(int in, int out, int kernel, int stride, int expansion, double dropped) implements Block {
        @Override
        public Value in(ModelBuilder model, Value input) {
            ModelBuilder inside = model.inside("block");
            int expanded = Networks.divisible(in * expansion);
            int next = 0;
            Value x = input;
            if (expanded != in) {
                x = inside.add(
                        Integer.toString(next++), normalized(ConvNormActivation.window(in, expanded, 1, 1), true), x);
            }
            Conv2d depthwise = ConvNormActivation.depthwise(expanded, kernel, stride);
            x = inside.add(Integer.toString(next++), normalized(depthwise, true), x);
            SqueezeExcitation squeeze =
                    new SqueezeExcitation(expanded, Math.max(1, in / 4), Activations.silu(), Activations.sigmoid());
            x = inside.add(Integer.toString(next++), squeeze, x);
            x = inside.add(
                    Integer.toString(next), normalized(ConvNormActivation.window(expanded, out, 1, 1), false), x);
            if (stride != 1 || in != out) {
                return x;
            }
            x = dropped == 0
                    ? x
                    : model.add("stochastic_depth", new StochasticDepth(dropped, StochasticDepth.Mode.ROW), x);
            return model.add("sum", new Add(), x, input);
        }
    }
}
