package io.ketju.protocol.shared;

import io.ketju.protocol.frame.FrameHeader;

/**
 * A ring of frames and what lies where in it. Numbers are little-endian.
 *
 * <pre>
 *      0   nonce of the receiver, 8 bytes: what the sender looks for
 *      8   nonce of the sender, 8 bytes: what the receiver looks for
 *    256   published: frames that the sender has written since the start, 8 bytes
 *    512   returned: credits that the receiver has given back, 8 bytes; starts below zero by those that were taken before
 *    768   what the receiver does, 4 bytes: 0 looks by itself, 1 must be woken, 2 is being woken
 *   1024   what the sender does, 4 bytes: 0 has what it needs, 1 waits for a credit
 *   1280   slots, each: a frame's header of 96 bytes, 32 bytes of nothing, the payload, room up to a multiple of 128
 * </pre>
 *
 * <p>Each number has cache lines of its own: one side writes it, the other looks. Frame {@code n} lies in slot {@code n}
 * modulo their number. As there are as many slots as credits, whoever has a credit has a slot too: a credit comes back after
 * its frame was copied out, and frames are copied out in their order. There is no checksum of the payload: it does not
 * leave the memory of the machine. The header has its own, as on sockets.
 *
 * @param slots frames that it holds, 1 or more
 * @param payloadBytes the largest payload, 0 or more
 */
public record RingSize(int slots, long payloadBytes) {
    static final long RECEIVER_NONCE = 0;
    static final long SENDER_NONCE = 8;
    static final long PUBLISHED = 256;
    static final long RETURNED = 512;
    static final long RECEIVER_STATE = 768;
    static final long SENDER_STATE = 1024;
    private static final long SLOTS = 1280;
    private static final long ALIGNMENT = 128;
    private static final long PAYLOAD = 128;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if there is no slot, or the payload is below 0
     */
    public RingSize {
        if (slots < 1 || payloadBytes < 0) {
            throw new IllegalArgumentException(
                    "a ring has 1 or more slots for payloads of 0 bytes or more, got " + slots + " of " + payloadBytes);
        }
    }

    /** {@return the length of the whole ring in bytes; {@link Long#MAX_VALUE} if it is too large to count} */
    public long bytes() {
        if (payloadBytes > Long.MAX_VALUE / 2 / slots - SLOTS) {
            return Long.MAX_VALUE;
        }
        return SLOTS + slots * slotBytes();
    }

    private long slotBytes() {
        return PAYLOAD + (payloadBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** Where the header of a slot begins; it takes {@link FrameHeader#BYTES}. */
    long header(int slot) {
        return SLOTS + slot * slotBytes();
    }

    /** Where the payload of a slot begins. */
    long payload(int slot) {
        return header(slot) + PAYLOAD;
    }
}
