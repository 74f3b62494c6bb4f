/**
 * Layers with hand-written backward passes. A layer is immutable and holds no weights: it names its parameters, infers
 * types, declares what its backward reads, and calls kernels. Weights live in a {@code model.ParameterBlock}.
 *
 * <pre>
 * The path of one call:
 *
 *   catalogue.Layers.parse("Linear(784, 10)")
 *                                     a layer from its text form, a Spec whose Arguments it takes
 *   Layer.footprint                   memory is planned from it: what backward reads, what forward keeps
 *   PassBinding                       whoever runs the layer says which tensor stands at which port, and which pass begins
 *   Layer.forward(Pass)               kernels of pass.kernels() write the outputs; so do the backward passes the gradients
 *   Layer.commit(Commit)              once per mini-batch, where micro-batches left something until the step
 * </pre>
 *
 * <p>Start with {@link Layer} and {@code linear.Linear}. Layers stand in rooms by family, {@code convolution}, {@code pooling},
 * {@code recurrent} and others, which know this one; {@code catalogue} knows them all.
 */
@NullMarked
package io.ketju.layers;

import org.jspecify.annotations.NullMarked;
