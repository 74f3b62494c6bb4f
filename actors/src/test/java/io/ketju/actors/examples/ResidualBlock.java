package io.ketju.actors.examples;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;
import io.ketju.layers.normalization.BatchNorm2d;

// region block
/** Two convolutions and a way around them (He et al. 2016, figure 2). */
record ResidualBlock(int channels) implements Block {
    @Override
    public Value in(ModelBuilder model, Value x) {
        Conv2d convolution = new Conv2d(channels, channels, 3).withPadding(1).withoutBias();
        Value y = model.add("conv1", convolution, x);
        y = model.add("relu", Activations.relu(), model.add("bn1", new BatchNorm2d(channels), y));
        y = model.add("bn2", new BatchNorm2d(channels), model.add("conv2", convolution, y));
        return model.add("out", Activations.relu(), model.add("sum", new Add(), y, x));
    }
}
// end region
