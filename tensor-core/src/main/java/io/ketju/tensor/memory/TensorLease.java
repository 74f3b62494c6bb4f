package io.ketju.tensor.memory;

import io.ketju.tensor.Tensor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The single owner of one pooled buffer. A lease is moved from hand to hand and never shared; whoever holds it last
 * closes it, once, from any thread. A second close throws.
 */
public final class TensorLease implements AutoCloseable {
    private final TensorPool pool;
    private final int buffer;
    private final Tensor tensor;
    private final AtomicBoolean closed = new AtomicBoolean();

    TensorLease(TensorPool pool, int buffer, Tensor tensor) {
        this.pool = pool;
        this.buffer = buffer;
        this.tensor = tensor;
    }

    /** The leased tensor; throws {@link IllegalStateException} once the lease is closed. */
    public Tensor tensor() {
        if (closed.get()) {
            throw new IllegalStateException("use after close: lease of buffer " + buffer + " of " + pool);
        }
        return tensor;
    }

    /** Gives the buffer back to its pool; throws {@link IllegalStateException} the second time. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            throw new IllegalStateException("closed twice: lease of buffer " + buffer + " of " + pool);
        }
        pool.release(buffer);
    }

    @Override
    public String toString() {
        return "lease " + tensor + " of " + pool + (closed.get() ? " (closed)" : "");
    }
}
