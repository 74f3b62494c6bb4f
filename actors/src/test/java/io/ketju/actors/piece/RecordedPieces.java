package io.ketju.actors.piece;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** A way of files that ends here: what was sent by it is kept, to be brought to whoever takes it, changed or not. */
public final class RecordedPieces implements PieceLink {
    /** One piece as it was sent. */
    @SuppressWarnings("ArrayRecordComponent") // changed by tests, never compared
    public record Piece(PieceKey key, byte[] bytes) {}

    private final List<Piece> sent = new ArrayList<>();

    /** All that was sent, in order; a test may change it. */
    public List<Piece> sent() {
        return sent;
    }

    @Override
    public void send(PieceKey key, TensorLease lease) {
        sent.add(new Piece(key, lease.tensor().segment().toArray(ValueLayout.JAVA_BYTE)));
        lease.close();
    }

    @Override
    public void requireWhole() {}

    @Override
    public void close() {}

    /** Brings all of it to a queue, out of buffers of this pool, which has enough of them. */
    public void bring(int stage, PieceQueue queue, TensorPool pool) {
        for (Piece piece : sent) {
            TensorLease lease = pool.lease(DType.INT32, Shape.of(piece.bytes().length / Integer.BYTES));
            lease.tensor().segment().copyFrom(MemorySegment.ofArray(piece.bytes()));
            queue.add(new PieceNews.Arrived(stage, piece.key(), lease));
        }
    }
}
