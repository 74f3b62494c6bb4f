package io.ketju.cluster.security;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/**
 * Shakes hands with a node on its control port, as another node would, and takes leave before a message: whoever does not get
 * through has met no node of this cluster that is alive. The node logs nothing of it, and no run notices. Used by one thread, once.
 */
public final class ControlGreeting {
    /** More than a record of TLS, and than what {@code SecretEngine} says at once. */
    private static final int BUFFER_BYTES = 1 << 16;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final InputStream in;
    private final OutputStream out;
    /** What has been received and not understood yet. */
    private final ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES);

    private final ByteBuffer plain = ByteBuffer.allocate(BUFFER_BYTES);

    private ControlGreeting(SSLEngine engine, Socket socket) throws IOException {
        this.engine = engine;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /**
     * Returns when the node has proved who it is.
     *
     * @param identity of who asks
     * @param host as the node is called; its certificate must have this name
     * @param port its control port
     * @param patience for each answer, and for the connection
     * @throws IOException with the reason, if nobody listens there, it is no node of the same cluster, it speaks another version,
     *     or an answer takes longer than {@code patience}
     */
    public static void exchange(Identity identity, String host, int port, Duration patience) throws IOException {
        int millis = Math.toIntExact(patience.toMillis());
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException("no such host");
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, millis);
            socket.setSoTimeout(millis);
            ControlGreeting greeting = new ControlGreeting(identity.connecting(host, port), socket);
            greeting.shakeHands();
            greeting.takeLeave();
        }
    }

    private void shakeHands() throws IOException {
        engine.beginHandshake();
        HandshakeStatus next = engine.getHandshakeStatus();
        while (next != HandshakeStatus.NOT_HANDSHAKING) {
            switch (next) {
                case NEED_WRAP -> write();
                case NEED_TASK ->
                    Objects.requireNonNull(engine.getDelegatedTask(), "a task").run();
                default -> read();
            }
            next = engine.getHandshakeStatus();
        }
    }

    /** TLS tells that there will be no more; without that the other side would take it for a connection that broke. */
    private void takeLeave() throws IOException {
        engine.closeOutbound();
        write();
    }

    private void write() throws IOException {
        ByteBuffer sent = ByteBuffer.allocate(BUFFER_BYTES);
        engine.wrap(NOTHING, sent);
        out.write(sent.array(), 0, sent.position());
        out.flush();
    }

    private void read() throws IOException {
        received.flip();
        SSLEngineResult result = engine.unwrap(received, plain.clear());
        received.compact();
        if (result.getStatus() == Status.CLOSED) {
            throw ended();
        }
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            int bytes = in.read(received.array(), received.position(), received.remaining());
            if (bytes <= 0) {
                throw ended();
            }
            received.position(received.position() + bytes);
        }
    }

    private static EOFException ended() {
        return new EOFException("it closed the connection");
    }
}
