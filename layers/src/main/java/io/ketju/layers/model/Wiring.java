package io.ketju.layers.model;

import java.util.List;

/**
 * A {@link Block} of any number of inputs and outputs, as lines of {@link ModelText} name it: it writes its layers and is
 * gone, so that a model may be cut between any two of them.
 */
@FunctionalInterface
public interface Wiring {
    /**
     * Adds the layers; names are relative to the builder's. Throws {@link IllegalArgumentException} if the inputs are too many
     * or too few.
     */
    List<Value> in(ModelBuilder model, List<Value> inputs);

    /** Throws {@link IllegalArgumentException} unless there are so many inputs. */
    static void require(List<Value> inputs, int least, int most, String what) {
        if (inputs.size() < least || inputs.size() > most) {
            throw new IllegalArgumentException("expected " + what + ", found " + inputs.size() + " inputs");
        }
    }
}
