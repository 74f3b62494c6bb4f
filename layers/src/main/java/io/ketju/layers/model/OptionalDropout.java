package io.ketju.layers.model;

import io.ketju.layers.regularization.Dropout;

/**
 * A {@link Dropout}, or no layer at all where nothing is dropped: one with {@code p} 0 would only copy.
 *
 * @param p share of the elements that training sets to 0
 */
public record OptionalDropout(double p) implements Block {
    @Override
    public Value in(ModelBuilder model, Value input) {
        return p == 0 ? input : model.add("", new Dropout(p), input);
    }
}
