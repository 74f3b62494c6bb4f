package io.ketju.layers.model;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;

/**
 * A convolution of each channel and one of single pixels, each normalized and rectified (Howard et al. 2017, figure 3). torchvision
 * has no such block; the names are those of timm's: conv_dw, bn1, conv_pw, bn2. Images [samples, in, height, width] to [samples,
 * out, height / stride, width / stride], rounded up.
 *
 * @param in channels of the input
 * @param out channels of the output
 * @param stride of the convolution of each channel
 */
public record DepthwiseSeparable(int in, int out, int stride) implements Block {
    public static final Entry<Wiring> ENTRY = Description.of(
                    "DepthwiseSeparable", "A convolution of each channel, then one of single pixels")
            .required("in_channels", "channels of the input")
            .required("out_channels", "channels of the output")
            .optional("stride", 1, "of the convolution of each channel")
            .formula("y = relu(bn2(conv_pw(relu(bn1(conv_dw(x))))))")
            .shapes(ImageBlocks.IMAGES.formatted("in_channels", "out_channels"))
            .parameters("conv_dw, bn1, conv_pw, bn2")
            .source("Howard et al. 2017, figure 3")
            .readBy(arguments -> ImageBlocks.wiring(new DepthwiseSeparable(
                    arguments.integer("in_channels"), arguments.integer("out_channels"), arguments.integer("stride"))));

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public DepthwiseSeparable {
        Arguments.requirePositive("DepthwiseSeparable", "in_channels", in);
        Arguments.requirePositive("DepthwiseSeparable", "out_channels", out);
        Arguments.requirePositive("DepthwiseSeparable", "stride", stride);
    }

    @Override
    public Value in(ModelBuilder model, Value input) {
        Value x = ImageBlocks.normalized(
                model, ImageBlocks.window(in, in, stride, 1).withGroups(in), "conv_dw", "bn1", input);
        x = model.add("relu1", Activations.relu(), x);
        x = ImageBlocks.normalized(model, ImageBlocks.pointwise(in, out), "conv_pw", "bn2", x);
        return model.add("relu2", Activations.relu(), x);
    }
}
