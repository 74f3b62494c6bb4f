package io.ketju.actors.examples;

import io.ketju.layers.Add;
import io.ketju.layers.BatchNorm2d;
import io.ketju.layers.Conv2d;
import io.ketju.layers.ReLU;
import io.ketju.layers.model.Block;
import io.ketju.layers.model.ModelBuilder;
import io.ketju.layers.model.Value;

// region block
/** Two convolutions and a way around them (He et al. 2016, figure 2). */
record ResidualBlock(int channels) implements Block {
    @Override
    public Value in(ModelBuilder model, Value x) {
        Conv2d convolution = new Conv2d(channels, channels, 3).withPadding(1).withoutBias();
        Value y = model.add("conv1", convolution, x);
        y = model.add("relu", new ReLU(), model.add("bn1", new BatchNorm2d(channels), y));
        y = model.add("bn2", new BatchNorm2d(channels), model.add("conv2", convolution, y));
        return model.add("out", new ReLU(), model.add("sum", new Add(), y, x));
    }
}
// end region
