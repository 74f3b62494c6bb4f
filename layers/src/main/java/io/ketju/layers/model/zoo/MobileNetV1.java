package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.DepthwiseSeparable;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.tensor.Shape;

/**
 * A 3x3 convolution and thirteen {@link DepthwiseSeparable}s (Howard et al. 2017, table 1): 4.2 million parameters and 569 million
 * multiplications of an image of 224 x 224. Parameters: conv1.weight, bn1.weight, blocks.0.conv_dw.weight ..., fc.weight.
 * Images [samples, channels, height, width] to [samples, classes].
 *
 * @param stem {@link Stem#SMALL} begins with stride 1
 * @param widthMult factor of all channels
 * @param classes number of outputs
 */
public record MobileNetV1(Stem stem, double widthMult, int classes) implements Block {
    /** Channels and stride of each block. */
    private static final int[][] BLOCKS = {
        {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1}, {512, 1}, {512, 1},
        {1024, 2}, {1024, 1}
    };

    private static final int FIRST = 32;
    private static final String WIDTH = "width_mult";

    static final Entry<Model> ENTRY = Stem.describe(
                    Networks.ofImageNet(Description.of("mobilenet_v1", "Depthwise and pointwise convolutions in turn"))
                            .named(WIDTH, 1, "factor of all channels"),
                    Stem.IMAGENET)
            .source("Howard et al. 2017, table 1")
            .readBy(arguments -> new MobileNetV1(
                            Stem.of(arguments), Networks.factor(arguments, WIDTH), arguments.integer(Networks.CLASSES))
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
        int in = Networks.divisible(FIRST * widthMult);
        int channels = model.type(images).shape().dimension(1);
        int stride = stem == Stem.SMALL ? 1 : 2;
        Value x = model.add(
                "conv1", ConvNormActivation.window(channels, in, 3, stride).withoutBias(), images);
        x = model.add("relu", Activations.relu(), model.add("bn1", new BatchNorm2d(in), x));
        for (int i = 0; i < BLOCKS.length; i++) {
            int out = Networks.divisible(BLOCKS[i][0] * widthMult);
            x = model.add("blocks." + i, new DepthwiseSeparable(in, out, BLOCKS[i][1]), x);
            in = out;
        }
        x = model.add("flatten", new Flatten(), model.add("avgpool", new AdaptiveAvgPool2d(), x));
        return model.add("fc", new Linear(in, classes), x);
    }
}
