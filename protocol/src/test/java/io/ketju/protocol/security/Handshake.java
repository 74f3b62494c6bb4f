package io.ketju.protocol.security;

import java.nio.ByteBuffer;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Two engines that shake hands in memory, and then exchange one byte each way, so that both have seen the other's certificate. */
final class Handshake {
    private final ByteBuffer toAccepting = ByteBuffer.allocate(1 << 16);
    private final ByteBuffer toConnecting = ByteBuffer.allocate(1 << 16);

    private Handshake() {}

    /** Throws the {@link SSLException} of the first side that refuses. */
    static void run(SSLEngine connecting, SSLEngine accepting) throws SSLException {
        Handshake wire = new Handshake();
        connecting.beginHandshake();
        accepting.beginHandshake();
        for (int turn = 0; turn < 20; turn++) {
            write(connecting, wire.toAccepting);
            read(accepting, wire.toAccepting);
            write(accepting, wire.toConnecting);
            read(connecting, wire.toConnecting);
        }
        if (unfinished(connecting) || unfinished(accepting)) {
            throw new IllegalStateException(
                    "not done: " + connecting.getHandshakeStatus() + ", " + accepting.getHandshakeStatus());
        }
    }

    private static boolean unfinished(SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
                || engine.getSession().getProtocol().equals("NONE");
    }

    private static void write(SSLEngine from, ByteBuffer wire) throws SSLException {
        do {
            tasks(from);
            from.wrap(ByteBuffer.wrap(new byte[] {1}), wire);
            tasks(from);
        } while (from.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
    }

    private static void read(SSLEngine to, ByteBuffer wire) throws SSLException {
        wire.flip();
        ByteBuffer plain = ByteBuffer.allocate(1 << 16);
        int before;
        do {
            before = wire.remaining();
            to.unwrap(wire, plain);
            tasks(to);
        } while (wire.remaining() != before
                || (to.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP && wire.hasRemaining()));
        wire.compact();
    }

    private static void tasks(SSLEngine engine) {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
            Objects.requireNonNull(engine.getDelegatedTask()).run();
        }
    }
}
