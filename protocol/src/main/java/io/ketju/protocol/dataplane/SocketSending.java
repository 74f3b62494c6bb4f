package io.ketju.protocol.dataplane;

import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.memory.TensorLease;
import io.netty.channel.ChannelFuture;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** Tensors as frames of the connection, written by its thread as long as there is credit. */
final class SocketSending implements TensorWay {
    private final EdgeTerms terms;
    private final FrameChannel connection;
    private final CreditWindow window;
    private final Queue<Outgoing> queue = new ArrayDeque<>();
    /** Tensors given to {@link #send} whose credit has not come back: a number that depends on no thread's speed. */
    private final AtomicInteger unreturned = new AtomicInteger();

    private final int mostUnreturned;

    SocketSending(EdgeTerms terms, FrameChannel connection) {
        this.terms = terms;
        this.connection = connection;
        window = new CreditWindow(terms.window(), terms.credits());
        unreturned.set(terms.window() - terms.credits());
        mostUnreturned = (int) Math.min((long) terms.window() + terms.mostQueued(), Integer.MAX_VALUE);
    }

    @Override
    public void send(FrameKey key, TensorLease lease) {
        if (unreturned.incrementAndGet() > mostUnreturned) {
            unreturned.decrementAndGet();
            throw TensorWay.full(terms.edge(), terms.mostQueued());
        }
        Outgoing next = new Outgoing(key, lease);
        try {
            connection.context().executor().execute(() -> enqueue(next));
        } catch (RejectedExecutionException e) {
            // The data plane is closed; its threads are gone and the listener knows.
            lease.close();
        }
    }

    private void enqueue(Outgoing next) {
        if (connection.isEnding()) {
            next.lease().close();
            return;
        }
        queue.add(next);
        drain();
    }

    private void drain() {
        boolean wrote = false;
        while (!queue.isEmpty() && !connection.isEnding() && window.tryTake()) {
            write(queue.remove());
            wrote = true;
        }
        if (wrote) {
            connection.context().flush();
        }
    }

    private void write(Outgoing next) {
        TensorLease lease = next.lease();
        if (!terms.fits(next)) {
            String why = terms.tooLarge(next);
            lease.close();
            connection.fail(Reason.RECEIVER, why);
            return;
        }
        ChannelFuture written = FrameBytes.writeTensor(
                connection.context(), next.header(terms.edge()), lease.tensor().segment());
        written.addListener(result -> {
            lease.close();
            Throwable why = result.cause();
            if (why != null) {
                connection.broke(why);
            }
        });
    }

    @Override
    public void credit(int count) {
        try {
            window.give(count);
        } catch (IllegalArgumentException e) {
            throw new FrameException(FrameException.Reason.MESSAGE, "CREDIT: " + e.getMessage());
        }
        unreturned.addAndGet(-count);
        drain();
    }

    @Override
    public void woken() {
        throw new FrameException(FrameException.Reason.UNEXPECTED, "a WAKE frame without shared memory");
    }

    @Override
    public void ended() {
        for (Outgoing left = queue.poll(); left != null; left = queue.poll()) {
            left.lease().close();
        }
    }

    @Override
    public String name() {
        return "sockets";
    }
}
