package io.ketju.layers.model.zoo;

import io.ketju.layers.model.Value;

/**
 * Padded sequences as a graph has them.
 *
 * @param features [samples, positions, features]
 * @param lengths int32 [samples]: how many positions of each are none of the padding
 */
public record Sequence(Value features, Value lengths) {
    /**
     * {@return the same positions with other features}
     *
     * @param other [samples, positions, features]
     */
    public Sequence with(Value other) {
        return new Sequence(other, lengths);
    }
}
