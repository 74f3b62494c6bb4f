package io.ketju.actors.piece;

import io.ketju.data.file.FileDigest;
import io.ketju.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * The last piece of a file, little-endian.
 *
 * <pre>
 *  word   0        1        2  ...  9        10
 *      +-----------------+-----------------+--------+
 *      |  bytes of the   |   SHA-256 of    |  files |
 *      |      file       |      them       | behind |
 *      +-----------------+-----------------+--------+
 * </pre>
 *
 * @param digest of the whole file
 * @param behind how many files follow on the same way, 0 or more
 */
public record FileSeal(FileDigest digest, int behind) {
    /** Length in words of four bytes. */
    public static final int WORDS = 11;

    private static final int SHA_BYTES = 32;

    /** The bytes of it, from position to limit. */
    ByteBuffer bytes() {
        return ByteBuffer.allocate(WORDS * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(digest.length())
                .put(HexFormat.of().parseHex(digest.sha256()))
                .putInt(behind)
                .flip();
    }

    /**
     * {@return the seal that a piece holds}
     *
     * @param piece of {@link #WORDS} elements, which is only read
     * @throws BrokenFileException with one line if it is no seal
     */
    public static FileSeal of(Tensor piece) throws BrokenFileException {
        if (piece.elements() != WORDS) {
            throw new BrokenFileException(
                    "expected a seal of " + WORDS + " words at the end of a file, found " + piece.elements());
        }
        ByteBuffer bytes = piece.segment().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long length = bytes.getLong();
        byte[] sha256 = new byte[SHA_BYTES];
        bytes.get(sha256);
        int behind = bytes.getInt();
        if (length < 0 || behind < 0) {
            throw new BrokenFileException("expected a seal with numbers from 0 on, found " + length + " and " + behind);
        }
        return new FileSeal(new FileDigest(length, HexFormat.of().formatHex(sha256)), behind);
    }

    /**
     * Looks whether this is the seal of what has come.
     *
     * @param found digest of all bytes that came before the seal
     * @throws BrokenFileException with one line unless length and SHA-256 are those of the seal
     */
    public void require(FileDigest found) throws BrokenFileException {
        if (!found.equals(digest)) {
            throw new BrokenFileException("expected " + digest.length() + " bytes with SHA-256 " + digest.sha256()
                    + ", found " + found.length() + " with " + found.sha256());
        }
    }
}
