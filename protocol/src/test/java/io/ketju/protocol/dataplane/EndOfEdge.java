package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A receiver that takes nothing and only hears how its connection ends. */
final class EndOfEdge implements InboundEdge {
    private final CompletableFuture<Optional<Throwable>> closed = new CompletableFuture<>();

    @Override
    public int credits() {
        return 1;
    }

    @Override
    public long maxPayloadBytes() {
        return 0;
    }

    @Override
    public TensorLease lease(DType dtype, Shape shape) {
        throw new IllegalStateException("nothing is taken here");
    }

    @Override
    public void arrived(FrameKey key, TensorLease lease) {
        lease.close();
    }

    @Override
    public void closed(Optional<Throwable> cause) {
        closed.complete(cause);
    }

    Optional<Throwable> await() throws Exception {
        return closed.get(20, TimeUnit.SECONDS);
    }
}
