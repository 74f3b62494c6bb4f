package io.ketju.cluster.security;

import java.nio.charset.StandardCharsets;

/** What somebody opens a connection to a control port for; both sides agree on it before anything else is said. */
enum ConnectionPurpose {
    /** Messages of the cluster. */
    CONTROL(0, ControlVersion.NUMBER, ControlVersion.NAME, "") {
        @Override
        String refusal(String others) {
            return ControlVersion.refusal(others);
        }
    },

    /** One answer: what the node does. */
    STATUS(1, StatusVersion.NUMBER, StatusVersion.NAME, " for status") {
        @Override
        String refusal(String others) {
            return "it asks by " + others + ", this node answers " + StatusVersion.NAME;
        }
    };

    private final int code;
    private final int version;
    private final String protocol;
    private final String suffix;

    ConnectionPurpose(int code, int version, String protocol, String suffix) {
        this.code = code;
        this.version = version;
        this.protocol = protocol;
        this.suffix = suffix;
    }

    /** In the greeting of connections within one machine. */
    byte code() {
        return (byte) code;
    }

    /** In the same greeting. */
    byte version() {
        return (byte) version;
    }

    /** As TLS names it. */
    String protocol() {
        return protocol;
    }

    /** What a side proves: of one purpose it says nothing for another. */
    byte[] proof(String side) {
        return (side + suffix).getBytes(StandardCharsets.US_ASCII);
    }

    /** One line for somebody who speaks another version. */
    abstract String refusal(String others);
}
