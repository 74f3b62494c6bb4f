/**
 * Links over sockets, or shared memory beside them: one connection of the data plane for each way between two stages, from the feeder to a stage,
 * or from a stage to whoever takes the model's outputs, that leaves the JVM.
 *
 * <p>The path of one tensor: {@code NettyLink} gives the lease to the data plane, which writes it as one frame; on the
 * other side {@code ArrivalEdge} lends a buffer for it and tells the stage (or the receiver of outputs), which closes the lease at last, and that
 * gives the sender a credit back. Before: {@code SocketLinks} registers an {@code ArrivalEdge} for each way that comes in
 * and opens a {@code SentEdges.Entry} for each that goes out, as large as {@link io.ketju.cluster.link.EdgePlan} says.
 *
 * <p>Files go the same way, in pieces: {@code SocketFolder} takes the shards of all stages and sends them what they start from, {@code
 * NettyPieces} makes frames of the pieces, and {@code ArrivalEdge} puts those that come into a {@code PieceQueue}.
 */
@NullMarked
package io.ketju.cluster.link;

import org.jspecify.annotations.NullMarked;
