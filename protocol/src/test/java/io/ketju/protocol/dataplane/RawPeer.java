package io.ketju.protocol.dataplane;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.ketju.protocol.frame.Checksum;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The other side as a plain socket, so that it can say anything. */
final class RawPeer implements AutoCloseable {
    record Frame(FrameHeader header, ByteString payload) {}

    private final Socket socket;

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
    }

    static RawPeer connect(InetSocketAddress to) throws IOException {
        return new RawPeer(new Socket(to.getAddress(), to.getPort()));
    }

    /** Connects and gets through the handshake. */
    static RawPeer open(InetSocketAddress to, EdgeId edge) throws IOException {
        RawPeer peer = connect(to);
        peer.write(message(FrameKind.HELLO, edge, Hellos.of(edge, "test", false)));
        Frame answer = peer.read();
        if (answer.header().kind() != FrameKind.WELCOME) {
            throw new AssertionError("expected WELCOME, found " + answer.header());
        }
        return peer;
    }

    SocketAddress local() {
        return socket.getLocalSocketAddress();
    }

    SocketAddress remote() {
        return socket.getRemoteSocketAddress();
    }

    static byte[] message(FrameKind kind, EdgeId edge, MessageLite message) {
        byte[] payload = message.toByteArray();
        return frame(new MessageHeader(kind, edge, payload.length), payload);
    }

    static byte[] tensor(EdgeId edge, FrameKey key, Shape shape, byte[] payload) {
        return frame(new TensorHeader(edge, key, DType.FLOAT32, shape), payload);
    }

    /** A zero tensor. */
    static byte[] tensor(EdgeId edge, FrameKey key, Shape shape) {
        return tensor(edge, key, shape, new byte[(int) shape.bytes()]);
    }

    static byte[] frame(FrameHeader header, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(FrameHeader.BYTES + payload.length + FrameHeader.TRAILER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        header.encode(frame);
        return frame.put(payload).putInt(Checksum.of(ByteBuffer.wrap(payload))).array();
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void write(byte[] bytes, int from, int to) throws IOException {
        socket.getOutputStream().write(bytes, from, to - from);
    }

    /** The next frame that is no heartbeat; throws {@link EOFException} at the end of the stream. */
    Frame read() throws IOException {
        while (true) {
            FrameHeader header = FrameHeader.decode(ByteBuffer.wrap(exactly(FrameHeader.BYTES)));
            ByteString payload = ByteString.copyFrom(exactly((int) header.payloadBytes()));
            exactly(FrameHeader.TRAILER_BYTES);
            if (header.kind() != FrameKind.HEARTBEAT) {
                return new Frame(header, payload);
            }
        }
    }

    /** Reads until the other side ends. */
    void awaitEnd() throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private byte[] exactly(int count) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the other side ended after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    /** Ends as a killed process ends whose last bytes nobody waits for. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
