package io.ketju.layers.model;

import io.ketju.layers.Layer;
import io.ketju.layers.arithmetic.Arithmetic;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;

/**
 * Each channel times a number that follows from the means of all (Hu, Shen and Sun 2018), with the names of torchvision's
 * SqueezeExcitation: fc1 and fc2, convolutions of single pixels. Images [samples, channels, height, width] to the same.
 *
 * @param channels channels of the input
 * @param squeezed channels between both convolutions
 * @param activation behind the first
 * @param scaleActivation behind the second
 */
public record SqueezeExcitation(int channels, int squeezed, Layer activation, Layer scaleActivation) implements Block {
    private static final String NAME = "SqueezeExcitation";

    public static final Entry<Wiring> ENTRY = Description.of(
                    NAME, "Each channel times a number that follows from the means of all")
            .required("input_channels", "channels of the input")
            .required("squeeze_channels", "channels between both convolutions")
            .optional("activation", "ReLU", "a layer behind the first convolution")
            .optional("scale_activation", "Sigmoid", "a layer behind the second")
            .formula("y = x · scale_activation(fc2(activation(fc1(avgpool(x)))))")
            .shapes("[samples, input_channels, H, W] to the same")
            .parameters("fc1.weight [squeeze_channels, input_channels, 1, 1], fc1.bias [squeeze_channels], fc2.weight"
                    + " [input_channels, squeeze_channels, 1, 1], fc2.bias [input_channels]")
            .source("torchvision.ops.SqueezeExcitation; Hu et al. 2018")
            .readBy(arguments -> ImageBlocks.wiring(new SqueezeExcitation(
                    arguments.integer("input_channels"),
                    arguments.integer("squeeze_channels"),
                    Layers.parse(arguments.word("activation")),
                    Layers.parse(arguments.word("scale_activation")))));

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a number of channels is below 1
     */
    public SqueezeExcitation {
        Arguments.requirePositive(NAME, "input_channels", channels);
        Arguments.requirePositive(NAME, "squeeze_channels", squeezed);
    }

    @Override
    public Value in(ModelBuilder model, Value input) {
        Value x = model.add("avgpool", new AdaptiveAvgPool2d(), input);
        x = model.add("fc1", ImageBlocks.pointwise(channels, squeezed), x);
        x = model.add("activation", activation, x);
        x = model.add("fc2", ImageBlocks.pointwise(squeezed, channels), x);
        x = model.add("scale_activation", scaleActivation, x);
        return model.add("scale", new Arithmetic(Arithmetic.Kind.MUL), input, x);
    }
}
