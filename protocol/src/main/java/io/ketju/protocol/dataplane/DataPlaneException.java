package io.ketju.protocol.dataplane;

/** Why a connection could not be made or has ended: one line with the reason, the edge and the remote address. */
public final class DataPlaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What happened, for whoever decides what follows. */
    public enum Reason {
        /** The server's address is taken or not ours. */
        BIND,
        /** Nobody answers at the address. */
        UNREACHABLE,
        /** No TLS connection: one side does not trust the other's certificate, or does not speak it. */
        UNTRUSTED,
        /** The other side does not want this edge; the message says why. */
        REFUSED,
        /** No complete handshake within its deadline. */
        HANDSHAKE_TIMEOUT,
        /** The other side ended the connection without a goodbye: its process is probably gone. */
        END_OF_STREAM,
        /** The connection broke: reset, or no route any more. */
        RESET,
        /** Not one byte within the silence limit: the other side hangs, or the network is cut. */
        SILENCE,
        /** A checksum did not match. */
        CORRUPT,
        /** The other side broke the protocol. */
        PROTOCOL,
        /** The receiver on this side gave no memory or failed to take a tensor. */
        RECEIVER,
        /** The other side ended the connection for a reason of its own, which the message repeats. */
        PEER,
        /** The data plane or the edge on this side is closed. */
        CLOSED
    }

    private final Reason reason;

    DataPlaneException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    DataPlaneException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** {@return what happened} */
    public Reason reason() {
        return reason;
    }
}
