package io.ketju.layers.model;

import java.util.List;

/**
 * A {@link Block} of any number of inputs and outputs, as lines of {@link ModelText} name it: it writes its layers and is
 * gone, so that a model may be cut between any two of them.
 */
@FunctionalInterface
public interface Wiring {
    /**
     * Adds the layers.
     *
     * @param model writes names relative to the builder's own
     * @param inputs what the layers read
     * @return the outputs
     * @throws IllegalArgumentException if the inputs are too many or too few
     */
    List<Value> in(ModelBuilder model, List<Value> inputs);

    /**
     * Checks how many inputs there are.
     *
     * @param inputs what there is
     * @param least so many, at least
     * @param most so many, at most
     * @param what is expected, in the words of the message: {@code one or three sequences}
     * @throws IllegalArgumentException if they are too many or too few
     */
    static void require(List<Value> inputs, int least, int most, String what) {
        if (inputs.size() < least || inputs.size() > most) {
            throw new IllegalArgumentException("expected " + what + ", found " + inputs.size() + " inputs");
        }
    }
}
