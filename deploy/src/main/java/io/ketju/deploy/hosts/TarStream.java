package io.ketju.deploy.hosts;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes files as a tar archive, in the form of POSIX.1-1988 (ustar): names of at most 100 bytes, plain files, for their owner alone. */
final class TarStream {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;
    private static final int CHECKSUM = 148;

    private final OutputStream out;

    /** The stream stays the caller's. */
    TarStream(OutputStream out) {
        this.out = out;
    }

    /** Adds a file; throws {@link IOException} if it changes its length meanwhile. */
    void add(String name, Path file, boolean executable) throws IOException {
        long size = Files.size(file);
        out.write(header(name, size, executable));
        long copied = Files.copy(file, out);
        if (copied != size) {
            throw new IOException(file + ": changed while it was copied");
        }
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }

    /** The end of the archive. */
    void end() throws IOException {
        out.write(new byte[2 * BLOCK]);
    }

    private static byte[] header(String name, long size, boolean executable) throws IOException {
        byte[] header = new byte[BLOCK];
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new IOException(name + ": expected a name of at most " + LONGEST_NAME + " bytes");
        }
        put(header, 0, name);
        put(header, 100, executable ? "0000700" : "0000600");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, String.format(Locale.ROOT, "%011o", size));
        put(header, 136, "00000000000");
        put(header, CHECKSUM, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar\0" + "00");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xFF;
        }
        put(header, CHECKSUM, String.format(Locale.ROOT, "%06o", sum) + "\0 ");
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
