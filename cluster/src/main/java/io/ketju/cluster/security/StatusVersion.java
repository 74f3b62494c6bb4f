package io.ketju.cluster.security;

/** Which form of asking for a node's status is spoken; it outlives versions of the control messages. */
final class StatusVersion {
    static final int NUMBER = 1;

    /** As TLS names it (ALPN, RFC 7301). */
    static final String NAME = "ketju-status/" + NUMBER;

    /** Bytes of the longest answer; before it comes its length, four bytes. */
    static final int LONGEST = 1 << 20;

    private StatusVersion() {}
}
