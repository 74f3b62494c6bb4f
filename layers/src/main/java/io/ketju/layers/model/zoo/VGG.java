package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * 3x3 convolutions with ReLU, poolings between them, and three linear layers (Simonyan and Zisserman 2015). Parameters are called as in
 * torchvision's VGG: features.0.weight, classifier.0.weight. Images [samples, channels, height, width] to [samples, classes].
 *
 * @param configuration what stands in front of the linear layers, in order: the channels of a convolution, or {@value #POOL} for
 *     2x2 maximum pooling
 * @param batchNorm whether batch normalization follows each convolution
 * @param stem {@link Stem#SMALL} leaves the first pooling out; the layers behind it keep their numbers
 * @param pool rows and columns of the mean that the linear layers read: 7, or 1 for images of 28 x 28 or 32 x 32, of which less is left
 * @param hidden width of the two hidden linear layers
 * @param dropout share of the features behind each of them that training leaves out
 * @param classes number of outputs
 */
public record VGG(
        List<String> configuration, boolean batchNorm, Stem stem, int pool, int hidden, double dropout, int classes)
        implements Block {
    /** The letter of pooling in a configuration. */
    public static final String POOL = "M";

    private static final String CONFIGURATION = "configuration";
    private static final int BINS = 7;
    private static final int HIDDEN = 4096;

    /** Layers by name, and the same with batch normalization, and those with a configuration of one's own. */
    static final List<Entry<Model>> ENTRIES = Stream.of(
                    Stream.of(own()),
                    named(11, 1, 1, 2, 2, 2),
                    named(13, 2, 2, 2, 2, 2),
                    named(16, 2, 2, 3, 3, 3),
                    named(19, 2, 2, 4, 4, 4))
            .flatMap(entries -> entries)
            .toList();

    /**
     * Copies the configuration.
     *
     * @throws IllegalArgumentException if a step is neither a number of channels nor {@value #POOL}, or the first is no convolution
     */
    public VGG {
        configuration = List.copyOf(configuration);
        if (configuration.isEmpty() || configuration.getFirst().equals(POOL)) {
            throw new IllegalArgumentException(
                    "VGG: argument 'configuration': expected a convolution first, found " + Excerpt.of(configuration));
        }
        for (String step : configuration) {
            if (!step.equals(POOL) && !step.matches("[1-9]\\d{0,6}")) {
                throw new IllegalArgumentException(
                        "VGG: argument 'configuration': expected channels of a convolution, at least 1, or \"M\" for pooling, found '"
                                + Excerpt.of(step) + "'");
            }
        }
    }

    /**
     * With the head of torchvision's: a mean of 7 x 7, hidden layers of 4096, dropout of 0.5.
     *
     * @param configuration channels of the convolutions, and {@value #POOL} for each pooling
     * @param batchNorm whether batch normalization follows each convolution
     * @param classes number of outputs
     */
    public VGG(List<String> configuration, boolean batchNorm, int classes) {
        this(configuration, batchNorm, Stem.IMAGENET, BINS, HIDDEN, 0.5, classes);
    }

    private static Entry<Model> own() {
        Description description = Description.of("vgg", "A VGG of one's own")
                .optional(
                        CONFIGURATION,
                        "(64, M, 128, M, 256, 256, M, 512, 512, M, 512, 512, M)",
                        "channels of each convolution, \"M\" for a pooling: [64, \"M\", 128, \"M\"]");
        return arguments(description
                        .optional(Networks.CLASSES, Networks.IMAGENET_CLASSES, "number of outputs")
                        .named("batch_norm", false, "whether batch normalization follows each convolution"))
                .readBy(arguments -> read(arguments, configuration(arguments), arguments.flag("batch_norm")));
    }

    /** Groups of so many convolutions, of 64 to 512 channels, each with a pooling. */
    private static Stream<Entry<Model>> named(int layers, int... groups) {
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < groups.length; i++) {
            for (int convolution = 0; convolution < groups[i]; convolution++) {
                steps.add(Integer.toString(Math.min(64 << i, 512)));
            }
            steps.add(POOL);
        }
        return Stream.of(named("vgg" + layers, steps, false), named("vgg" + layers + "_bn", steps, true));
    }

    private static Entry<Model> named(String name, List<String> steps, boolean batchNorm) {
        return arguments(Description.of(name, name.replace("vgg", "VGG-").replace("_bn", " with batch normalization"))
                        .optional(Networks.CLASSES, Networks.IMAGENET_CLASSES, "number of outputs"))
                .source("torchvision.models." + name + "; Simonyan and Zisserman 2015")
                .readBy(arguments -> read(arguments, steps, batchNorm));
    }

    private static Description arguments(Description description) {
        Description head = Stem.describe(description, Stem.IMAGENET)
                .named("hidden", HIDDEN, "width of the hidden linear layers")
                .named("dropout", 0.5, "share of the features behind them that training leaves out")
                .namedDerived(
                        "pool",
                        BINS + "; with stem=small 1",
                        "rows and columns of the mean that the linear layers read");
        return Networks.images(head, Networks.COLORS, Networks.IMAGENET_SIZE);
    }

    private static List<String> configuration(Arguments arguments) {
        List<String> steps = arguments.parts(CONFIGURATION).stream()
                .map(step -> step.replaceAll("^\"(.*)\"$", "$1"))
                .toList();
        Counts.require(arguments, CONFIGURATION, steps.size());
        return steps;
    }

    private static Model read(Arguments arguments, List<String> steps, boolean batchNorm) {
        Stem stem = Stem.of(arguments);
        return new VGG(
                        steps,
                        batchNorm,
                        stem,
                        arguments.integer("pool", stem == Stem.SMALL ? 1 : BINS),
                        arguments.integer("hidden"),
                        arguments.number("dropout"),
                        arguments.integer(Networks.CLASSES))
                .model(Networks.image(arguments));
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
        int next = 0;
        int in = model.type(images).shape().dimension(1);
        Value x = images;
        boolean leavesOut = stem == Stem.SMALL;
        for (String step : configuration) {
            if (step.equals(POOL)) {
                String name = Integer.toString(next++);
                x = leavesOut ? x : features.add(name, new MaxPool2d(2), x);
                leavesOut = false;
                continue;
            }
            int out = Integer.parseInt(step);
            x = features.add(Integer.toString(next++), new Conv2d(in, out, 3).withPadding(1), x);
            x = batchNorm ? features.add(Integer.toString(next++), new BatchNorm2d(out), x) : x;
            x = features.add(Integer.toString(next++), Activations.relu(), x);
            in = out;
        }
        x = model.add("flatten", new Flatten(), model.add("avgpool", new AdaptiveAvgPool2d(pool), x));
        return Networks.classifier(model.inside("classifier"), x, List.of(hidden, classes), dropout, false);
    }
}
