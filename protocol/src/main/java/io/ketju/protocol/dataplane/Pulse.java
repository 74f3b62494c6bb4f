package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.FrameException;

/**
 * Whether the other side of a connection lives, and whether it does more than a peer does. A frame that has begun and goes on
 * by single bytes is no sign of life, and frames that carry nothing cost something if they come in masses. Pure; times are
 * counted in beats.
 */
final class Pulse {
    /** What must come of a frame from one beat to the next, if it does not end. */
    static final int LEAST_BYTES = 1024;
    /**
     * Frames without content from one beat to the next. No peer comes near: each of its wake-ups is a system call, and a whole
     * socket buffer of them, read after a pause, has a quarter as many.
     */
    static final int MOST_BARE = 1 << 18;

    private final DataPlaneOptions.Timing timing;
    private long bytes;
    private boolean whole;
    private int bare;
    private long silentNanos;
    private boolean trickles;

    Pulse(DataPlaneOptions.Timing timing) {
        this.timing = timing;
    }

    /** Some bytes came. */
    void bytes(int count) {
        bytes += count;
    }

    /** A frame is complete. */
    void frame() {
        whole = true;
    }

    /** A frame without content came; throws {@link FrameException} if it is one too many. */
    void bare() {
        bare++;
        if (bare > MOST_BARE) {
            throw new FrameException(
                    FrameException.Reason.UNEXPECTED,
                    "more than " + MOST_BARE + " empty frames within "
                            + timing.heartbeat().toMillis() + " ms");
        }
    }

    /** A beat is over; true if the other side has been silent for too long. */
    boolean beat() {
        silentNanos = whole || bytes >= LEAST_BYTES
                ? 0
                : silentNanos + timing.heartbeat().toNanos();
        trickles = silentNanos > 0 && (trickles || bytes > 0);
        bytes = 0;
        whole = false;
        bare = 0;
        return silentNanos >= timing.silence().toNanos();
    }

    /** What the silence was. */
    String silence() {
        String time = timing.silence().toMillis() + " ms";
        return trickles ? "a frame does not end: a few bytes of it in " + time : "not a byte for " + time;
    }
}
