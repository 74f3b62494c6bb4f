package io.ketju.layers.model.zoo;

import io.ketju.layers.Layer;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm2d;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * A convolution without a bias, batch normalization and, mostly, an activation, with the names of torchvision's
 * Conv2dNormActivation: 0, 1 and 2.
 *
 * @param convolution with padding; its bias is left out
 * @param norm batch normalization of so many channels
 * @param activation behind it
 */
record ConvNormActivation(Conv2d convolution, IntFunction<BatchNorm2d> norm, Optional<Layer> activation)
        implements Block {
    /** A square window that keeps the size at stride 1. */
    static Conv2d window(int in, int out, int kernel, int stride) {
        return new Conv2d(in, out, kernel).withStride(stride).withPadding((kernel - 1) / 2);
    }

    /** One for each channel. */
    static Conv2d depthwise(int channels, int kernel, int stride) {
        return window(channels, channels, kernel, stride).withGroups(channels);
    }

    @Override
    public Value in(ModelBuilder model, Value input) {
        Value x = model.add("0", convolution.withoutBias(), input);
        x = model.add("1", norm.apply(convolution.outChannels()), x);
        return activation.isPresent() ? model.add("2", activation.get(), x) : x;
    }
}
