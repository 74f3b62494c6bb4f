package io.ketju.actors.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of data that a job file names is the same data in every container that it may be in. */
class PackedDataTest {
    @TempDir
    private Path folder;

    @Test
    void aTextIsTheSameHoweverItIsPacked() throws IOException {
        requireSame("text('%s', context=4)", "novel.txt", "the old man and the sea. ".repeat(20));
        requireSame("windows('%s', min_count=1, sample=0)", "novel.txt", "the old man and the sea ".repeat(40));
    }

    @Test
    void linesAreTheSameHoweverTheyArePacked() throws IOException {
        requireSame("pairs('%s', test=2)", "pairs.tsv", "a b\tx y\nb a\ty x\n".repeat(5));
        requireSame("lines('%s', test=2)", "lines.tsv", "a b\tup\nb a\tdown\n".repeat(5));
        requireSame("table('%s', price)", "rows.csv", "size,price\n1,2\n2,3\n3,5\n4,6\n5,9\n");
        Path first = folder.resolve("first.txt");
        Files.writeString(first, "a b\nb a\n".repeat(5));
        requireSame("pairs('" + first + "', second='%s', test=2)", "second.txt", "x y\ny x\n".repeat(5));
    }

    @Test
    void imagesByClassAreTheSameInAFolderAndInArchives() throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < 6; i++) {
            files.put((i % 2 == 0 ? "cats/" : "dogs/") + i + ".png", image(i));
        }
        requireSame("images('%s', size=4, channels=1)", files);
    }

    @Test
    void aGraphIsTheSameInAFolderAndInArchives() throws IOException {
        byte[] content = bytes("1\t0\t1\ta\n2\t1\t0\tb\n3\t1\t1\ta\n4\t0\t0\tb\n");
        byte[] cites = bytes("1\t2\n2\t3\n3\t4\n");
        requireSame(
                "graph('%s', per_class=1)",
                new TreeMap<>(Map.of("papers/p.content", content, "papers/p.cites", cites)));
        SortedMap<String, byte[]> packed =
                new TreeMap<>(Map.of("p.content.gz", gzipped(content), "p.cites.gz", gzipped(cites)));
        assertThat(identity("graph('%s', per_class=1)", files("gz", packed)))
                .isEqualTo(identity("graph('%s', per_class=1)", folder.resolve("plain")));
        Path nodes = Files.write(folder.resolve("nodes.txt"), bytes("1 a\n2 b\n3 a\n4 b\n"));
        requireSame("graph('%s', nodes='" + nodes + "', per_class=1)", "edges.txt", "1 2\n2 3\n3 4\n");
    }

    /** One file: plain, gzipped, and as the only one in archives; a name in an archive is no place on the disk. */
    private void requireSame(String form, String name, String text) throws IOException {
        byte[] bytes = bytes(text);
        List<String> plain = identity(form, Files.write(folder.resolve(name), bytes));
        assertThat(identity(form, Files.write(folder.resolve(name + ".gz"), gzipped(bytes))))
                .isEqualTo(plain);
        SortedMap<String, byte[]> alone = new TreeMap<>(Map.of("../../" + name, bytes));
        assertThat(identity(form, zip(name + ".zip", alone))).isEqualTo(plain);
        assertThat(identity(form, tgz(name + ".tgz", alone))).isEqualTo(plain);
        assertThat(identity(form, tgz(name + ".tar.gz", alone))).isEqualTo(plain);
        assertThat(folder.resolve("..").resolve(name)).doesNotExist();
    }

    private void requireSame(String form, SortedMap<String, byte[]> files) throws IOException {
        List<String> plain = identity(form, files("plain", files));
        assertThat(identity(form, zip("packed.zip", files))).isEqualTo(plain);
        assertThat(identity(form, tgz("packed.tgz", files))).isEqualTo(plain);
    }

    private static List<String> identity(String form, Path place) {
        DataSource data = DataSource.named(form.formatted(place));
        return List.of(data.train().identity(), data.test().identity());
    }

    private Path files(String name, SortedMap<String, byte[]> files) throws IOException {
        Path root = folder.resolve(name);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path target = root.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue());
        }
        return root;
    }

    private Path zip(String name, SortedMap<String, byte[]> files) throws IOException {
        Path archive = folder.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                out.putNextEntry(new ZipEntry(file.getKey()));
                out.write(file.getValue());
            }
        }
        return archive;
    }

    private Path tgz(String name, SortedMap<String, byte[]> files) throws IOException {
        Path archive = folder.resolve(name);
        try (TarArchiveOutputStream out =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(archive)))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
                entry.setSize(file.getValue().length);
                out.putArchiveEntry(entry);
                out.write(file.getValue());
                out.closeArchiveEntry();
            }
        }
        return archive;
    }

    private static byte[] gzipped(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] image(int shade) throws IOException {
        BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        image.setRGB(shade % 4, 1, 0xFFFFFF);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
