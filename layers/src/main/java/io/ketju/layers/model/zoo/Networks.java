package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.OptionalDropout;
import io.ketju.layers.model.Value;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Arguments.Pair;
import io.ketju.layers.spec.Description;
import io.ketju.tensor.DType;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import java.util.List;

/** What networks over images have in common: the arguments that say how large images are, and a few layers in a row. */
final class Networks {
    static final String CLASSES = "classes";
    static final int IMAGENET_CLASSES = 1000;
    static final int IMAGENET_SIZE = 224;
    static final int COLORS = 3;

    private Networks() {}

    /** A block over samples of one shape, as a model. */
    static Model over(Shape sample, Block block) {
        ModelBuilder model = new ModelBuilder();
        return model.output(block.in(model, model.input(Input.samples(Model.INPUT, DType.FLOAT32, sample))))
                .build();
    }

    /** With the arguments of {@link #image}. */
    static Description images(Description description, int channels, int size) {
        return description
                .named("channels", channels, "channels of an image")
                .named("image", size, "rows and columns of an image: a number or a pair");
    }

    /** With the classes and images of ImageNet where nothing else is said. */
    static Description ofImageNet(Description description) {
        return images(description.optional(CLASSES, IMAGENET_CLASSES, "number of outputs"), COLORS, IMAGENET_SIZE);
    }

    /** Shape of an image. */
    static Shape image(Arguments arguments) {
        return image(arguments, arguments.pair("image"));
    }

    static Shape image(Arguments arguments, Pair size) {
        int channels = arguments.integer("channels");
        Arguments.requirePositive(arguments.spec().name(), "channels", channels);
        Arguments.requirePositive(arguments.spec().name(), "image", Math.min(size.rows(), size.columns()));
        return Shape.of(channels, size.rows(), size.columns());
    }

    /** A tuple of 1 to {@value Counts#MOST} widths of layers. */
    static List<Integer> widths(Arguments arguments, String name) {
        List<Integer> widths = arguments.integers(name);
        Counts.require(arguments, name, widths.size());
        widths.forEach(width -> Arguments.requirePositive(arguments.spec().name(), name, width));
        return widths;
    }

    /** A factor of widths or depths. */
    static double factor(Arguments arguments, String name) {
        double factor = arguments.number(name);
        if (!(factor > 0 && factor <= Counts.MOST)) {
            throw new IllegalArgumentException(Excerpt.of(arguments.spec()) + ": argument '" + name
                    + "': expected above 0 and at most " + Counts.MOST + ", found " + factor);
        }
        return factor;
    }

    /**
     * The multiple of 8 nearest to a number of channels, at least 8 and at least nine tenths of it, as MobileNets round them
     * (Sandler et al. 2018, in their code).
     */
    static int divisible(double channels) {
        int rounded = Math.max(8, ((int) (channels + 4) / 8) * 8);
        return rounded < 0.9 * channels ? rounded + 8 : rounded;
    }

    /**
     * The classifier of AlexNet: twice a wide linear layer and ReLU, then one score for each class, with dropout in front of the
     * hidden layers (0, 3) as AlexNet has it, or behind them (2, 5) as VGG has it.
     */
    static Value classifier(ModelBuilder model, Value flat, List<Integer> sizes, double dropout, boolean before) {
        int features = model.type(flat).shape().dimension(1);
        List<Linear> layers = List.of(
                new Linear(features, sizes.get(0)),
                new Linear(sizes.get(0), sizes.get(0)),
                new Linear(sizes.get(0), sizes.get(1)));
        int next = 0;
        Value x = flat;
        for (Linear layer : layers.subList(0, 2)) {
            x = before ? model.add(Integer.toString(next++), new OptionalDropout(dropout), x) : x;
            x = model.add(Integer.toString(next++), layer, x);
            x = model.add(Integer.toString(next++), Activations.relu(), x);
            x = before ? x : model.add(Integer.toString(next++), new OptionalDropout(dropout), x);
        }
        return model.add(Integer.toString(next), layers.getLast(), x);
    }
}
