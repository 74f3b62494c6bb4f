package io.ketju.layers;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;

/** Fills a parameter before the first step. Values depend on the random's key (seed and parameter name) alone. */
@FunctionalInterface
public interface Initializer {
    void fill(Tensor parameter, CounterRandom random);
}
