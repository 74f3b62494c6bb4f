package io.ketju.layers.model.zoo;

import io.ketju.layers.Layer;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.InvertedResidual;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.OptionalDropout;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.Shape;
import java.util.Optional;

/**
 * Seventeen {@link InvertedResidual}s between two convolutions (Sandler et al. 2018, table 2). Parameters are called as in
 * torchvision's mobilenet_v2: features.0.0.weight, features.1.conv.0.0.weight, classifier.1.weight. Images [samples, channels,
 * height, width] to [samples, classes].
 *
 * @param stem {@link Stem#SMALL} begins with stride 1
 * @param widthMult factor of all channels; of the last convolution's only where it is above 1
 * @param dropout share of the last features that training leaves out
 * @param classes number of outputs
 */
public record MobileNetV2(Stem stem, double widthMult, double dropout, int classes) implements Block {
    /** Expansion, channels, number of blocks, and stride of the first of them. */
    private static final int[][] GROUPS = {
        {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}
    };

    private static final int FIRST = 32;
    private static final int LAST = 1280;
    private static final String WIDTH = "width_mult";

    static final Entry<Model> ENTRY = Stem.describe(
                    Networks.ofImageNet(Description.of("mobilenet_v2", "Inverted residuals with linear bottlenecks"))
                            .named(WIDTH, 1, "factor of all channels")
                            .named("dropout", 0.2, "share of the last features that training leaves out"),
                    Stem.IMAGENET)
            .source("torchvision.models.mobilenet_v2; Sandler et al. 2018")
            .readBy(arguments -> new MobileNetV2(
                            Stem.of(arguments),
                            Networks.factor(arguments, WIDTH),
                            arguments.number("dropout"),
                            arguments.integer(Networks.CLASSES))
                    .model(Networks.image(arguments)));

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
        Optional<Layer> relu6 = Optional.of(Layers.parse("ReLU6()"));
        int in = Networks.divisible(FIRST * widthMult);
        int channels = model.type(images).shape().dimension(1);
        int next = 0;
        Value x = features.add(
                Integer.toString(next++),
                new ConvNormActivation(
                        ConvNormActivation.window(channels, in, 3, stem == Stem.SMALL ? 1 : 2),
                        BatchNorm2d::new,
                        relu6),
                images);
        for (int[] group : GROUPS) {
            int out = Networks.divisible(group[1] * widthMult);
            for (int i = 0; i < group[2]; i++) {
                InvertedResidual block = new InvertedResidual(in, out, i == 0 ? group[3] : 1, group[0]);
                x = features.add(Integer.toString(next++), block, x);
                in = out;
            }
        }
        int last = Networks.divisible(LAST * Math.max(1, widthMult));
        x = features.add(
                Integer.toString(next),
                new ConvNormActivation(ConvNormActivation.window(in, last, 1, 1), BatchNorm2d::new, relu6),
                x);
        x = model.add("flatten", new Flatten(), model.add("avgpool", new AdaptiveAvgPool2d(), x));
        ModelBuilder classifier = model.inside("classifier");
        return classifier.add("1", new Linear(last, classes), classifier.add("0", new OptionalDropout(dropout), x));
    }
}
