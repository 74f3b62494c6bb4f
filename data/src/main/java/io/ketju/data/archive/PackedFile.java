package io.ketju.data.archive;

import io.ketju.data.BadDataException;
import io.ketju.data.Gzip;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One file by itself, gzipped, or as the only one in an archive. */
public final class PackedFile {
    /** Most bytes of a file in an archive: it is unpacked in memory. */
    private static final int MOST_BYTES = 1 << 28;

    private PackedFile() {}

    /**
     * {@return whether a file has more content than bytes, by its name}
     *
     * @param file that need not be there
     */
    public static boolean isPacked(Path file) {
        return ArchivedFiles.isArchive(file) || isGzipped(file);
    }

    private static boolean isGzipped(Path file) {
        return file.toString().endsWith(".gz");
    }

    /**
     * {@return the content of a file: unpacked if its name ends in {@code .gz}; of a {@code .zip} or {@code .tgz} that of the only file in
     * it}
     *
     * @param file that is there
     * @throws IOException if it cannot be opened
     * @throws BadDataException if it is not packed as its name says, or an archive has not one file of at most 256 MiB
     */
    public static InputStream open(Path file) throws IOException {
        if (ArchivedFiles.isArchive(file)) {
            return new ByteArrayInputStream(onlyOne(file));
        }
        InputStream bytes = Files.newInputStream(file);
        try {
            return isGzipped(file) ? Gzip.open(bytes, file.toString()) : bytes;
        } catch (RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    private static byte[] onlyOne(Path archive) {
        String source = archive.toString();
        List<byte[]> found = new ArrayList<>();
        ArchivedFiles.each(archive, (name, content) -> {
            if (!found.isEmpty()) {
                throw BadDataException.of(source, "an archive of one file", "several, " + name + " among them");
            }
            byte[] bytes = content.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw BadDataException.of(source, "a file of at most " + (MOST_BYTES >> 20) + " MiB in it", "more");
            }
            found.add(bytes);
        });
        if (found.isEmpty()) {
            throw BadDataException.of(source, "an archive of one file", "none in it");
        }
        return found.getFirst();
    }
}
