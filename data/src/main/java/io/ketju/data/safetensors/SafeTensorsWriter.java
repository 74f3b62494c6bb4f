package io.ketju.data.safetensors;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes safetensors files. Equal names, tensors, order and metadata give equal bytes. Values are written as they are,
 * NaN included: whoever must not store one looks before.
 */
public final class SafeTensorsWriter {
    private static final int CHUNK_BYTES = 1 << 20;

    private SafeTensorsWriter() {}

    /**
     * Writes a whole file. Meant to be the content of a {@code DurableFile}; does not close the channel.
     *
     * @param out takes the whole file
     * @param tensors in the order they get in the file; the memory is only read
     * @param metadata free text, written in its iteration order: give a sorted or linked map, or an empty one
     * @throws IllegalArgumentException if a name is empty, reserved or given twice, or the header gets too long
     * @throws IOException as the channel does
     * @throws UnsupportedOperationException on a machine that is not little-endian
     */
    public static void write(WritableByteChannel out, List<NamedTensor> tensors, Map<String, String> metadata)
            throws IOException {
        checkByteOrder();
        checkNames(tensors);
        byte[] header = SafeTensorsHeader.of(tensors, metadata).toJson();
        if (header.length > SafeTensorsHeader.MAX_BYTES) {
            throw new IllegalArgumentException("the header of these " + tensors.size() + " tensors takes "
                    + header.length + " bytes, the limit is " + SafeTensorsHeader.MAX_BYTES);
        }
        ByteBuffer start = ByteBuffer.allocate(SafeTensorsHeader.LENGTH_BYTES + header.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .flip();
        writeFully(out, start);
        for (NamedTensor named : tensors) {
            write(out, named.tensor().segment());
        }
    }

    /** Bytes move between memory and file unchanged, so both must be little-endian. */
    static void checkByteOrder() {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new UnsupportedOperationException("safetensors files need a little-endian machine");
        }
    }

    private static void checkNames(List<NamedTensor> tensors) {
        if (tensors.size() > SafeTensorsHeader.MAX_TENSORS) {
            throw new IllegalArgumentException(
                    "at most " + SafeTensorsHeader.MAX_TENSORS + " tensors fit one file, got " + tensors.size());
        }
        Set<String> names = new HashSet<>();
        for (NamedTensor named : tensors) {
            String name = named.name();
            if (name.isEmpty() || name.equals(SafeTensorsHeader.METADATA)) {
                throw new IllegalArgumentException("a tensor cannot be named '" + name + "'");
            }
            if (!names.add(name)) {
                throw new IllegalArgumentException("two tensors are named '" + name + "'");
            }
        }
    }

    // In chunks: a ByteBuffer ends at 2 GiB, and what was just hashed is still in the cache when it is written.
    private static void write(WritableByteChannel out, MemorySegment segment) throws IOException {
        for (long at = 0; at < segment.byteSize(); at += CHUNK_BYTES) {
            long length = Math.min(CHUNK_BYTES, segment.byteSize() - at);
            writeFully(out, segment.asSlice(at, length).asByteBuffer());
        }
    }

    private static void writeFully(WritableByteChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
