package io.ketju.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
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

    /** Counts what was taken from it. */
    private static final class CountedStream extends FilterInputStream {
        private long count;

        CountedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count += Math.max(read, 0);
            return read;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = super.skip(n);
            count += skipped;
            return skipped;
        }
    }

    /** The JDK's stream ends in silence at the first bytes behind a member that are no other member. */
    private static final class WholeGzip extends GZIPInputStream {
        private static final int TRAILER_BYTES = 8;

        private final CountedStream packed;
        private long filled;

        WholeGzip(CountedStream packed) throws IOException {
            super(packed, BUFFER_BYTES);
            this.packed = packed;
        }

        @Override
        protected void fill() throws IOException {
            super.fill();
            filled = packed.count;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            // What the decoder has not used of its last fill begins with the trailer of the last member.
            if (read < 0 && (packed.count > filled - inf.getRemaining() + TRAILER_BYTES || packed.read() >= 0)) {
                throw new ZipException("other bytes after the end of the gzip data");
            }
            return read;
        }
    }

    /**
     * Unpacks one gzip member or several one after another. Reading the content throws {@link ZipException} if anything else
     * follows them: a file that was damaged, or is not what it is taken for.
     *
     * @param in at its first byte; closed with the result, and by its owner if this throws
     * @param source what errors call the file
     * @return the unpacked content
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
            return new WholeGzip(new CountedStream(buffered));
        } catch (EOFException e) {
            throw BadDataException.atByte(source, 0, "a gzip header", "the end of the file (truncated)");
        } catch (ZipException e) {
            throw BadDataException.atByte(source, 0, "a gzip header", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }
}
