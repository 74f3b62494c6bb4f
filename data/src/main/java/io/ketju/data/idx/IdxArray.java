package io.ketju.data.idx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One IDX file of unsigned bytes.
 *
 * @param source what errors call the file
 * @param dimensions as the header has them, outermost first
 * @param memory the elements, row-major, as many as the dimensions say: on the heap, or mapped from the file
 * @param md5 of the whole unpacked file with its header, in hex: what public lists identify these files by
 */
@SuppressWarnings("ArrayRecordComponent") // made by IdxReader alone and handed on once; never compared
public record IdxArray(String source, int[] dimensions, MemorySegment memory, String md5) {
    /** The elements as an array of their own. */
    byte[] toBytes() {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    IdxHeader header() {
        return new IdxHeader(source, dimensions);
    }

    /** {@return the length of the header in bytes: the offset of the first element in the unpacked file} */
    public int headerBytes() {
        return Integer.BYTES * (1 + dimensions.length);
    }
}
