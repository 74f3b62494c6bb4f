package io.ketju.protocol.shared;

import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import java.lang.foreign.MemorySegment;

/**
 * The end of a ring that reads frames. Frames are taken by one thread at a time; {@link #ready}, {@link #giveBack} and who
 * sleeps are anybody's. See {@link RingSender} for why nobody sleeps who has something to do.
 */
public final class RingReceiver {
    private final Ring ring;
    /** The next frame; written by whoever takes, read by all. */
    private volatile long next;

    /**
     * A new ring, before the sender sees it; the receiver sleeps until it says otherwise.
     *
     * @param memory exactly {@code size.bytes()} long, zeros behind the nonces; stays the caller's, who frees it after the last call
     * @param size the same as the sender's
     * @param credits tensors that may come at once, 0 to all slots
     * @throws IllegalArgumentException if the memory has another length
     */
    public RingReceiver(MemorySegment memory, RingSize size, int credits) {
        ring = new Ring(memory, size);
        ring.write(RingSize.RETURNED, (long) credits - size.slots());
        ring.state(RingSize.RECEIVER_STATE, Ring.SLEEPS);
    }

    /** {@return whether a frame is there} */
    public boolean ready() {
        return ring.read(RingSize.PUBLISHED) != next;
    }

    /**
     * {@return the header of the next frame, which is there}
     *
     * @throws FrameException if it is broken, is no tensor's, or promises more bytes than a slot has
     */
    public TensorHeader header() {
        long there = ring.read(RingSize.PUBLISHED) - next;
        if (there < 1 || there > ring.slots()) {
            throw new FrameException(
                    FrameException.Reason.UNEXPECTED, there + " frames in a ring of " + ring.slots() + " slots");
        }
        FrameHeader header = FrameHeader.decode(ring.header(next));
        if (!(header instanceof TensorHeader tensor)) {
            throw new FrameException(FrameException.Reason.UNEXPECTED, "a " + header.kind() + " frame in a ring");
        }
        if (tensor.payloadBytes() > ring.payloadBytes()) {
            throw new FrameException(
                    FrameException.Reason.LENGTH,
                    "the ring takes " + ring.payloadBytes() + " bytes, the header promises " + tensor.payloadBytes());
        }
        return tensor;
    }

    /**
     * Copies the payload of the next frame, and goes on to the one after.
     *
     * @param target all of it is written; exactly as long as the header's payload
     */
    public void take(MemorySegment target) {
        long frame = next;
        MemorySegment.copy(ring.memory(), ring.payload(frame), target, 0, target.byteSize());
        next = frame + 1;
    }

    /**
     * Gives credits back.
     *
     * @param count 1 or more, and no more than tensors were taken: the sender fails at any beyond
     * @return whether the sender waits for one and must be woken; it is asked for once
     */
    public boolean giveBack(int count) {
        ring.add(RingSize.RETURNED, count);
        return ring.change(RingSize.SENDER_STATE, Ring.WAITS, Ring.CONTENT);
    }

    /** The receiver looks by itself from now on: nobody needs to wake it. */
    public void looks() {
        ring.state(RingSize.RECEIVER_STATE, Ring.LOOKS);
    }

    /** The receiver does not look from now on. It must look once more, at what came before it said so. */
    public void sleeps() {
        ring.state(RingSize.RECEIVER_STATE, Ring.SLEEPS);
    }

    /** The receiver was woken: the next frame may wake it again. It must look after this. */
    public void wokenUp() {
        ring.change(RingSize.RECEIVER_STATE, Ring.WOKEN, Ring.SLEEPS);
    }
}
