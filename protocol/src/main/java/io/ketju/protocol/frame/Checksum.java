package io.ketju.protocol.frame;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C (Castagnoli, RFC 3720 appendix B.4) of a piece of memory. */
public final class Checksum {
    /** One ByteBuffer holds less than 2 GiB, a tensor up to 8. */
    private static final long PIECE = 1L << 30;

    private Checksum() {}

    /**
     * The checksum of what remains in a buffer.
     *
     * @param bytes read from position to limit, both of which stay
     * @return all 32 bits of it; 0 for no bytes
     */
    public static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    /**
     * The checksum of a part of a buffer.
     *
     * @param bytes read at absolute indices; position and limit stay, but move meanwhile
     * @param at index of the first byte, from 0
     * @param length number of bytes; {@code at + length} is at most the buffer's capacity
     * @return all 32 bits of it
     */
    public static int of(ByteBuffer bytes, int at, int length) {
        int position = bytes.position();
        int limit = bytes.limit();
        CRC32C crc = new CRC32C();
        crc.update(bytes.limit(at + length).position(at));
        bytes.limit(limit).position(position);
        return (int) crc.getValue();
    }

    /**
     * The checksum of a whole segment.
     *
     * @param segment of any size, also above 2 GiB
     * @return all 32 bits of it; 0 for no bytes
     */
    public static int of(MemorySegment segment) {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < segment.byteSize(); at += PIECE) {
            crc.update(segment.asSlice(at, Math.min(PIECE, segment.byteSize() - at))
                    .asByteBuffer());
        }
        return (int) crc.getValue();
    }
}
