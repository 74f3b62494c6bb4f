package io.ketju.cluster.security;

/**
 * Which form of the control messages a node speaks. Both sides tell it before the first message, so that none is ever
 * misread; nodes of different versions form no cluster. Raise it with every change of the messages that an older node would
 * take for something else.
 */
final class ControlVersion {
    static final int NUMBER = 3;

    /** As TLS names it (ALPN, RFC 7301). */
    static final String NAME = "ketju-control/" + NUMBER;

    private ControlVersion() {}

    /** One line for a node that speaks another. */
    static String refusal(String others) {
        return "it speaks " + others + ", this node " + NAME + "; run one version of Ketju on all nodes";
    }
}
