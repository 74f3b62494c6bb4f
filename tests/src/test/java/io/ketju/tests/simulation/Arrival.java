package io.ketju.tests.simulation;

import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The receiving end of a connection: as many buffers as the sender has credits, each of which goes back when it is free. */
final class Arrival {
    private final World world;
    private final Node node;
    private final Edge edge;
    private final ActorRef<StageCommand> stage;
    private final TensorPool pool;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private @Nullable Outgoing sender;
    private boolean released;
    private boolean gone;

    Arrival(World world, Node node, Edge edge, ActorRef<StageCommand> stage, TensorPool pool) {
        this.world = world;
        this.node = node;
        this.edge = edge;
        this.stage = stage;
        this.pool = pool;
        pool.onRelease(this::onRelease);
    }

    Node node() {
        return node;
    }

    Edge edge() {
        return edge;
    }

    void connect(Outgoing opened) {
        sender = opened;
    }

    /** A frame has come whole. */
    void take(TensorKey key, Frame frame) {
        if (released || gone) {
            return;
        }
        TensorLease lease = pool.lease(frame.dtype(), frame.shape());
        frame.copyTo(lease.tensor());
        TensorKey own =
                new TensorKey(edge.ticket().incarnation(), key.window(), key.kind(), key.microbatch(), key.edge());
        stage.tell(new StageCommand.DeliverTensor(edge.to(), own, lease));
    }

    /** The connection is no more. */
    void broken(String cause) {
        if (!released && !gone) {
            gone = true;
            stage.tell(new StageCommand.LinkLost(edge.from(), cause));
        }
    }

    void release() {
        released = true;
        completeWhenDrained();
    }

    CompletableFuture<Void> drained() {
        return drained;
    }

    private void onRelease() {
        Outgoing to = sender;
        if (released) {
            completeWhenDrained();
        } else if (to != null && !gone && !(world.has(Bug.CREDIT_LOST) && world.delay(8) == 0)) {
            world.network().send(node, to.node(), to.channel(), to::credit);
            if (world.has(Bug.CREDIT_TWICE)) {
                world.network().send(node, to.node(), to.channel(), to::credit);
            }
        }
    }

    private void completeWhenDrained() {
        if (pool.outstanding() == 0) {
            drained.complete(null);
        }
    }

    void close() {
        pool.close();
    }
}
