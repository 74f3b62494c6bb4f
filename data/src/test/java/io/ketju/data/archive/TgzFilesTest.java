package io.ketju.data.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TgzFilesTest {
    private static final long PROMISED = 3L << 30;

    /** Letters without end, of which it knows how many were taken. */
    private static final class Endless extends InputStream {
        private final byte letter;
        private long taken;

        Endless(char letter) {
            this.letter = (byte) letter;
        }

        @Override
        public int read() {
            taken++;
            return letter;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            Arrays.fill(bytes, offset, offset + length, letter);
            taken += length;
            return length;
        }
    }

    @ParameterizedTest
    @ValueSource(
            bytes = {
                TarConstants.LF_GNUTYPE_LONGNAME,
                TarConstants.LF_GNUTYPE_LONGLINK,
                TarConstants.LF_PAX_EXTENDED_HEADER_LC,
                TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER
            })
    void headersWithoutEndAreRefusedAfterAFewBytes(byte type) {
        for (char letter : new char[] {0, 'a', '1', '\n'}) {
            Endless rest = new Endless(letter);
            InputStream archive = new SequenceInputStream(new ByteArrayInputStream(header(type, PROMISED)), rest);
            assertThatThrownBy(() -> TgzFiles.each(archive, "set.tgz", (name, content) -> {}))
                    .as("entry of type %c full of %d", type, (int) letter)
                    .isInstanceOfAny(BadDataException.class, IOException.class);
            assertThat(rest.taken).isLessThan(4L * TgzFiles.MAX_HEADER_BYTES);
        }
    }

    @Test
    void aLongNameIsOneLine() {
        InputStream archive = new SequenceInputStream(
                new ByteArrayInputStream(header(TarConstants.LF_GNUTYPE_LONGNAME, PROMISED)), new Endless('n'));
        assertThatThrownBy(() -> TgzFiles.each(archive, "set.tgz", (name, content) -> {}))
                .isInstanceOf(BadDataException.class)
                .hasMessage("set.tgz: expected at most 65536 bytes of name and attributes for an entry of the archive,"
                        + " found more");
    }

    @Test
    void filesMayBeLargeAndNamesLong() throws IOException {
        String longName = "folder/".repeat(200) + "file";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            put(tar, "large", 1_000_000);
            put(tar, longName, 3);
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            put(tar, longName, 5);
        }
        List<String> seen = new ArrayList<>();
        TgzFiles.each(new ByteArrayInputStream(bytes.toByteArray()), "set.tgz", (name, content) -> seen.add(name));
        assertThat(seen).containsExactly("large", longName, longName);
    }

    @Test
    void nothingFollowsTheLastEntry() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            put(tar, "file", 3);
        }
        // More than the block of tar that ends the archive.
        bytes.write("more".repeat(5000).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() ->
                        TgzFiles.each(new ByteArrayInputStream(bytes.toByteArray()), "set.tgz", (name, content) -> {}))
                .hasMessage("set.tgz: expected nothing but zeros after the last entry, found more bytes");
        Endless zeros = new Endless((char) 0);
        assertThatThrownBy(() -> TgzFiles.each(zeros, "set.tgz", (name, content) -> {}))
                .hasMessage("set.tgz: expected the end of the file, found over 1 MiB of zeros after the last entry");
        assertThat(zeros.taken).isLessThan(2 << 20);
    }

    private static void put(TarArchiveOutputStream tar, String name, int size) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(size);
        tar.putArchiveEntry(entry);
        tar.write(new byte[size]);
        tar.closeArchiveEntry();
    }

    private static byte[] header(byte type, long size) {
        TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", type);
        entry.setSize(size);
        byte[] header = new byte[TarConstants.DEFAULT_RCDSIZE];
        entry.writeEntryHeader(header);
        return header;
    }
}
