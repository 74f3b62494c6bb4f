package io.ketju.data.idx;

/**
 * One IDX file of unsigned bytes.
 *
 * @param source what errors call the file
 * @param dimensions as the header has them, outermost first
 * @param bytes the elements, row-major, as many as the dimensions say
 * @param md5 of the whole unpacked file with its header, in hex: what public lists identify these files by
 */
@SuppressWarnings("ArrayRecordComponent") // made by IdxReader alone and handed on once; never compared
public record IdxArray(String source, int[] dimensions, byte[] bytes, String md5) {
    IdxHeader header() {
        return new IdxHeader(source, dimensions);
    }

    /** Length of the header: the offset of the first element in the unpacked file. */
    public int headerBytes() {
        return Integer.BYTES * (1 + dimensions.length);
    }
}
