package io.ketju.benchmarks.dataplane;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.zip.CRC32C;

/** The yardstick: two blocking sockets over loopback, off-heap buffers, a thread on either side. */
final class SocketCopy implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final SocketChannel sender;
    private final SocketChannel receiver;
    private final ByteBuffer source;
    private final ByteBuffer sink;
    private final boolean checksums;

    /**
     * @param checksums whether both sides compute CRC32C over every tensor, as the data plane does
     */
    SocketCopy(int bytes, boolean checksums) throws IOException {
        this.checksums = checksums;
        source = arena.allocate(bytes, 64).asByteBuffer();
        sink = arena.allocate(bytes, 64).asByteBuffer();
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            sender = SocketChannel.open(server.getLocalAddress());
            receiver = server.accept();
        }
        sender.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Sends so many tensors and waits until the last has arrived. */
    void copy(int count) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                for (int i = 0; i < count; i++) {
                    check(source);
                    source.clear();
                    while (source.hasRemaining()) {
                        sender.write(source);
                    }
                }
                sent.complete(null);
            } catch (IOException e) {
                sent.completeExceptionally(e);
            }
        });
        try {
            for (int i = 0; i < count; i++) {
                sink.clear();
                while (sink.hasRemaining()) {
                    if (receiver.read(sink) < 0) {
                        throw new EOFException("the sender is gone");
                    }
                }
                check(sink);
            }
            sent.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (CompletionException e) {
            throw new IllegalStateException("the copy failed", e.getCause());
        }
    }

    private void check(ByteBuffer bytes) {
        if (checksums) {
            CRC32C crc = new CRC32C();
            crc.update(bytes.clear());
            if (crc.getValue() < 0) {
                throw new AssertionError("a checksum is not negative");
            }
        }
    }

    @Override
    public void close() throws IOException {
        sender.close();
        receiver.close();
        arena.close();
    }
}
