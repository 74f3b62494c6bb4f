package io.ketju.protocol.shared;

import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import java.lang.foreign.MemorySegment;

/**
 * The end of a ring that writes frames. One thread at a time.
 *
 * <p>Who sleeps says so first and looks once more afterwards; who has written looks afterwards whether somebody sleeps. All
 * of it in one order that everybody sees (volatile), so one of the two finds out about the other.
 */
public final class RingSender {
    private final Ring ring;
    private long sent;
    private long returned;

    /**
     * A new ring, which the receiver has prepared.
     *
     * @param memory exactly {@code size.bytes()} long; stays the caller's, who frees it after the last call
     * @param size the same as the receiver's
     * @param credits tensors that may be sent at once, 0 to all slots; the same as the receiver's
     * @throws IllegalArgumentException if the memory has another length
     */
    public RingSender(MemorySegment memory, RingSize size, int credits) {
        ring = new Ring(memory, size);
        returned = (long) credits - size.slots();
    }

    /**
     * {@return whether there is a credit}
     *
     * @throws FrameException if more came back than were taken
     */
    public boolean hasCredit() {
        if (sent - returned < ring.slots()) {
            return true;
        }
        look();
        return sent - returned < ring.slots();
    }

    /**
     * {@return the tensors sent, or held from before, whose credit has not come back}
     *
     * @throws FrameException if more came back than were taken
     */
    public long unreturned() {
        look();
        return sent - returned;
    }

    private void look() {
        long now = ring.read(RingSize.RETURNED);
        if (now < returned || now > sent) {
            throw new FrameException(
                    FrameException.Reason.UNEXPECTED,
                    (now - returned) + " credits came back while " + (sent - returned) + " were taken");
        }
        returned = now;
    }

    /**
     * Writes a frame; there is a credit for it.
     *
     * @param header of the tensor
     * @param payload its elements, as many bytes as the header says; copied, so free again when this returns
     * @return whether the receiver sleeps and must be woken; it is asked for once
     * @throws IllegalArgumentException if the payload is longer than the ring takes
     */
    public boolean send(TensorHeader header, MemorySegment payload) {
        if (header.payloadBytes() > ring.payloadBytes()) {
            throw new IllegalArgumentException(
                    "the ring takes " + ring.payloadBytes() + " bytes, got " + header.payloadBytes());
        }
        header.encode(ring.header(sent));
        MemorySegment.copy(payload, 0, ring.memory(), ring.payload(sent), header.payloadBytes());
        sent++;
        ring.write(RingSize.PUBLISHED, sent);
        return ring.change(RingSize.RECEIVER_STATE, Ring.SLEEPS, Ring.WOKEN);
    }

    /**
     * The sender waits for a credit and wants to be woken.
     *
     * @return true if one came meanwhile, which needs no waking
     * @throws FrameException if more credits came back than were taken
     */
    public boolean waitForCredit() {
        ring.state(RingSize.SENDER_STATE, Ring.WAITS);
        if (hasCredit()) {
            ring.state(RingSize.SENDER_STATE, Ring.CONTENT);
            return true;
        }
        return false;
    }
}
