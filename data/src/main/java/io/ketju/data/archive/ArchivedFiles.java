package io.ketju.data.archive;

import io.ketju.data.BadDataException;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** The files in a folder, in a {@code .zip} or in a gzipped tar, whichever it is. */
public final class ArchivedFiles {
    /** Most files: a folder that was named by mistake is not walked for ever. */
    private static final int MOST_FILES = 2_000_000;

    /** What is done with a file. */
    @FunctionalInterface
    public interface Visit {
        /**
         * @param name with its folders, {@code /} between them
         * @param content to read from, to its end or not
         */
        void file(String name, InputStream content) throws IOException;
    }

    private ArchivedFiles() {}

    /** Whether a file of this name is an archive that can be read. */
    public static boolean isArchive(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return isTar(name) || name.endsWith(".zip");
    }

    private static boolean isTar(String name) {
        return name.endsWith(".tgz") || name.endsWith(".tar.gz");
    }

    /**
     * Visits every file: of a folder by name, of an archive in its order. Throws {@link BadDataException} if it is damaged or
     * none.
     */
    public static void each(Path container, Visit visit) {
        if (Files.isDirectory(container)) {
            eachOfFolder(container, visit);
        } else if (isTar(container.toString().toLowerCase(Locale.ROOT))) {
            TgzFiles.each(container, visit);
        } else {
            eachOfZip(container, visit);
        }
    }

    /** The names of the files in a folder, with those below it, in order. */
    public static List<Path> filesIn(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.filter(Files::isRegularFile)
                    .limit(MOST_FILES + 1L)
                    .sorted(Comparator.comparing(file -> name(folder, file)))
                    .toList();
            if (all.size() > MOST_FILES) {
                throw BadDataException.of(folder.toString(), "at most " + MOST_FILES + " files", "more");
            }
            return all;
        } catch (UncheckedIOException e) {
            throw BadDataException.unreadable(folder.toString(), Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw BadDataException.unreadable(folder.toString(), e);
        }
    }

    /** Of a file in a folder, the same on every system. */
    public static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace(File.separatorChar, '/');
    }

    private static void eachOfFolder(Path folder, Visit visit) {
        for (Path file : filesIn(folder)) {
            try (InputStream content = Files.newInputStream(file)) {
                visit.file(name(folder, file), content);
            } catch (IOException e) {
                throw BadDataException.unreadable(file.toString(), e);
            }
        }
    }

    private static void eachOfZip(Path archive, Visit visit) {
        String source = archive.toString();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory()) {
                    try (InputStream content = zip.getInputStream(entry)) {
                        visit.file(entry.getName(), content);
                    }
                }
            }
        } catch (EOFException e) {
            throw BadDataException.of(source, "a whole .zip", "the end of the file (truncated)");
        } catch (ZipException e) {
            throw BadDataException.of(source, "a whole .zip", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw BadDataException.unreadable(source, e);
        }
    }
}
