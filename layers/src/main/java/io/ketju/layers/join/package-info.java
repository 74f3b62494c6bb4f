/**
 * Neighbouring layers that one kernel call can do. Which layers those are depends on the cut, bits never do: a joined layer
 * gives those of its parts, forward and backward.
 *
 * <pre>
 * The path of one call:
 *
 *   Joints.at(model, ...)           the nodes from first on that only feed each other, and the first joint that knows them
 *   Joint.of(nodes)                 the layer that does what some of them do: LinearActivation, ...
 *   Joined.node                     the node with all their parameters, run like any other
 * </pre>
 *
 * <p>A new joint is one file with a {@link io.ketju.layers.join.JoinedLayer} and one line in {@link io.ketju.layers.join.Joints}.
 */
@NullMarked
package io.ketju.layers.join;

import org.jspecify.annotations.NullMarked;
