package io.ketju.layers.model;

import io.ketju.layers.Layer;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;

/**
 * More channels, a convolution of each of them, and fewer channels again without an activation, with a way around where sizes stay
 * (Sandler et al. 2018), with the names of torchvision's InvertedResidual of MobileNetV2: conv.0.0, conv.0.1, conv.1.0, conv.1.1,
 * conv.2, conv.3; without the first two where there are no more channels. Images [samples, in, height, width] to [samples, out,
 * height / stride, width / stride], rounded up.
 *
 * @param in channels of the input
 * @param out channels of the output
 * @param stride of the convolution of each channel, 1 or 2
 * @param expandRatio how many times as many channels lie between
 */
public record InvertedResidual(int in, int out, int stride, double expandRatio) implements Block {
    private static final String NAME = "InvertedResidual";

    public static final Entry<Wiring> ENTRY = Description.of(
                    NAME, "More channels, a convolution of each of them, and fewer channels again")
            .required("inp", "channels of the input")
            .required("oup", "channels of the output")
            .required("stride", "of the convolution of each channel, 1 or 2")
            .required("expand_ratio", "how many times as many channels lie between")
            .formula("y = conv(x), plus x where stride is 1 and channels stay; ReLU6 behind the first two convolutions")
            .shapes(ImageBlocks.IMAGES.formatted("inp", "oup"))
            .parameters(
                    "conv.0.0, conv.0.1, conv.1.0, conv.1.1, conv.2, conv.3; of expand_ratio 1 conv.0.0, conv.0.1, conv.1,"
                            + " conv.2")
            .source("torchvision.models.mobilenetv2.InvertedResidual; Sandler et al. 2018")
            .readBy(arguments -> ImageBlocks.wiring(new InvertedResidual(
                    arguments.integer("inp"),
                    arguments.integer("oup"),
                    arguments.integer("stride"),
                    arguments.number("expand_ratio"))));

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if there are no channels before, between or behind, or the stride is neither 1 nor 2
     */
    public InvertedResidual {
        Arguments.requirePositive(NAME, "inp", in);
        Arguments.requirePositive(NAME, "oup", out);
        if (stride != 1 && stride != 2) {
            throw new IllegalArgumentException(NAME + ": argument 'stride': expected 1 or 2, found " + stride);
        }
        if (!(Math.rint(in * expandRatio) >= 1 && in * expandRatio <= Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(NAME + ": argument 'expand_ratio': expected at least one of " + in
                    + " · expand_ratio channels, found " + expandRatio);
        }
    }

    @Override
    public Value in(ModelBuilder model, Value input) {
        int hidden = (int) Math.rint(in * expandRatio);
        Layer relu6 = Layers.parse("ReLU6()");
        ModelBuilder inside = model.inside("conv");
        Value x = input;
        int next = 0;
        if (expandRatio != 1) {
            ModelBuilder expansion = inside.inside(Integer.toString(next++));
            x = ImageBlocks.normalized(expansion, ImageBlocks.pointwise(in, hidden), "0", "1", x);
            x = expansion.add("2", relu6, x);
        }
        ModelBuilder depthwise = inside.inside(Integer.toString(next++));
        x = ImageBlocks.normalized(
                depthwise, ImageBlocks.window(hidden, hidden, stride, 1).withGroups(hidden), "0", "1", x);
        x = depthwise.add("2", relu6, x);
        String projection = Integer.toString(next++);
        x = ImageBlocks.normalized(inside, ImageBlocks.pointwise(hidden, out), projection, Integer.toString(next), x);
        return stride == 1 && in == out ? model.add("sum", new Add(), input, x) : x;
    }
}
