/**
 * Layers with hand-written backward passes. A layer is immutable and holds no weights: it names its parameters, infers
 * shapes and calls kernels. Weights live in a {@code model.ParameterBlock}, what a pass keeps in a {@link Saved}. Start with
 * {@link Layer} and {@link Linear}.
 */
@NullMarked
package io.ketju.layers;

import org.jspecify.annotations.NullMarked;
