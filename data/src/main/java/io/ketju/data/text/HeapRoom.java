package io.ketju.data.text;

import io.ketju.data.BadDataException;

/** How much there may be of what is held whatever the data: the part of samples is not to take more than half of the heap. */
final class HeapRoom {
    /** The order in which an epoch takes them, and for a moment that of the next. */
    static final int OF_TWO_ORDERS = 2 * Integer.BYTES;

    /** What a text and its count take, in a map of different ones, about. */
    private static final long BYTES_OF_TEXT = 256;

    /** Tokens, or what is written, of one side of one half: a set has six of these at most. */
    private static final long MOST_BYTES = 16L << 20;

    private static final int SHARE = 64;

    private HeapRoom() {}

    /** What takes more bytes lies in a file. */
    static long ofTokens() {
        return Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** At most so many different words, or names, may be held while they are counted. */
    static long mostDifferent() {
        return Runtime.getRuntime().maxMemory() / BYTES_OF_TEXT;
    }

    /** At most so many, of each of which so many bytes are held. */
    static int most(int bytesOfSample) {
        return (int) Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / (2L * bytesOfSample));
    }

    /**
     * Refuses windows whose order the heap has no room for.
     *
     * @param advice what else to take
     */
    static void requireOrder(String name, long windows, String advice) {
        int most = most(OF_TWO_ORDERS);
        if (windows > most) {
            throw BadDataException.of(
                    name,
                    "at most " + most + " windows, whose order the heap has room for",
                    windows + "; take a larger " + advice + ", or raise -Xmx");
        }
    }
}
