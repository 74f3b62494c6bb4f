package io.ketju.protocol.dataplane;

/**
 * How many connections from others a node has. Whoever has not got through its handshake takes no place of those who have:
 * they are counted apart, and when there are too many, the oldest of the address that has most of them goes. So a crowd of
 * idle strangers never stops a peer, who needs its place for some milliseconds only, not even one from the same address.
 *
 * @param taken connections that got through their handshake, 1 to 65536
 * @param takenPerAddress the same from one address, 1 to {@code taken}
 * @param unfinished connections in their handshake, 1 to 65536
 * @param unfinishedPerAddress the same from one address, 1 to {@code unfinished}
 */
public record ConnectionLimits(int taken, int takenPerAddress, int unfinished, int unfinishedPerAddress) {
    private static final int MOST = 65_536;

    /** 256 connections, all of one address if need be, beside 512 in their handshake, 256 of one address. */
    public static final ConnectionLimits DEFAULT = new ConnectionLimits(256, 256, 512, 256);

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public ConnectionLimits {
        require("connections", taken, MOST);
        require("connections per address", takenPerAddress, taken);
        require("handshakes", unfinished, MOST);
        require("handshakes per address", unfinishedPerAddress, unfinished);
    }

    private static void require(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("the data plane takes 1 to " + most + " " + what + ", got " + value);
        }
    }
}
