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
     * @param credits tensors that may come at once, 0 to all slots
     */
    public RingReceiver(MemorySegment memory, RingSize size, int credits) {
        ring = new Ring(memory, size);
        ring.write(RingSize.RETURNED, (long) credits - size.slots());
        ring.state(RingSize.RECEIVER_STATE, Ring.SLEEPS);
    }

    /** Whether a frame is there. */
    public boolean ready() {
        return ring.read(RingSize.PUBLISHED) != next;
    }

    /**
     * The header of the next frame, which is there. Throws {@link FrameException} for one that is broken, is no tensor's, or
     * does not fit.
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

    /** Copies the payload of the next frame, all of the target's bytes, and goes on to the one after. */
    public void take(MemorySegment target) {
        long frame = next;
        MemorySegment.copy(ring.memory(), ring.payload(frame), target, 0, target.byteSize());
        next = frame + 1;
    }

    /** Gives credits back. Returns whether the sender waits for one and must be woken; it is asked for once. */
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
