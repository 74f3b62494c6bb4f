package io.ketju.cluster.security;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * Asks the node at a control port for its status: one connection, which proves who asks and is answered once. It blocks its thread, for
 * no longer than it may.
 */
public final class StatusConnection {
    /** Room for two records of TLS. */
    private static final int ROOM = 40_000;

    private static final ByteBuffer[] NOTHING = {ByteBuffer.allocate(0)};

    private final SSLEngine engine;
    private final Socket socket;
    private final long deadline;
    private final ByteBuffer network = ByteBuffer.allocate(ROOM).flip();
    private final ByteBuffer plain = ByteBuffer.allocate(ROOM);
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();

    private StatusConnection(SSLEngine engine, Socket socket, long deadline) {
        this.engine = engine;
        this.socket = socket;
        this.deadline = deadline;
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param identity of who asks
     * @param host of the node; its certificate must have this name
     * @param port its control port
     * @param patience for all of it
     * @return the answer, as the node gave it
     * @throws IOException that says in a few words why there is none
     */
    public static byte[] ask(Identity identity, String host, int port, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (Socket socket = new Socket()) {
            InetSocketAddress there = new InetSocketAddress(host, port);
            if (there.isUnresolved()) {
                throw new IOException("no such host");
            }
            socket.connect(there, millisLeft(deadline));
            SSLEngine engine = identity.asking(host, port);
            return new StatusConnection(engine, socket, deadline).whole();
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer within " + patience.toSeconds() + " s", e);
        }
    }

    private byte[] whole() throws IOException {
        engine.beginHandshake();
        boolean more = true;
        while (more) {
            more = switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTask();
                case NEED_WRAP -> write();
                default -> read();
            };
        }
        byte[] all = answer.toByteArray();
        if (all.length < Integer.BYTES) {
            throw new IOException("it closed the connection: it is no node, or one of another version of Ketju, or does"
                    + " not know who asks");
        }
        int length = ByteBuffer.wrap(all).getInt();
        if (length != all.length - Integer.BYTES) {
            throw new IOException("its answer was cut off");
        }
        return Arrays.copyOfRange(all, Integer.BYTES, all.length);
    }

    private boolean runTask() {
        Runnable task = engine.getDelegatedTask();
        if (task != null) {
            task.run();
        }
        return true;
    }

    private boolean write() throws IOException {
        ByteBuffer out = ByteBuffer.allocate(ROOM);
        SSLEngineResult result = engine.wrap(NOTHING, 0, 1, out);
        socket.getOutputStream().write(out.array(), 0, out.position());
        return result.getStatus() == SSLEngineResult.Status.OK
                && (out.position() > 0 || engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP);
    }

    /** Returns whether there may be more. */
    private boolean read() throws IOException {
        SSLEngineResult result = engine.unwrap(network, new ByteBuffer[] {plain}, 0, 1);
        answer.write(plain.array(), 0, plain.position());
        plain.clear();
        if (answer.size() > StatusVersion.LONGEST + Integer.BYTES) {
            throw new IOException("an answer of more than " + StatusVersion.LONGEST + " bytes");
        }
        return switch (result.getStatus()) {
            case CLOSED -> false;
            case BUFFER_UNDERFLOW -> fill();
            case OK, BUFFER_OVERFLOW -> true;
        };
    }

    private boolean fill() throws IOException {
        network.compact();
        socket.setSoTimeout(millisLeft(deadline));
        InputStream in = socket.getInputStream();
        int count = in.read(network.array(), network.position(), network.remaining());
        network.position(network.position() + Math.max(0, count));
        network.flip();
        return count >= 0;
    }

    private static int millisLeft(long deadline) throws SocketTimeoutException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }
}
