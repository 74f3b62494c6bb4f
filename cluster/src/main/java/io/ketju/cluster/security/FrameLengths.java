package io.ketju.cluster.security;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/**
 * Follows the bytes of one connection to the control port and refuses lengths that Pekko's own reader takes without a
 * look: one that is negative, or so large that its sum with what was read overflows, makes that reader give out the same bytes for
 * ever, also after the connection is closed.
 *
 * <pre>
 * magic  4 bytes | stream  1 byte | length  4 bytes, little endian | frame | length | frame | ...
 * </pre>
 */
final class FrameLengths {
    private static final int CONNECTION_HEADER = 5;
    private static final int LENGTH = 4;

    private final int longest;
    private int headerLeft = CONNECTION_HEADER;
    private int lengthRead;
    private int length;
    private int frameLeft;

    /** @param longest bytes of the longest frame */
    FrameLengths(int longest) {
        this.longest = longest;
    }

    /**
     * Looks at what has arrived; the buffer stays as it is. Throws {@link SSLException} for a length that no frame has.
     *
     * @param from the first byte
     * @param to the byte behind the last
     */
    void check(ByteBuffer bytes, int from, int to) throws SSLException {
        int at = from;
        while (at < to) {
            if (headerLeft > 0) {
                int taken = Math.min(headerLeft, to - at);
                headerLeft -= taken;
                at += taken;
            } else if (frameLeft > 0) {
                int taken = Math.min(frameLeft, to - at);
                frameLeft -= taken;
                at += taken;
            } else {
                lengthByte(bytes.get(at++) & 0xFF);
            }
        }
    }

    private void lengthByte(int value) throws SSLException {
        length |= value << (8 * lengthRead++);
        if (lengthRead == LENGTH) {
            if (length < 0 || length > longest) {
                throw new SSLException("a control message of " + Integer.toUnsignedString(length)
                        + " bytes, expected at most " + longest);
            }
            frameLeft = length;
            length = 0;
            lengthRead = 0;
        }
    }
}
