package io.ketju.layers.initializer;

import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;

/**
 * Fills a parameter before the first step. Values depend on the random's key (seed and parameter name) and on each
 * element's index alone. The usual ones are in {@link Initializers}.
 */
@FunctionalInterface
public interface Initializer {
    /**
     * Overwrites a parameter. The same parameter and random give the same bits, in whatever process.
     *
     * @param parameter float32, in its layer's layout
     * @param random of this parameter alone; index it by element
     */
    void fill(Tensor parameter, CounterRandom random);

    /**
     * Asks whether parameters of a shape can be filled.
     *
     * @param shape of the parameter
     * @throws IllegalArgumentException with one line if they cannot
     */
    default void requireFit(Shape shape) {}

    /**
     * The initializer as text that {@link Initializers#parse} reads back. One of your own has none, unless it says so: it works in one JVM,
     * but not in a job that travels as text.
     *
     * @return name and arguments
     * @throws IllegalStateException if it has no text
     */
    default Spec spec() {
        throw new IllegalStateException(
                "initializer " + this + " has no text form: use one of " + Initializers.names() + " instead");
    }
}
