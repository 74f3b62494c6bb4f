package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A receiver with a credit, that lets go of each tensor at once, if it has memory for any, and hears how its connection ends. */
final class EndOfEdge implements InboundEdge {
    private final CompletableFuture<Optional<Throwable>> closed = new CompletableFuture<>();
    private volatile @Nullable TensorPool pool;

    /** Where tensors go. */
    void leases(TensorPool from) {
        pool = from;
    }

    @Override
    public int credits() {
        return 1;
    }

    @Override
    public long maxPayloadBytes() {
        TensorPool from = pool;
        return from == null ? 0 : 4 << 20;
    }

    @Override
    public TensorLease lease(DType dtype, Shape shape) {
        TensorPool from = pool;
        if (from == null) {
            throw new IllegalStateException("nothing is taken here");
        }
        return from.lease(dtype, shape);
    }

    @Override
    public void arrived(FrameKey key, TensorLease lease) {
        lease.close();
    }

    @Override
    public void closed(Optional<Throwable> cause) {
        closed.complete(cause);
    }

    /** How it has ended already. */
    Optional<Throwable> now() {
        return closed.getNow(Optional.empty());
    }

    Optional<Throwable> await() throws Exception {
        return closed.get(20, TimeUnit.SECONDS);
    }
}
