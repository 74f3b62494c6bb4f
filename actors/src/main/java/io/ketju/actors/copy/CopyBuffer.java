package io.ketju.actors.copy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A stage's file of a checkpoint in memory off the heap, in chunks that are taken as bytes come and used again by the next copy. Written
 * by one thread, and read when it is whole.
 */
public final class CopyBuffer implements WritableByteChannel {
    private static final int CHUNK_BYTES = 1 << 20;

    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> chunks = new ArrayList<>();
    private CopyId id = new CopyId(0, 0, 0, 0);
    private long mostBytes;
    private long bytes;

    CopyBuffer() {}

    /** Begins another copy in place of the last one. */
    void begin(CopyId of, long most) {
        id = of;
        mostBytes = most;
        bytes = 0;
    }

    /** {@return what the copy is of that was begun last} */
    public CopyId id() {
        return id;
    }

    /** {@return the number of bytes that have come of that copy} */
    public long bytes() {
        return bytes;
    }

    /** Takes all of them; throws with one line if they are more than the plan has. */
    @Override
    public int write(ByteBuffer source) throws IOException {
        int taken = source.remaining();
        if (bytes + taken > mostBytes) {
            throw new IOException("expected a copy of at most " + mostBytes + " bytes, found more");
        }
        while (source.hasRemaining()) {
            int chunk = (int) (bytes / CHUNK_BYTES);
            if (chunk == chunks.size()) {
                chunks.add(arena.allocate(CHUNK_BYTES, Long.BYTES));
            }
            int at = (int) (bytes % CHUNK_BYTES);
            int length = Math.min(source.remaining(), CHUNK_BYTES - at);
            chunks.get(chunk).asSlice(at, length).asByteBuffer().put(source.slice(source.position(), length));
            source.position(source.position() + length);
            bytes += length;
        }
        return taken;
    }

    /**
     * Writes all of it to another channel.
     *
     * @param out stays the caller's
     * @throws IOException what that channel throws
     */
    public void copyTo(WritableByteChannel out) throws IOException {
        for (long at = 0; at < bytes; at += CHUNK_BYTES) {
            MemorySegment chunk = chunks.get((int) (at / CHUNK_BYTES));
            ByteBuffer part =
                    chunk.asSlice(0, Math.min(CHUNK_BYTES, bytes - at)).asByteBuffer();
            while (part.hasRemaining()) {
                out.write(part);
            }
        }
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    /** Frees the memory; nobody reads or writes. */
    @Override
    public void close() {
        arena.close();
    }
}
