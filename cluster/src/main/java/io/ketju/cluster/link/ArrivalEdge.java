package io.ketju.cluster.link;

import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.dataplane.InboundEdge;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The receiving end of an edge from another JVM: a pool with as many buffers as the sender has credits. Closing a
 * lease gives the sender a credit back.
 */
final class ArrivalEdge implements InboundEdge, AutoCloseable {
    private final EdgeId edge;
    private final ActorRef<StageCommand> stage;
    private final DataPlane plane;
    private final TensorPool pool;
    private final long bytes;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private boolean released;

    ArrivalEdge(EdgeId edge, ActorRef<StageCommand> stage, DataPlane plane, EdgeSize size) {
        this.edge = edge;
        this.stage = stage;
        this.plane = plane;
        this.bytes = size.bytes();
        this.pool = new TensorPool("arrivals " + edge, size.bytes(), size.buffers());
        pool.onRelease(this::onRelease);
    }

    @Override
    public int credits() {
        return pool.capacity();
    }

    @Override
    public long maxPayloadBytes() {
        return bytes;
    }

    @Override
    public synchronized TensorLease lease(DType dtype, Shape shape) {
        if (released) {
            throw new IllegalStateException("the run has ended: nothing more is taken on " + edge);
        }
        return pool.lease(dtype, shape);
    }

    /** The stage gets the tensor before it hears of the end of the run, or not at all. */
    @Override
    public synchronized void arrived(FrameKey key, TensorLease lease) {
        if (released) {
            lease.close();
            return;
        }
        TensorKey.Kind kind = EdgePlan.kind(edge.kind());
        stage.tell(new StageCommand.DeliverTensor(
                edge.toStage(),
                new TensorKey(edge.incarnation(), key.window(), kind, key.microbatch(), key.edge()),
                lease));
    }

    @Override
    public synchronized void closed(Optional<Throwable> cause) {
        if (!released) {
            String reason = cause.map(Throwable::getMessage).orElse("the connection was closed");
            stage.tell(new StageCommand.LinkLost(edge.fromStage(), reason));
        }
    }

    /** The run ends: no tensor is taken from now on, and a connection that closes is no news. */
    void release() {
        synchronized (this) {
            released = true;
        }
        plane.withdraw(edge);
        completeWhenDrained();
    }

    /** Completes when this was released and all buffers are back. */
    CompletableFuture<Void> drained() {
        return drained;
    }

    @Override
    public void close() {
        pool.close();
    }

    private void onRelease() {
        if (isReleased()) {
            completeWhenDrained();
        } else {
            plane.creditReturned(edge, 1);
        }
    }

    private synchronized boolean isReleased() {
        return released;
    }

    private void completeWhenDrained() {
        if (pool.outstanding() == 0) {
            drained.complete(null);
        }
    }
}
