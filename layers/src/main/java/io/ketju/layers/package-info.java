/**
 * Layers with hand-written backward passes. A layer is immutable and holds no weights: it names its parameters, infers
 * types, declares what its backward reads, and calls kernels. Weights live in a {@code model.ParameterBlock}.
 *
 * <pre>
 * The path of one call:
 *
 *   Layers.parse("Linear(784, 10)")   a layer from its text form, a Spec whose Arguments it takes
 *   Layer.footprint                   memory is planned from it: what backward reads, what forward keeps
 *   PassBinding                       whoever runs the layer says which tensor stands at which port, and which pass begins
 *   Layer.forward(Pass)               kernels of pass.kernels() write the outputs; so do the backward passes the gradients
 *   Layer.commit(Commit)              once per mini-batch, where micro-batches left something until the step
 * </pre>
 *
 * <p>Start with {@link Layer} and {@link Linear}. Families share an interface: {@code Pointwise}, {@code BatchNormalization},
 * {@code Recurrent}.
 */
@NullMarked
package io.ketju.layers;

import org.jspecify.annotations.NullMarked;
