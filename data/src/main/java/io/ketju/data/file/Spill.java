package io.ketju.data.file;

import io.ketju.data.BadDataException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes that are written once, one behind the other, and then read in any order: on the heap while they are few, otherwise in a
 * temporary file, of which the system holds in memory what fits. The file has no name any more once it is read from, so that
 * nothing of it is left behind. It lies where {@code java.io.tmpdir} says.
 */
public final class Spill implements AutoCloseable {
    /** As many as a data set may take of the heap before its bytes go to a file. */
    public static final long HEAP_BYTES = 256L << 20;

    private static final String SOURCE = "a temporary file for a large data set";
    private static final int BUFFER = 1 << 20;

    private final long most;
    private ByteArrayOutputStream heap = new ByteArrayOutputStream();
    private OutputStream out = heap;
    private Path file = Path.of("");
    private boolean onDisk;
    private long size;

    /**
     * Begins with no bytes, on the heap.
     *
     * @param most bytes on the heap, usually {@link #HEAP_BYTES}; with more than these, all of them move to a file
     */
    public Spill(long most) {
        this.most = most;
    }

    /** {@return the number of bytes written} */
    public long size() {
        return size;
    }

    /**
     * Writes bytes behind the others.
     *
     * @param bytes copied, so that the array may be used again
     * @throws BadDataException if the temporary file cannot be made or written, for instance because the disk is full
     */
    public void write(byte... bytes) {
        try {
            if (!onDisk && size + bytes.length > most) {
                file = Files.createTempFile("ketju-data-", ".bytes");
                out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
                heap.writeTo(out);
                heap = new ByteArrayOutputStream(0);
                onDisk = true;
            }
            out.write(bytes);
            size += bytes.length;
        } catch (IOException e) {
            throw BadDataException.unwritable(SOURCE, e);
        }
    }

    /**
     * Ends the writing; nothing may be written any more.
     *
     * @return all bytes, not to be written to; the collector gives their memory back when nobody refers to them
     * @throws BadDataException if the temporary file cannot be completed or read
     */
    public MemorySegment finish() {
        if (!onDisk) {
            return MemorySegment.ofArray(heap.toByteArray());
        }
        try {
            out.close();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
            }
        } catch (IOException e) {
            throw BadDataException.unwritable(SOURCE, e);
        } finally {
            close();
        }
    }

    /** {@return whether the bytes are in a file} */
    public boolean onDisk() {
        return onDisk;
    }

    /** The file, while it has a name; of no name where there is none. */
    Path file() {
        return file;
    }

    /** Takes the file's name away; what was read of {@link #finish} stays. */
    @Override
    public void close() {
        if (onDisk) {
            try {
                out.close();
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw BadDataException.unwritable(SOURCE, e);
            }
        }
    }
}
