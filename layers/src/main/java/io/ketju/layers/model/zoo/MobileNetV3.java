package io.ketju.layers.model.zoo;

import io.ketju.layers.Layer;
import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.catalogue.Layers;
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
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Inverted residuals, some with squeeze-and-excitation, and hard-swish (Howard et al. 2019, tables 1 and 2). Parameters are called as
 * in torchvision's mobilenet_v3_large and mobilenet_v3_small: features.0.0.weight, features.4.block.2.fc1.weight, classifier.3.weight.
 * Images [samples, channels, height, width] to [samples, classes].
 *
 * @param size which of both
 * @param stem {@link Stem#SMALL} begins with stride 1
 * @param widthMult factor of all channels
 * @param dropout share of the last features that training leaves out
 * @param classes number of outputs
 */
public record MobileNetV3(Size size, Stem stem, double widthMult, double dropout, int classes) implements Block {
    /** What differs between both. */
    public enum Size {
        /** 5,483,032 parameters. */
        LARGE,
        /** 2,542,856 parameters. */
        SMALL;

        private List<Row> rows() {
            return this == LARGE ? LARGE_ROWS : SMALL_ROWS;
        }

        /** Width of the hidden linear layer. */
        private int hidden() {
            return this == LARGE ? 1280 : 1024;
        }
    }

    /** A line of the paper's table: a block. */
    private record Row(int kernel, int expanded, int out, boolean squeezes, boolean hardSwish, int stride) {}

    private static final List<Row> LARGE_ROWS = List.of(
            new Row(3, 16, 16, false, false, 1),
            new Row(3, 64, 24, false, false, 2),
            new Row(3, 72, 24, false, false, 1),
            new Row(5, 72, 40, true, false, 2),
            new Row(5, 120, 40, true, false, 1),
            new Row(5, 120, 40, true, false, 1),
            new Row(3, 240, 80, false, true, 2),
            new Row(3, 200, 80, false, true, 1),
            new Row(3, 184, 80, false, true, 1),
            new Row(3, 184, 80, false, true, 1),
            new Row(3, 480, 112, true, true, 1),
            new Row(3, 672, 112, true, true, 1),
            new Row(5, 672, 160, true, true, 2),
            new Row(5, 960, 160, true, true, 1),
            new Row(5, 960, 160, true, true, 1));

    private static final List<Row> SMALL_ROWS = List.of(
            new Row(3, 16, 16, true, false, 2),
            new Row(3, 72, 24, false, false, 2),
            new Row(3, 88, 24, false, false, 1),
            new Row(5, 96, 40, true, true, 2),
            new Row(5, 240, 40, true, true, 1),
            new Row(5, 240, 40, true, true, 1),
            new Row(5, 120, 48, true, true, 1),
            new Row(5, 144, 48, true, true, 1),
            new Row(5, 288, 96, true, true, 2),
            new Row(5, 576, 96, true, true, 1),
            new Row(5, 576, 96, true, true, 1));

    private static final int FIRST = 16;
    private static final String WIDTH = "width_mult";

    static final Entry<Model> LARGE = entry("mobilenet_v3_large", Size.LARGE);
    static final Entry<Model> SMALL = entry("mobilenet_v3_small", Size.SMALL);

    private static Entry<Model> entry(String name, Size size) {
        Description description = Description.of(name, "Inverted residuals with squeeze-and-excitation and hard-swish");
        return Stem.describe(
                        Networks.ofImageNet(description)
                                .named(WIDTH, 1, "factor of all channels")
                                .named("dropout", 0.2, "share of the last features that training leaves out"),
                        Stem.IMAGENET)
                .source("torchvision.models." + name + "; Howard et al. 2019")
                .readBy(arguments -> new MobileNetV3(
                                size,
                                Stem.of(arguments),
                                Networks.factor(arguments, WIDTH),
                                arguments.number("dropout"),
                                arguments.integer(Networks.CLASSES))
                        .model(Networks.image(arguments)));
    }

    /**
     * {@return the model over images of one size, without a loss}
     *
     * @param image [channels, height, width]
     */
    public Model model(Shape image) {
        return StartingWeights.with(Networks.over(image, this), Initializers.normal(0.01));
    }

    @Override
    public Value in(ModelBuilder model, Value images) {
        ModelBuilder features = model.inside("features");
        List<Row> rows = size.rows();
        int in = scaled(FIRST);
        int channels = model.type(images).shape().dimension(1);
        Conv2d first = ConvNormActivation.window(channels, in, 3, stem == Stem.SMALL ? 1 : 2);
        Value x = features.add("0", normalized(first, Optional.of(hardSwish())), images);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            x = block(features.inside(Integer.toString(i + 1)), row, in, x);
            in = scaled(row.out);
        }
        int last = 6 * in;
        Conv2d pointwise = ConvNormActivation.window(in, last, 1, 1);
        x = features.add(Integer.toString(rows.size() + 1), normalized(pointwise, Optional.of(hardSwish())), x);
        x = model.add("flatten", new Flatten(), model.add("avgpool", new AdaptiveAvgPool2d(), x));
        ModelBuilder classifier = model.inside("classifier");
        int hidden = scaled(size.hidden());
        x = classifier.add("1", hardSwish(), classifier.add("0", new Linear(last, hidden), x));
        return classifier.add("3", new Linear(hidden, classes), classifier.add("2", new OptionalDropout(dropout), x));
    }

    private Value block(ModelBuilder model, Row row, int in, Value input) {
        ModelBuilder inside = model.inside("block");
        int expanded = scaled(row.expanded);
        int out = scaled(row.out);
        Optional<Layer> activation = Optional.of(row.hardSwish ? hardSwish() : Activations.relu());
        int next = 0;
        Value x = input;
        if (expanded != in) {
            Conv2d expansion = ConvNormActivation.window(in, expanded, 1, 1);
            x = inside.add(Integer.toString(next++), normalized(expansion, activation), x);
        }
        Conv2d depthwise = ConvNormActivation.depthwise(expanded, row.kernel, row.stride);
        x = inside.add(Integer.toString(next++), normalized(depthwise, activation), x);
        if (row.squeezes) {
            int fourth = expanded / 4;
            SqueezeExcitation squeeze = new SqueezeExcitation(
                    expanded, Networks.divisible(fourth), Activations.relu(), Layers.parse("Hardsigmoid()"));
            x = inside.add(Integer.toString(next++), squeeze, x);
        }
        Conv2d projection = ConvNormActivation.window(expanded, out, 1, 1);
        x = inside.add(Integer.toString(next), normalized(projection, Optional.empty()), x);
        return row.stride == 1 && in == out ? model.add("sum", new Add(), x, input) : x;
    }

    private int scaled(int channels) {
        return Networks.divisible(channels * widthMult);
    }

    private static ConvNormActivation normalized(Conv2d convolution, Optional<Layer> activation) {
        return new ConvNormActivation(
                convolution,
                channels -> new BatchNorm2d(channels).withEps(0.001).withMomentum(0.01),
                activation);
    }

    private static Layer hardSwish() {
        return Layers.parse("Hardswish()");
    }
}
