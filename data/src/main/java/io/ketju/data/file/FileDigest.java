package io.ketju.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * What a manifest notes of a file.
 *
 * @param length in bytes
 * @param sha256 of all bytes, 64 lower-case hex digits
 */
public record FileDigest(long length, String sha256) {
    private static final int BUFFER_BYTES = 1 << 18;

    /**
     * {@return length and hash of a whole file, which is read once and not held in memory}
     *
     * @param file to read
     * @throws IOException if it cannot be opened or read
     */
    public static FileDigest of(Path file) throws IOException {
        return of(List.of(file));
    }

    /**
     * {@return length and hash of whole files, as if they were one}
     *
     * @param files in the order in which they are joined; with none, the hash of no bytes
     * @throws IOException if one cannot be opened or read
     */
    public static FileDigest of(List<Path> files) throws IOException {
        DigestChannel digest = DigestChannel.discarding();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (Path file : files) {
            try (FileChannel in = FileChannel.open(file)) {
                while (in.read(buffer.clear()) >= 0) {
                    digest.write(buffer.flip());
                }
            }
        }
        return digest.digest();
    }
}
