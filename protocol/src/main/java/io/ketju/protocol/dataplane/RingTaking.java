package io.ketju.protocol.dataplane;

import io.ketju.protocol.dataplane.InboundRegistration.Terms;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.shared.RingReceiver;
import io.ketju.protocol.shared.RingSize;
import io.ketju.protocol.shared.SharedFile;
import io.ketju.tensor.memory.TensorLease;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving end of a ring in shared memory. Whoever looks takes up what is there: idle compute workers, or the
 * connection's thread when the sender woke this side. One of them at a time; another that looks meanwhile makes that one
 * look again.
 */
final class RingTaking {
    private static final Logger LOG = LoggerFactory.getLogger(RingTaking.class);

    private final InboundRegistration registration;
    private final SharedFile file;
    private final RingReceiver ring;
    private final Consumer<RuntimeException> failed;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean again;
    /** Guarded by the lock. */
    private boolean over;

    private RingTaking(
            InboundRegistration registration, SharedFile file, RingReceiver ring, Consumer<RuntimeException> failed) {
        this.registration = registration;
        this.file = file;
        this.ring = ring;
        this.failed = failed;
    }

    /**
     * Makes memory for an edge, if it is to be had.
     *
     * @param failed hears of a frame that is broken or that the receiver does not take, on any thread, once
     */
    static @Nullable RingTaking offer(
            Sharing sharing, InboundRegistration registration, Terms terms, Consumer<RuntimeException> failed) {
        RingSize size = new RingSize(terms.window(), terms.maxPayloadBytes());
        if (sharing.folder().isEmpty() || size.bytes() > sharing.maxBytes()) {
            return null;
        }
        try {
            SharedFile file = SharedFile.create(sharing.folder().get(), size.bytes());
            return new RingTaking(registration, file, new RingReceiver(file.memory(), size, terms.credits()), failed);
        } catch (IOException e) {
            LOG.info("{} goes over sockets, there is no shared memory: {}", registration.id(), e.toString());
            return null;
        }
    }

    String name() {
        return file.name();
    }

    long nonce() {
        return file.nonce();
    }

    /** Whether the sender sees this memory: it has left a number here, and says which. */
    boolean isFound(long answer) {
        return answer != 0 && file.answer() == answer;
    }

    /** Deletes the file's name, which nobody needs any more. */
    void forgetName() {
        try {
            file.forgetName();
        } catch (IOException e) {
            LOG.warn("{} stays: {}", file.name(), e.toString());
        }
    }

    /** Takes up what is there; false if nothing was, or another is at it. */
    boolean poll() {
        boolean found = false;
        do {
            if (!lock.tryLock()) {
                again = true;
                if (!lock.tryLock()) {
                    return found;
                }
            }
            try {
                again = false;
                found |= take();
            } finally {
                lock.unlock();
            }
        } while (again);
        return found;
    }

    private boolean take() {
        boolean found = false;
        try {
            while (!over && ring.ready()) {
                found = true;
                takeOne();
            }
        } catch (RuntimeException e) {
            over = true;
            failed.accept(e);
        }
        return found;
    }

    private void takeOne() {
        TensorHeader header = ring.header();
        registration.admit(header);
        TensorLease lease = registration.lease(header);
        try {
            ring.take(lease.tensor().segment());
        } catch (RuntimeException e) {
            lease.close();
            throw e;
        }
        registration.receiver().arrived(header.key(), lease);
    }

    /** The sender may send as many more; true if it sleeps and must be woken. Not after {@link #close}. */
    boolean giveBack(int count) {
        return ring.giveBack(count);
    }

    void looks() {
        ring.looks();
    }

    void sleeps() {
        ring.sleeps();
    }

    /** The sender woke this side. */
    void woken() {
        ring.wokenUp();
        poll();
    }

    /** The connection has ended: takes up what was sent before. Nothing is taken afterwards. */
    void finish() {
        lock.lock();
        try {
            take();
            over = true;
        } finally {
            lock.unlock();
        }
    }

    /** Frees the memory, after {@link #finish}; nobody gives credits back any more. */
    void close() {
        file.close();
    }
}
