package io.ketju.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens gzipped files, with errors that name the file. */
public final class Gzip {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte[] MAGIC = {0x1F, (byte) 0x8B};

    private Gzip() {}

    /**
     * The unpacked content. Does not close the stream when it throws.
     *
     * @param source what errors call the file
     * @throws BadDataException if the stream does not begin with a gzip header
     */
    public static InputStream open(InputStream in, String source) {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
        try {
            buffered.mark(MAGIC.length);
            byte[] start = buffered.readNBytes(MAGIC.length);
            buffered.reset();
            if (!Arrays.equals(start, MAGIC)) {
                throw BadDataException.atByte(
                        source,
                        0,
                        "gzip magic " + HexFormat.of().formatHex(MAGIC),
                        start.length == 0 ? "an empty file" : HexFormat.of().formatHex(start));
            }
            return new GZIPInputStream(buffered, BUFFER_BYTES);
        } catch (EOFException e) {
            throw BadDataException.atByte(source, 0, "a gzip header", "the end of the file (truncated)");
        } catch (ZipException e) {
            throw BadDataException.atByte(source, 0, "a gzip header", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }
}
