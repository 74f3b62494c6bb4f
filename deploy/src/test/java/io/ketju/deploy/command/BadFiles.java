package io.ketju.deploy.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Small IDX datasets, sound and broken, in a folder. The format: http://yann.lecun.com/exdb/mnist. */
final class BadFiles {
    private static final int IMAGES_MAGIC = 0x803;
    private static final int LABELS_MAGIC = 0x801;
    private static final int SAMPLES = 20;
    private static final int SIDE = 28;

    private BadFiles() {}

    /** 20 training and 20 test images of noise that are all sound. */
    static Path soundIdx(Path folder) {
        write(folder.resolve("train-images-idx3-ubyte"), images(SAMPLES));
        write(folder.resolve("train-labels-idx1-ubyte"), labels(SAMPLES));
        write(folder.resolve("t10k-images-idx3-ubyte"), images(SAMPLES));
        write(folder.resolve("t10k-labels-idx1-ubyte"), labels(SAMPLES));
        return folder;
    }

    static void prepare(Path folder) {
        soundIdx(folder.resolve("sound"));
        byte[] images = images(SAMPLES);
        replace(folder, "truncated", "train-images-idx3-ubyte", Arrays.copyOf(images, images.length - 7));
        replace(folder, "long", "train-images-idx3-ubyte", Arrays.copyOf(images, images.length + 3));
        byte[] magic = images.clone();
        magic[3] = 0x7f;
        replace(folder, "magic", "train-images-idx3-ubyte", magic);
        byte[] label = labels(SAMPLES);
        label[8 + 5] = (byte) 200;
        replace(folder, "label", "train-labels-idx1-ubyte", label);
        replace(folder, "fewer", "train-labels-idx1-ubyte", labels(SAMPLES - 1));
        replace(folder, "gzip", "t10k-images-idx3-ubyte.gz", Arrays.copyOf(gzip(images), 40));
        delete(folder.resolve("gzip/t10k-images-idx3-ubyte"));
        byte[] packed = gzip(images);
        replace(folder, "tail", "t10k-images-idx3-ubyte.gz", Arrays.copyOf(packed, packed.length + 9));
        delete(folder.resolve("tail/t10k-images-idx3-ubyte"));
        byte[] promise =
                ByteBuffer.allocate(8).putInt(LABELS_MAGIC).putInt(16_000_000).array();
        replace(folder, "promise", "train-labels-idx1-ubyte.gz", gzip(promise));
        delete(folder.resolve("promise/train-labels-idx1-ubyte"));
        write(folder.resolve("name.tgz"), gzip(longName()));
        soundIdx(folder.resolve("incomplete"));
        delete(folder.resolve("incomplete/t10k-labels-idx1-ubyte"));
        write(folder.resolve("empty.tgz"), new byte[0]);
        write(folder.resolve("file.txt"), "no data".getBytes(StandardCharsets.UTF_8));
        write(folder.resolve("full/something"), new byte[1]);
        write(folder.resolve("fashion-lenet-1/job.conf"), new byte[0]);
        write(folder.resolve("empty/.keep/nothing"), new byte[1]);
    }

    private static void replace(Path folder, String name, String file, byte[] content) {
        soundIdx(folder.resolve(name));
        write(folder.resolve(name).resolve(file), content);
    }

    private static byte[] images(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(16 + count * SIDE * SIDE)
                .putInt(IMAGES_MAGIC)
                .putInt(count)
                .putInt(SIDE)
                .putInt(SIDE);
        for (int i = 0; bytes.hasRemaining(); i++) {
            bytes.put((byte) (i * 31));
        }
        return bytes.array();
    }

    private static byte[] labels(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + count).putInt(LABELS_MAGIC).putInt(count);
        for (int i = 0; i < count; i++) {
            bytes.put((byte) (i % 10));
        }
        return bytes.array();
    }

    /** A tar whose one entry promises a name of 3 GiB, of which a little is there. */
    private static byte[] longName() {
        TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
        entry.setSize(3L << 30);
        byte[] tar = new byte[1 << 20];
        entry.writeEntryHeader(tar);
        return tar;
    }

    private static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static void write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
