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
    void fill(Tensor parameter, CounterRandom random);

    /** Throws {@link IllegalArgumentException} with one line if parameters of this shape cannot be filled. */
    default void requireFit(Shape shape) {}

    /**
     * The initializer as text that {@link Initializers#parse} reads back. One of your own has none, unless it says so:
     * it works in one JVM, but not in a job that travels as text; asking it throws {@link IllegalStateException}.
     */
    default Spec spec() {
        throw new IllegalStateException(
                "initializer " + this + " has no text form: use one of " + Initializers.names() + " instead");
    }
}
