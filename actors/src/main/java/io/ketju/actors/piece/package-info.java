/**
 * Whole files on their way between JVMs that share no file system: the shards of a checkpoint from stages to the run's folder, and
 * back to the stages of a start.
 *
 * <p>The path of one file: {@link io.ketju.actors.piece.PieceSender} cuts what is written to it into pieces of one size and sends
 * them by a {@link io.ketju.actors.piece.PieceLink}, as many at a time as it has buffers; last a {@link
 * io.ketju.actors.piece.FileSeal} with length and SHA-256. In the other JVM they come through a {@link
 * io.ketju.actors.piece.PieceQueue} to whoever takes the file, who closes each lease, looks whether the pieces come in their order
 * ({@link io.ketju.actors.piece.PieceOrder}), and believes nothing before the seal fits. {@link io.ketju.actors.piece.FolderWays}
 * are the ways of a run's folder to and from all its stages; who opens them is the transport.
 */
@NullMarked
package io.ketju.actors.piece;

import org.jspecify.annotations.NullMarked;
