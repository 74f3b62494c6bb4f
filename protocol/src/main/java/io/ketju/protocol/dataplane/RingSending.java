package io.ketju.protocol.dataplane;

import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.shared.RingSender;
import io.ketju.protocol.shared.RingSize;
import io.ketju.protocol.shared.SharedFile;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

/**
 * Tensors as frames of a ring in shared memory, written by whoever sends them. Only a receiver that sleeps hears of it by
 * the connection.
 */
final class RingSending implements TensorWay {
    private final EdgeTerms terms;
    private final FrameChannel connection;
    private final SharedFile file;
    private final RingSender ring;
    private final Queue<Outgoing> queue = new ArrayDeque<>();
    private boolean over;

    /** Owns the file from now on. */
    RingSending(EdgeTerms terms, FrameChannel connection, SharedFile file) {
        this.terms = terms;
        this.connection = connection;
        this.file = file;
        ring = new RingSender(file.memory(), size(terms), terms.credits());
    }

    /** The ring of an edge. */
    static RingSize size(EdgeTerms terms) {
        return new RingSize(terms.window(), terms.maxPayloadBytes());
    }

    @Override
    public void send(FrameKey key, TensorLease lease) {
        Outgoing next = new Outgoing(key, lease);
        boolean wake;
        synchronized (this) {
            if (over) {
                lease.close();
                return;
            }
            if (!queue.isEmpty() && ring.unreturned() + queue.size() >= terms.window() + (long) terms.mostQueued()) {
                throw TensorWay.full(terms.edge(), terms.mostQueued());
            }
            queue.add(next);
            wake = drain();
        }
        if (wake) {
            onConnection(connection::wake);
        }
    }

    /** Writes as much as there is credit for; returns whether the receiver must be woken. */
    private boolean drain() {
        boolean wake = false;
        try {
            while (!queue.isEmpty() && (ring.hasCredit() || ring.waitForCredit())) {
                wake |= write(queue.remove());
            }
        } catch (FrameException e) {
            over = true;
            closeQueue();
            onConnection(() -> connection.failed(e));
        }
        return wake;
    }

    private boolean write(Outgoing next) {
        try (TensorLease lease = next.lease()) {
            if (terms.fits(next)) {
                return ring.send(next.header(terms.edge()), lease.tensor().segment());
            }
            String why = terms.tooLarge(next);
            onConnection(() -> connection.fail(Reason.RECEIVER, why));
            return false;
        }
    }

    @Override
    public void credit(int count) {
        throw new FrameException(FrameException.Reason.UNEXPECTED, "a CREDIT frame beside shared memory");
    }

    @Override
    public void woken() {
        boolean wake;
        synchronized (this) {
            wake = !over && drain();
        }
        if (wake) {
            connection.wake();
        }
    }

    @Override
    public void ended() {
        synchronized (this) {
            over = true;
            closeQueue();
            file.close();
        }
    }

    private void closeQueue() {
        for (Outgoing left = queue.poll(); left != null; left = queue.poll()) {
            left.lease().close();
        }
    }

    private void onConnection(Runnable task) {
        try {
            connection.context().executor().execute(task);
        } catch (RejectedExecutionException e) {
            // The data plane is closed; its threads are gone and the listener knows.
            return;
        }
    }

    @Override
    public String name() {
        return "shared memory";
    }
}
