package io.ketju.tests.simulation;

import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceNews;
import io.ketju.actors.piece.PieceQueue;
import io.ketju.actors.piece.PieceSender;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The receiving end of a way of files: as many buffers as a real one has; what finds none waits. */
final class FileArrival {
    /** Of a piece: files of simulated runs are small, and come in one and a seal. */
    private static final long LARGEST = 1 << 14;

    /** A piece, or the orderly end if there is none. */
    private record Waiting(@Nullable PieceKey key, @Nullable Frame frame) {}

    private final Node node;
    private final FileWires wires;
    private final FileEdge edge;
    private final PieceQueue queue;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private @Nullable TensorPool pool;
    private @Nullable FileWay from;
    private boolean released;

    FileArrival(Node node, FileWires wires, FileEdge edge, PieceQueue queue) {
        this.node = node;
        this.wires = wires;
        this.edge = edge;
        this.queue = queue;
        wires.listen(this);
    }

    Node node() {
        return node;
    }

    FileEdge edge() {
        return edge;
    }

    /** Whether this way is the one that it takes from: there is one at a time. */
    boolean connect(FileWay way) {
        if (released || from != null) {
            return false;
        }
        from = way;
        return true;
    }

    void take(FileWay way, PieceKey key, Frame frame) {
        if (from == way && !released) {
            waiting.add(new Waiting(key, frame));
            flush();
        }
    }

    /** An orderly end comes behind what is here, any other at once. */
    void ended(FileWay way, Optional<String> cause) {
        if (from != way || released) {
            return;
        }
        if (cause.isPresent()) {
            from = null;
            waiting.clear();
            queue.add(new PieceNews.Ended(edge.stage(), cause));
        } else {
            waiting.add(new Waiting(null, null));
            flush();
        }
    }

    private void flush() {
        while (!released && !waiting.isEmpty()) {
            Waiting next = waiting.element();
            PieceKey key = next.key();
            Frame frame = next.frame();
            if (key == null || frame == null) {
                waiting.remove();
                from = null;
                queue.add(new PieceNews.Ended(edge.stage(), Optional.empty()));
            } else if (pool().outstanding() < PieceSender.BUFFERS) {
                waiting.remove();
                TensorLease lease = pool().lease(frame.dtype(), frame.shape());
                frame.copyTo(lease.tensor());
                queue.add(new PieceNews.Arrived(edge.stage(), key, lease));
            } else {
                return;
            }
        }
    }

    private TensorPool pool() {
        TensorPool made = pool;
        if (made == null) {
            made = new TensorPool("arrivals " + edge, LARGEST, PieceSender.BUFFERS);
            made.onRelease(this::onRelease);
            pool = made;
        }
        return made;
    }

    private void onRelease() {
        if (released) {
            completeWhenDrained();
        } else {
            flush();
        }
    }

    /** Nothing more is taken, and an end is no news. */
    void release() {
        released = true;
        waiting.clear();
        wires.withdraw(this);
        completeWhenDrained();
    }

    CompletableFuture<Void> drained() {
        return drained;
    }

    /** Nothing more is taken, and the buffers are freed when all are back. */
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the buffers
    void end() {
        release();
        drained.thenRun(this::close);
    }

    private void completeWhenDrained() {
        if (pool == null || pool.outstanding() == 0) {
            drained.complete(null);
        }
    }

    /** A second call does nothing. */
    void close() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }
}
