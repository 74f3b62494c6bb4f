package io.ketju.protocol.dataplane;

import io.ketju.protocol.dataplane.message.Welcome;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameException;
import java.util.OptionalInt;

/**
 * What both sides of a connection agreed on, as the sender has it.
 *
 * @param credits tensors that may be sent at once
 * @param window the most that ever may
 * @param mostQueued tensors that wait for credit at most
 */
record EdgeTerms(EdgeId edge, int credits, int window, long maxPayloadBytes, int mostQueued) {
    static EdgeTerms of(EdgeId edge, Welcome welcome, OptionalInt maxQueued) {
        int window = welcome.getWindow();
        int credits = welcome.getCredits();
        if (window < 1 || credits < 0 || credits > window) {
            throw new FrameException(
                    FrameException.Reason.MESSAGE,
                    "WELCOME: a window has 1 or more credits, 0 to all available, got " + credits + " of " + window);
        }
        int mostQueued = maxQueued.orElse((int) Math.min(2L * window, Integer.MAX_VALUE));
        return new EdgeTerms(edge, credits, window, welcome.getMaxPayloadBytes(), mostQueued);
    }

    /** What a tensor that is too large is refused with. */
    String tooLarge(Outgoing next) {
        var shape = next.lease().tensor().shape();
        return "the receiver takes " + maxPayloadBytes + " bytes per tensor, " + shape + " has " + shape.bytes();
    }

    boolean fits(Outgoing next) {
        return next.lease().tensor().shape().bytes() <= maxPayloadBytes;
    }
}
