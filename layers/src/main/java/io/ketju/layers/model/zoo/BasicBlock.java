package io.ketju.layers.model.zoo;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm2d;

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
    @Override
    public Value in(ModelBuilder model, Value input) {
        // First, so that what follows the second convolution are neighbours in the order of the graph.
        Value skip = in == out && stride == 1 ? input : projected(model.inside("downsample"), input);
        Value x = model.add("conv1", convolution(in, out, stride), input);
        x = model.add("relu1", Activations.relu(), model.add("bn1", new BatchNorm2d(out), x));
        x = model.add("bn2", new BatchNorm2d(out), model.add("conv2", convolution(out, out, 1), x));
        return model.add("relu2", Activations.relu(), model.add("sum", new Add(), x, skip));
    }

    private Value projected(ModelBuilder model, Value input) {
        Conv2d projection = new Conv2d(in, out, 1).withStride(stride).withoutBias();
        return model.add("1", new BatchNorm2d(out), model.add("0", projection, input));
    }

    /** 3x3, with padding that keeps the size at stride 1; the normalization behind it has the bias. */
    static Conv2d convolution(int in, int out, int stride) {
        return new Conv2d(in, out, 3).withStride(stride).withPadding(1).withoutBias();
    }
}
