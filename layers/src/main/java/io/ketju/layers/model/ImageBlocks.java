package io.ketju.layers.model;

import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.normalization.BatchNorm2d;
import java.util.List;

/** What the blocks of networks over images have in common. */
final class ImageBlocks {
    static final String IMAGES = "[samples, %s, H, W] to [samples, %s, H / stride, W / stride], rounded up";

    private ImageBlocks() {}

    /** One input. */
    static Wiring wiring(Block block) {
        return (model, inputs) -> {
            Wiring.require(inputs, 1, 1, "images");
            return List.of(block.in(model, inputs.getFirst()));
        };
    }

    /** 3x3, with padding that keeps the size at stride 1. */
    static Conv2d window(int in, int out, int stride, int dilation) {
        return new Conv2d(in, out, 3).withStride(stride).withPadding(dilation).withDilation(dilation, dilation);
    }

    /** Of single pixels. */
    static Conv2d pointwise(int in, int out) {
        return new Conv2d(in, out, 1);
    }

    /** A convolution without a bias, since the normalization behind it has one. */
    static Value normalized(ModelBuilder model, Conv2d convolution, String name, String norm, Value input) {
        Value x = model.add(name, convolution.withoutBias(), input);
        return model.add(norm, new BatchNorm2d(convolution.outChannels()), x);
    }

    /** The way around a block: the input itself, or a projection where channels or sizes change. */
    static Value shortcut(ModelBuilder model, int in, int out, int stride, Value input) {
        return in == out && stride == 1
                ? input
                : normalized(model.inside("downsample"), pointwise(in, out).withStride(stride), "0", "1", input);
    }
}
