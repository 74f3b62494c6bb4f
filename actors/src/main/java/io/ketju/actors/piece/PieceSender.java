package io.ketju.actors.piece;

import io.ketju.data.file.DigestChannel;
import io.ketju.data.file.FileDigest;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends files in pieces, one file at a time, and waits while all its buffers are on their way: however large a file is, it takes
 * {@link #BUFFERS} pieces of memory, and one that is being filled. Waits for a receiver that lives as long as that takes; of one that
 * does not, the link tells. Used on threads that may block. Close it after the transport: it reads from the buffers.
 */
public final class PieceSender implements AutoCloseable {
    /** Of every piece but the last of a file: large enough that a message for each costs nothing. */
    public static final int BYTES = 256 << 10;

    /** Pieces of one way that are under way at a time: one is written, one is sent, one is taken, one waits. */
    public static final int BUFFERS = 4;

    private static final long LOOK_MILLIS = 100;

    /** Writes the whole content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes front to back; what it throws leaves the file without its seal.
         *
         * @param out takes the bytes, waits while all buffers are under way, and knows what was written
         * @throws IOException if the content cannot be had, or the way broke
         */
        void writeTo(DigestChannel out) throws IOException;
    }

    private final Semaphore free = new Semaphore(BUFFERS);
    private @Nullable TensorPool pool;

    /** One that takes no memory until it sends something. */
    public PieceSender() {}

    /**
     * Sends a file as it is written; when this returns, its last piece is on its way.
     *
     * @param link by which it goes; stays the caller's
     * @param file what its pieces are called by
     * @param behind how many files are to follow it
     * @param content whole words of four bytes, as safetensors files are
     * @return what was sent
     * @throws IOException one line: what the content threw, or that the way broke
     */
    public synchronized FileDigest send(PieceLink link, long file, int behind, Content content) throws IOException {
        Pieces pieces = new Pieces(link, file);
        DigestChannel out = new DigestChannel(pieces);
        content.writeTo(out);
        pieces.flush();
        FileDigest sent = out.digest();
        pieces.send(new FileSeal(sent, behind).bytes(), true);
        return sent;
    }

    /**
     * Returns when all that was sent, by whatever way, has left.
     *
     * @param link asked meanwhile whether it is whole
     * @throws IOException with one line if it broke
     */
    public synchronized void awaitSent(PieceLink link) throws IOException {
        try {
            while (!free.tryAcquire(BUFFERS, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                link.requireWhole();
            }
            free.release(BUFFERS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("ended while a file was sent");
        }
    }

    /** Most senders never send anything: the buffers are taken with the first file. */
    private TensorPool pool() {
        TensorPool made = pool;
        if (made == null) {
            made = new TensorPool("pieces of files", BYTES, BUFFERS);
            made.onRelease(free::release);
            pool = made;
        }
        return made;
    }

    /** A second call does nothing. */
    @Override
    public synchronized void close() {
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }

    /** One file: collects a piece, and sends it when it is full. */
    private final class Pieces implements WritableByteChannel {
        private final PieceLink link;
        private final long file;
        private final ByteBuffer filling = ByteBuffer.allocate(BYTES);
        private int piece;

        Pieces(PieceLink link, long file) {
            this.link = link;
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int bytes = source.remaining();
            while (source.hasRemaining()) {
                int taken = Math.min(source.remaining(), filling.remaining());
                filling.put(source.slice(source.position(), taken));
                source.position(source.position() + taken);
                if (!filling.hasRemaining()) {
                    flush();
                }
            }
            return bytes;
        }

        void flush() throws IOException {
            if (filling.position() > 0) {
                send(filling.flip(), false);
                filling.clear();
            }
        }

        void send(ByteBuffer bytes, boolean seal) throws IOException {
            int words = Math.ceilDiv(bytes.remaining(), Integer.BYTES);
            if (words * Integer.BYTES != bytes.remaining()) {
                throw new IOException("expected a file of whole words of " + Integer.BYTES + " bytes, found "
                        + bytes.remaining() + " bytes in its last piece");
            }
            TensorLease lease = lease(words);
            lease.tensor().segment().copyFrom(MemorySegment.ofBuffer(bytes));
            try {
                link.send(new PieceKey(file, piece++, seal), lease);
            } catch (RuntimeException e) {
                lease.close();
                throw new IOException("piece " + (piece - 1) + " cannot be sent: " + e.getMessage(), e);
            }
        }

        private TensorLease lease(int words) throws IOException {
            try {
                while (!free.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    link.requireWhole();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("ended while a file was sent");
            }
            try {
                link.requireWhole();
            } catch (IOException e) {
                free.release();
                throw e;
            }
            return pool().lease(DType.INT32, Shape.of(words));
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        /** Does nothing: a file ends with its seal. */
        @Override
        public void close() {}
    }
}
