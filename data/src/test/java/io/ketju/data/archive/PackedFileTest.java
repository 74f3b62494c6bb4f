package io.ketju.data.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.data.text.TextFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedFileTest {
    private static final String TEXT = "It was the best of times.\n";

    @TempDir
    Path folder;

    @Test
    void aTextIsTheSameHoweverItIsPacked() throws IOException {
        Path plain = Files.writeString(folder.resolve("a.txt"), TEXT);
        Path gzipped = folder.resolve("a.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzipped))) {
            out.write(TEXT.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(TextFile.read(plain)).isEqualTo(TEXT);
        assertThat(TextFile.read(gzipped)).isEqualTo(TEXT);
        assertThat(TextFile.read(zip("a.zip", "books/a.txt"))).isEqualTo(TEXT);
        assertThat(TextFile.read(tar("a.tgz"))).isEqualTo(TEXT);
        assertThat(TextFile.read(tar("a.tar.gz"))).isEqualTo(TEXT);
    }

    @Test
    void anArchiveHasOneFileAndIsOne() throws IOException {
        Path two = zip("two.zip", "a.txt", "b.txt");
        assertThatThrownBy(() -> TextFile.read(two))
                .isInstanceOf(BadDataException.class)
                .hasMessage(two + ": expected an archive of one file, found several, b.txt among them");
        Path none = zip("none.zip");
        assertThatThrownBy(() -> TextFile.read(none))
                .hasMessage(none + ": expected an archive of one file, found none in it");
        Path mistaken = Files.writeString(folder.resolve("false.zip"), TEXT);
        assertThatThrownBy(() -> TextFile.read(mistaken))
                .isInstanceOf(BadDataException.class)
                .hasMessageStartingWith(mistaken + ": expected a whole .zip");
        Path absent = folder.resolve("absent.zip");
        assertThatThrownBy(() -> TextFile.read(absent)).isInstanceOf(BadDataException.class);
    }

    private Path zip(String name, String... files) throws IOException {
        Path archive = folder.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (String file : files) {
                out.putNextEntry(new ZipEntry(file));
                out.write(TEXT.getBytes(StandardCharsets.UTF_8));
            }
        }
        return archive;
    }

    private Path tar(String name) throws IOException {
        Path archive = folder.resolve(name);
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        try (TarArchiveOutputStream out =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(archive)))) {
            TarArchiveEntry entry = new TarArchiveEntry("books/a.txt");
            entry.setSize(bytes.length);
            out.putArchiveEntry(entry);
            out.write(bytes);
            out.closeArchiveEntry();
        }
        return archive;
    }
}
