package io.ketju.layers.model;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;

/**
 * A 3x3 convolution of few channels between two of single pixels, and a way around them (He et al. 2016, figure 5), with the names
 * of torchvision's Bottleneck: conv1, bn1, conv2, bn2, conv3, bn3, and downsample.0 and downsample.1 where the way around needs a
 * projection. The stride is that of the 3x3 convolution, as in torchvision, or of the first, as in the paper. Images [samples, in,
 * height, width] to [samples, 4 · planes, height / stride, width / stride], rounded up.
 *
 * @param in channels of the input
 * @param planes a fourth of the channels of the output
 * @param stride of the 3x3 convolution, or of the first
 * @param groups of the 3x3 convolution (Xie et al. 2017)
 * @param baseWidth the 3x3 convolution has {@code planes · baseWidth / 64 · groups} channels
 * @param dilation of the 3x3 convolution
 * @param strideFirst whether the first convolution has the stride
 */
public record Bottleneck(int in, int planes, int stride, int groups, int baseWidth, int dilation, boolean strideFirst)
        implements Block {
    private static final String NAME = "Bottleneck";
    private static final int EXPANSION = 4;
    private static final int USUAL_WIDTH = 64;

    public static final Entry<Wiring> ENTRY = Description.of(
                    NAME, "A convolution of few channels between two of single pixels, and a way around them")
            .required("inplanes", "channels of the input")
            .required("planes", "a fourth of the channels of the output")
            .optional("stride", 1, "of the 3x3 convolution, or of the first")
            .named("groups", 1, "of the 3x3 convolution")
            .named("base_width", USUAL_WIDTH, "the 3x3 convolution has planes · base_width / 64 · groups channels")
            .named("dilation", 1, "of the 3x3 convolution")
            .named(
                    "stride_first",
                    false,
                    "whether the first convolution has the stride, as in the paper, not the 3x3 one")
            .formula(
                    "y = relu(bn3(conv3(relu(bn2(conv2(relu(bn1(conv1(x)))))))) + x), or downsample(x) where channels or sizes"
                            + " change")
            .shapes(ImageBlocks.IMAGES.formatted("inplanes", "4 · planes"))
            .parameters("conv1, bn1, conv2, bn2, conv3, bn3; downsample.0, downsample.1")
            .source("torchvision.models.resnet.Bottleneck; He et al. 2016")
            .readBy(arguments -> ImageBlocks.wiring(new Bottleneck(
                    arguments.integer("inplanes"),
                    arguments.integer("planes"),
                    arguments.integer("stride"),
                    arguments.integer("groups"),
                    arguments.integer("base_width"),
                    arguments.integer("dilation"),
                    arguments.flag("stride_first"))));

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is below 1, or planes times baseWidth is below 64
     */
    public Bottleneck {
        Arguments.requirePositive(NAME, "inplanes", in);
        Arguments.requirePositive(NAME, "planes", planes);
        Arguments.requirePositive(NAME, "stride", stride);
        Arguments.requirePositive(NAME, "groups", groups);
        Arguments.requirePositive(NAME, "base_width", baseWidth);
        Arguments.requirePositive(NAME, "dilation", dilation);
        if (planes * (long) baseWidth < USUAL_WIDTH) {
            throw new IllegalArgumentException(
                    NAME + ": argument 'base_width': expected planes · base_width of at least " + USUAL_WIDTH
                            + ", found " + planes + " · " + baseWidth);
        }
    }

    /**
     * With the stride on the 3x3 convolution.
     *
     * @param in channels of the input
     * @param planes a fourth of the channels of the output
     * @param stride of the 3x3 convolution
     * @param groups of the 3x3 convolution
     * @param baseWidth the 3x3 convolution has {@code planes · baseWidth / 64 · groups} channels
     * @param dilation of the 3x3 convolution
     */
    public Bottleneck(int in, int planes, int stride, int groups, int baseWidth, int dilation) {
        this(in, planes, stride, groups, baseWidth, dilation, false);
    }

    /**
     * Of one group, as in ResNet-50, with the stride on the 3x3 convolution.
     *
     * @param in channels of the input
     * @param planes a fourth of the channels of the output
     * @param stride of the 3x3 convolution
     */
    public Bottleneck(int in, int planes, int stride) {
        this(in, planes, stride, 1, USUAL_WIDTH, 1);
    }

    /** {@return the same with the stride on the first convolution, which then reads a part of the pixels (He et al. 2016)} */
    public Bottleneck withStrideFirst() {
        return new Bottleneck(in, planes, stride, groups, baseWidth, dilation, true);
    }

    @Override
    public Value in(ModelBuilder model, Value input) {
        int out = EXPANSION * planes;
        int width = planes * baseWidth / USUAL_WIDTH * groups;
        // First, so that what follows the last convolution are neighbours in the order of the graph.
        Value skip = ImageBlocks.shortcut(model, in, out, stride, input);
        Value x = ImageBlocks.normalized(
                model, ImageBlocks.pointwise(in, width).withStride(strideFirst ? stride : 1), "conv1", "bn1", input);
        x = model.add("relu1", Activations.relu(), x);
        Conv2d window = ImageBlocks.window(width, width, strideFirst ? 1 : stride, dilation);
        x = ImageBlocks.normalized(model, window.withGroups(groups), "conv2", "bn2", x);
        x = model.add("relu2", Activations.relu(), x);
        x = ImageBlocks.normalized(model, ImageBlocks.pointwise(width, out), "conv3", "bn3", x);
        return model.add("relu3", Activations.relu(), model.add("sum", new Add(), x, skip));
    }
}
