package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.BasicBlock;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.Bottleneck;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.shape.Flatten;
import io.ketju.tensor.Shape;
import java.util.List;

/**
 * A residual network (He et al. 2016). Images [samples, channels, height, width] to [samples, classes]. Parameters are called as in
 * torchvision's ResNet: conv1.weight, layer1.0.bn2.running_mean, fc.bias.
 *
 * @param stem a 7x7 convolution with stride 2 and 3x3 pooling with stride 2, or for small images one 3x3 convolution alone
 * @param residual the kind of its blocks
 * @param width channels of the stem and of the first group's blocks; every further group has twice as many and halves the image
 * @param blocks number of blocks of each group
 * @param classes number of outputs
 */
public record ResNet(Stem stem, Residual residual, int width, List<Integer> blocks, int classes) implements Block {
    /** A kind of blocks. */
    public sealed interface Residual {
        /**
         * {@return a block of this kind}
         *
         * @param in channels of the input
         * @param planes channels of the output, but for the expansion
         * @param stride by which the block makes an image smaller
         */
        Block block(int in, int planes, int stride);

        /** {@return channels of a block's output for each of its planes} */
        int expansion();
    }

    /** {@link BasicBlock}s. */
    public record Basic() implements Residual {
        @Override
        public Block block(int in, int planes, int stride) {
            return new BasicBlock(in, planes, stride);
        }

        @Override
        public int expansion() {
            return 1;
        }
    }

    /**
     * {@link Bottleneck}s.
     *
     * @param groups of the 3x3 convolution; 32 in ResNeXt-50 32x4d (Xie et al. 2017)
     * @param baseWidth the 3x3 convolution has {@code planes · baseWidth / 64 · groups} channels
     * @param strideFirst whether the first convolution has the stride, as in the paper, not the 3x3 one, as in torchvision
     */
    public record Bottlenecks(int groups, int baseWidth, boolean strideFirst) implements Residual {
        @Override
        public Block block(int in, int planes, int stride) {
            Bottleneck block = new Bottleneck(in, planes, stride, groups, baseWidth, 1);
            return strideFirst ? block.withStrideFirst() : block;
        }

        @Override
        public int expansion() {
            return 4;
        }
    }

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are no groups, or one has no blocks
     */
    public ResNet {
        blocks = List.copyOf(blocks);
        if (blocks.isEmpty() || blocks.stream().anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException(
                    "ResNet: argument 'blocks': expected at least 1 block in each group, found " + blocks);
        }
    }

    /**
     * Of {@link BasicBlock}s, for small images.
     *
     * @param width channels of the first group; every further one has twice as many
     * @param blocks number of blocks of each group
     * @param classes number of outputs
     */
    public ResNet(int width, List<Integer> blocks, int classes) {
        this(Stem.SMALL, new Basic(), width, blocks, classes);
    }

    /**
     * {@return four groups of two blocks: 17 convolutions and a linear layer, apart from the projections; for small images}
     *
     * @param classes number of outputs
     */
    public static ResNet resNet18(int classes) {
        return new ResNet(64, List.of(2, 2, 2, 2), classes);
    }

    /**
     * {@return the model over images of one size, without a loss}
     *
     * @param image [channels, height, width]
     */
    public Model model(Shape image) {
        return StartingWeights.ofConvolutions(Networks.over(image, this));
    }

    @Override
    public Value in(ModelBuilder model, Value images) {
        Value x = stem(model, images);
        int in = width;
        for (int group = 0; group < blocks.size(); group++) {
            int planes = width << group;
            for (int i = 0; i < blocks.get(group); i++) {
                int stride = group > 0 && i == 0 ? 2 : 1;
                x = model.add("layer" + (group + 1) + "." + i, residual.block(in, planes, stride), x);
                in = residual.expansion() * planes;
            }
        }
        x = model.add("flatten", new Flatten(), model.add("avgpool", new AdaptiveAvgPool2d(), x));
        return model.add("fc", new Linear(in, classes), x);
    }

    private Value stem(ModelBuilder model, Value images) {
        int channels = model.type(images).shape().dimension(1);
        Conv2d convolution = stem == Stem.SMALL
                ? new Conv2d(channels, width, 3).withPadding(1)
                : new Conv2d(channels, width, 7).withStride(2).withPadding(3);
        Value x = model.add("conv1", convolution.withoutBias(), images);
        x = model.add("relu", Activations.relu(), model.add("bn1", new BatchNorm2d(width), x));
        return stem == Stem.SMALL
                ? x
                : model.add("maxpool", new MaxPool2d(3).withStride(2).withPadding(1), x);
    }
}
