package io.ketju.actors.piece;

import io.ketju.tensor.memory.TensorLease;
import java.io.IOException;

/** A way of files into another JVM. Pieces arrive in the order in which they were sent, or the way breaks. Any thread. */
public interface PieceLink extends AutoCloseable {
    /**
     * Sends one piece, and closes its lease once the bytes have left or never will. Returns at once.
     *
     * @param key which piece it is
     * @param lease its bytes; this link's from now on, unless it throws
     */
    void send(PieceKey key, TensorLease lease);

    /**
     * Looks whether what is sent can still arrive.
     *
     * @throws IOException with one line if the way broke
     */
    void requireWhole() throws IOException;

    /** Pieces that have not left yet may be dropped. A second call does nothing. */
    @Override
    void close();
}
