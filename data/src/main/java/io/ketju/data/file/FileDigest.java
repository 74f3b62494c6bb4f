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

    /** Reads a whole file. */
    public static FileDigest of(Path file) throws IOException {
        return of(List.of(file));
    }

    /** Reads whole files, as if they were one. */
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
