package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiving stage of the tests: a pool with as many buffers as credits, and a queue of what arrived. */
final class Receiver implements InboundEdge, AutoCloseable {
    record Arrival(FrameKey key, TensorLease lease) {}

    final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    final AtomicInteger leases = new AtomicInteger();
    final TensorPool pool;
    private final DataPlane plane;
    private final long maxPayloadBytes;
    private volatile CompletableFuture<Optional<Throwable>> closed = new CompletableFuture<>();
    private volatile CompletableFuture<Void> leased = new CompletableFuture<>();

    Receiver(DataPlane plane, EdgeId edge, int credits, long maxPayloadBytes) {
        this.plane = plane;
        this.maxPayloadBytes = maxPayloadBytes;
        pool = new TensorPool(edge.toString(), maxPayloadBytes, credits);
        pool.onRelease(() -> plane.creditReturned(edge, 1));
        plane.accept(edge, this);
    }

    @Override
    public int credits() {
        return pool.capacity();
    }

    @Override
    public long maxPayloadBytes() {
        return maxPayloadBytes;
    }

    @Override
    public TensorLease lease(DType dtype, Shape shape) {
        TensorLease lease = pool.lease(dtype, shape);
        leases.incrementAndGet();
        leased.complete(null);
        return lease;
    }

    @Override
    public void arrived(FrameKey key, TensorLease lease) {
        arrivals.add(new Arrival(key, lease));
    }

    @Override
    public void closed(Optional<Throwable> cause) {
        closed.complete(cause);
    }

    /** The next tensor, which the caller closes. */
    Arrival take() throws InterruptedException {
        Arrival next = arrivals.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing arrived at " + pool);
        }
        return next;
    }

    /** How the connection ended; resets, so that the next connection's end can be awaited too. */
    Optional<Throwable> awaitClosed() throws Exception {
        Optional<Throwable> cause = closed.get(20, TimeUnit.SECONDS);
        closed = new CompletableFuture<>();
        return cause;
    }

    boolean isClosed() {
        return closed.isDone();
    }

    void awaitLease() throws Exception {
        leased.get(20, TimeUnit.SECONDS);
        leased = new CompletableFuture<>();
    }

    /** Memory outlives the data plane that writes into it. */
    @Override
    public void close() {
        plane.close();
        pool.close();
    }
}
