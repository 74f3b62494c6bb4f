package io.ketju.layers.model;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;

/**
 * Two convolutions and a way around them (He et al. 2016, figure 2), with the names of torchvision's BasicBlock: conv1, bn1,
 * conv2, bn2, and downsample.0 and downsample.1 where the way around needs a projection. Images [samples, in, height,
 * width] to [samples, out, height / stride, width / stride], rounded up.
 *
 * @param in channels of the input
 * @param out channels of the output
 * @param stride of the first convolution
 */
public record BasicBlock(int in, int out, int stride) implements Block {
    public static final Entry<Wiring> ENTRY = Description.of("BasicBlock", "Two convolutions and a way around them")
            .required("inplanes", "channels of the input")
            .required("planes", "channels of the output")
            .optional("stride", 1, "of the first convolution")
            .formula("y = relu(bn2(conv2(relu(bn1(conv1(x))))) + x), or downsample(x) where channels or sizes change")
            .shapes(ImageBlocks.IMAGES.formatted("inplanes", "planes"))
            .parameters("conv1, bn1, conv2, bn2; downsample.0, downsample.1")
            .source("torchvision.models.resnet.BasicBlock; He et al. 2016")
            .readBy(arguments -> ImageBlocks.wiring(new BasicBlock(
                    arguments.integer("inplanes"), arguments.integer("planes"), arguments.integer("stride"))));

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is below 1
     */
    public BasicBlock {
        Arguments.requirePositive("BasicBlock", "inplanes", in);
        Arguments.requirePositive("BasicBlock", "planes", out);
        Arguments.requirePositive("BasicBlock", "stride", stride);
    }

    @Override
    public Value in(ModelBuilder model, Value input) {
        // First, so that what follows the second convolution are neighbours in the order of the graph.
        Value skip = ImageBlocks.shortcut(model, in, out, stride, input);
        Value x = ImageBlocks.normalized(model, ImageBlocks.window(in, out, stride, 1), "conv1", "bn1", input);
        x = model.add("relu1", Activations.relu(), x);
        x = ImageBlocks.normalized(model, ImageBlocks.window(out, out, 1, 1), "conv2", "bn2", x);
        return model.add("relu2", Activations.relu(), model.add("sum", new Add(), x, skip));
    }
}
