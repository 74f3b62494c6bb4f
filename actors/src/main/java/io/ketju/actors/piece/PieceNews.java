package io.ketju.actors.piece;

import io.ketju.tensor.memory.TensorLease;
import java.util.Optional;

/** What comes of the way of one stage's files. */
public sealed interface PieceNews {
    /** The stage that the files are of. */
    int stage();

    /** A piece; the lease is the taker's. */
    record Arrived(int stage, PieceKey key, TensorLease lease) implements PieceNews {}

    /**
     * Nothing more comes by the connection that there was.
     *
     * @param cause why it broke; empty: the other side closed it
     */
    record Ended(int stage, Optional<String> cause) implements PieceNews {}
}
