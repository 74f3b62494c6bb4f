package io.ketju.tensor.memory;

import io.ketju.tensor.Tensor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The single owner of one pooled buffer. A lease is moved from hand to hand and never shared; whoever holds it last
 * closes it, once, from any thread. A second close throws.
 */
public final class TensorLease implements AutoCloseable {
    /** A field rather than an object: there is a lease for every tensor that moves. */
    private static final AtomicIntegerFieldUpdater<TensorLease> CLOSED =
            AtomicIntegerFieldUpdater.newUpdater(TensorLease.class, "closed");

    private final TensorPool pool;
    private final int buffer;
    private final Tensor tensor;
    /** 0 or 1. */
    private volatile int closed;

    TensorLease(TensorPool pool, int buffer, Tensor tensor) {
        this.pool = pool;
        this.buffer = buffer;
        this.tensor = tensor;
    }

    /**
     * {@return the leased tensor}
     *
     * @throws IllegalStateException once the lease is closed
     */
    public Tensor tensor() {
        if (closed != 0) {
            throw new IllegalStateException("use after close: lease of buffer " + buffer + " of " + pool);
        }
        return tensor;
    }

    /**
     * Gives the buffer back to its pool.
     *
     * @throws IllegalStateException the second time
     */
    @Override
    public void close() {
        if (!CLOSED.compareAndSet(this, 0, 1)) {
            throw new IllegalStateException("closed twice: lease of buffer " + buffer + " of " + pool);
        }
        pool.release(buffer);
    }

    @Override
    public String toString() {
        return "lease " + tensor + " of " + pool + (closed != 0 ? " (closed)" : "");
    }
}
