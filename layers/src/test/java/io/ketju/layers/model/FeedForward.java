package io.ketju.layers.model;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.arithmetic.Add;
import io.ketju.layers.linear.Linear;

/** The block of CONTRIBUTING.md. */
// region block
record FeedForward(int width) implements Block {
    @Override
    public Value in(ModelBuilder model, Value input) {
        Value x = model.add("c_fc", new Linear(width, 4 * width), input);
        x = model.add("c_proj", new Linear(4 * width, width), model.add("gelu", Activations.gelu(), x));
        return model.add("sum", new Add(), x, input);
    }
}
// end region
