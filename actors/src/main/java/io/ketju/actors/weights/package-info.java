/**
 * Weights of files, of Ketju or of others, on their way into a model: what they are called here
 * ({@link io.ketju.actors.weights.Rename}), how strictly they must fit ({@link io.ketju.actors.weights.Strictness}), both
 * together ({@link io.ketju.actors.weights.WeightMapping}), and how they do ({@code TensorFit}, which lists all that does
 * not at once).
 */
@NullMarked
package io.ketju.actors.weights;

import org.jspecify.annotations.NullMarked;
