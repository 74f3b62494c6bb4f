/**
 * Models as flat graphs, and their parameters.
 *
 * <pre>
 * The path of one call:
 *
 *   ModelBuilder.add     writes a Node that reads Values; a Block writes several under a name, and is gone
 *   ModelBuilder.build   a Model: inputs, nodes in the order in which they run, heads, outputs; checked whole
 *   Model.types          ModelTypes: the type of every value, for inputs of some types
 *   ParameterBlock       values, gradients and optimizer state of some nodes; a shared parameter has one owner
 *   GroupGradients       further sums of their gradients, where groups of micro-batches add up by themselves
 *   AveragedWeights      moving averages of those values, for whatever only predicts
 *   ModelText            the same graph as lines: job files, the wire, the terminal
 * </pre>
 */
@NullMarked
package io.ketju.layers.model;

import org.jspecify.annotations.NullMarked;
