package io.ketju.data.archive;

import io.ketju.data.BadDataException;
import io.ketju.data.Gzip;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/** The files in a gzipped tar, one after another; nothing is written to disk, whatever their names are. */
final class TgzFiles {
    /** Most bytes of all header records of one entry: names and attributes, which the tar library keeps in memory. */
    static final int MAX_HEADER_BYTES = 1 << 16;

    /** Most zeros behind the last entry; tar fills its blocks with them. */
    private static final int MAX_PADDING_BYTES = 1 << 20;

    private TgzFiles() {}

    /** Visits every file in the order of the archive; throws {@link BadDataException} if it is damaged. */
    static void each(Path archive, ArchivedFiles.Visit visit) {
        String source = archive.toString();
        try (InputStream file = Files.newInputStream(archive)) {
            each(Gzip.open(file, source), source, visit);
        } catch (EOFException e) {
            throw BadDataException.of(source, "a whole .tgz", "the end of the file (truncated)");
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }

    /** As {@link #each(Path, Visit)}, of the unpacked archive. */
    static void each(InputStream unpacked, String source, ArchivedFiles.Visit visit) throws IOException {
        HeaderGuard guard = new HeaderGuard(unpacked, source);
        TarArchiveInputStream tar = new TarArchiveInputStream(guard);
        byte[] rest = new byte[MAX_HEADER_BYTES];
        for (TarArchiveEntry entry = guard.header(tar); entry != null; entry = guard.header(tar)) {
            if (entry.isFile()) {
                visit.file(entry.getName(), tar);
            }
            int read;
            do {
                read = tar.read(rest);
            } while (read >= 0);
        }
        requireEnd(unpacked, source);
    }

    /** Reads to the end of the gzip data, whose checksum is there. */
    private static void requireEnd(InputStream unpacked, String source) throws IOException {
        for (byte padding : unpacked.readNBytes(MAX_PADDING_BYTES)) {
            if (padding != 0) {
                throw BadDataException.of(source, "nothing but zeros after the last entry", "more bytes");
            }
        }
        if (unpacked.read() >= 0) {
            throw BadDataException.of(source, "the end of the file", "over 1 MiB of zeros after the last entry");
        }
    }

    /** Lets through only so many bytes while the library looks for the next entry. */
    private static final class HeaderGuard extends FilterInputStream {
        private final String source;
        private long left = Long.MAX_VALUE;

        HeaderGuard(InputStream in, String source) {
            super(in);
            this.source = source;
        }

        /** The next entry, or null; the content of the one before has been read. */
        @Nullable
        TarArchiveEntry header(TarArchiveInputStream tar) throws IOException {
            left = MAX_HEADER_BYTES;
            TarArchiveEntry entry = tar.getNextEntry();
            left = Long.MAX_VALUE;
            return entry;
        }

        @Override
        public int read() throws IOException {
            take(1);
            return super.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            take(Math.max(read, 0));
            return read;
        }

        @Override
        public long skip(long n) throws IOException {
            long skipped = super.skip(n);
            take(skipped);
            return skipped;
        }

        private void take(long bytes) {
            left -= bytes;
            if (left < 0) {
                throw BadDataException.of(
                        source,
                        "at most " + MAX_HEADER_BYTES + " bytes of name and attributes for an entry of the archive",
                        "more");
            }
        }
    }
}
