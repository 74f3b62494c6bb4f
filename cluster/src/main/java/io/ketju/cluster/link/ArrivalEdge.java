package io.ketju.cluster.link;

import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceNews;
import io.ketju.actors.piece.PieceQueue;
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
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of an edge from another JVM: a pool with as many buffers as the sender has credits. Closing a
 * lease gives the sender a credit back.
 */
final class ArrivalEdge implements InboundEdge, AutoCloseable {
    /** Who gets what arrives. */
    interface Taker {
        /** A tensor has come; the lease moves. */
        void take(FrameKey key, TensorLease lease);

        /** The connection has ended: nothing more comes from that stage. Empty after an orderly end. */
        void ended(int from, Optional<String> cause);
    }

    private static final String CLOSED = "the connection was closed";

    private final EdgeId edge;
    private final Taker taker;
    private final DataPlane plane;
    private final EdgeSize size;
    private @Nullable TensorPool pool;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private boolean released;

    private ArrivalEdge(EdgeId edge, Taker taker, DataPlane plane, EdgeSize size) {
        this.edge = edge;
        this.taker = taker;
        this.plane = plane;
        this.size = size;
    }

    /** To a stage of this JVM; the buffers are there before the first step. */
    static ArrivalEdge toStage(EdgeId edge, ActorRef<StageCommand> stage, DataPlane plane, EdgeSize size) {
        ArrivalEdge arrival = new ArrivalEdge(edge, ofStage(edge, stage), plane, size);
        arrival.pool();
        return arrival;
    }

    /** Outputs of the model; as the sender's, the buffers are taken when the first comes: not every session predicts. */
    static ArrivalEdge ofOutputs(EdgeId edge, ActorRef<OutputCommand> receiver, DataPlane plane, EdgeSize size) {
        return new ArrivalEdge(edge, ofReceiver(edge, receiver), plane, size);
    }

    /** Pieces of a stage's files; the buffers are taken when the first comes, and given back with {@link #end}. */
    static ArrivalEdge ofFiles(EdgeId edge, int stage, PieceQueue queue, DataPlane plane) {
        return new ArrivalEdge(edge, ofFiles(stage, queue), plane, EdgePlan.pieces());
    }

    private static Taker ofStage(EdgeId edge, ActorRef<StageCommand> actor) {
        return new Taker() {
            @Override
            public void take(FrameKey key, TensorLease lease) {
                actor.tell(new StageCommand.DeliverTensor(edge.toStage(), key(edge, key), lease));
            }

            @Override
            public void ended(int from, Optional<String> cause) {
                actor.tell(new StageCommand.LinkLost(from, cause.orElse(CLOSED)));
            }
        };
    }

    private static Taker ofReceiver(EdgeId edge, ActorRef<OutputCommand> receiver) {
        return new Taker() {
            @Override
            public void take(FrameKey key, TensorLease lease) {
                receiver.tell(new OutputCommand.DeliverOutput(key(edge, key), lease));
            }

            @Override
            public void ended(int from, Optional<String> cause) {
                receiver.tell(new OutputCommand.LinkLost(from, cause.orElse(CLOSED)));
            }
        };
    }

    /** @param stage the one that the files are of, at whichever end it is */
    private static Taker ofFiles(int stage, PieceQueue queue) {
        return new Taker() {
            @Override
            public void take(FrameKey key, TensorLease lease) {
                PieceKey piece = new PieceKey(key.window(), key.microbatch(), key.edge() == NettyPieces.SEAL);
                queue.add(new PieceNews.Arrived(stage, piece, lease));
            }

            @Override
            public void ended(int from, Optional<String> cause) {
                queue.add(new PieceNews.Ended(stage, cause));
            }
        };
    }

    private static TensorKey key(EdgeId edge, FrameKey key) {
        TensorKey.Kind kind = EdgePlan.kind(edge.kind());
        return new TensorKey(edge.incarnation(), key.window(), kind, key.microbatch(), key.edge());
    }

    @Override
    public int credits() {
        return size.buffers();
    }

    @Override
    public long maxPayloadBytes() {
        return size.bytes();
    }

    @Override
    public synchronized TensorLease lease(DType dtype, Shape shape) {
        if (released) {
            throw new IllegalStateException("the run has ended: nothing more is taken on " + edge);
        }
        return pool().lease(dtype, shape);
    }

    /** Whoever takes it gets the tensor before it hears of the end of the run, or not at all. */
    @Override
    public synchronized void arrived(FrameKey key, TensorLease lease) {
        if (released) {
            lease.close();
            return;
        }
        taker.take(key, lease);
    }

    @Override
    public synchronized void closed(Optional<Throwable> cause) {
        if (!released) {
            taker.ended(edge.fromStage(), cause.map(Throwable::getMessage));
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

    /** Nothing more is taken, and the buffers are freed when all are back. */
    void end() {
        release();
        CompletionStage<Void> back = drained;
        back.thenRun(this::close);
    }

    /** A second call does nothing. */
    @Override
    public synchronized void close() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }

    private synchronized TensorPool pool() {
        TensorPool made = pool;
        if (made == null) {
            made = new TensorPool("arrivals " + edge, size.bytes(), size.buffers());
            made.onRelease(this::onRelease);
            pool = made;
        }
        return made;
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

    private synchronized void completeWhenDrained() {
        if (pool == null || pool.outstanding() == 0) {
            drained.complete(null);
        }
    }
}
