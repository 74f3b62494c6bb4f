package io.ketju.data.idx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Makes small IDX files and containers for tests. */
public final class IdxBytes {
    private IdxBytes() {}

    /** Magic and dimensions without elements. */
    public static byte[] header(int magic, int... dimensions) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length).putInt(magic);
        for (int dimension : dimensions) {
            bytes.putInt(dimension);
        }
        return bytes.array();
    }

    public static byte[] concat(byte[] start, int... more) {
        byte[] result = Arrays.copyOf(start, start.length + more.length);
        for (int i = 0; i < more.length; i++) {
            result[start.length + i] = (byte) more[i];
        }
        return result;
    }

    /** {@code count} images whose pixels count up from 0, modulo 256. */
    public static byte[] images(int count, int height, int width) {
        int[] pixels = new int[count * height * width];
        Arrays.setAll(pixels, i -> i);
        return concat(header(0x803, count, height, width), pixels);
    }

    public static byte[] labels(int... labels) {
        return concat(header(0x801, labels.length), labels);
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A gzipped tar of name, content, name, content, ... */
    public static byte[] tgz(Object... namesAndContents) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                byte[] content = (byte[]) namesAndContents[i + 1];
                TarArchiveEntry entry = new TarArchiveEntry((String) namesAndContents[i]);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A valid dataset of 4 training and 2 test images of 2x3 pixels in 3 classes. */
    public static void writeValid(Path folder) {
        write(folder.resolve("train-images-idx3-ubyte"), images(4, 2, 3));
        write(folder.resolve("train-labels-idx1-ubyte"), labels(0, 2, 1, 2));
        write(folder.resolve("t10k-images-idx3-ubyte"), images(2, 2, 3));
        write(folder.resolve("t10k-labels-idx1-ubyte"), labels(2, 0));
    }

    public static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
