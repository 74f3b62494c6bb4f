package io.ketju.actors.piece;

import io.ketju.tensor.memory.TensorLease;
import java.util.Optional;

/** What comes of the way of one stage's files. */
public sealed interface PieceNews {
    /** {@return the number of the stage that the files are of} */
    int stage();

    /**
     * A piece.
     *
     * @param stage that the file is of
     * @param key which piece it is
     * @param lease its bytes; the taker's, who closes it
     */
    record Arrived(int stage, PieceKey key, TensorLease lease) implements PieceNews {}

    /**
     * Nothing more comes by the connection that there was.
     *
     * @param stage that its files were of
     * @param cause why it broke; empty: the other side closed it
     */
    record Ended(int stage, Optional<String> cause) implements PieceNews {}
}
