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
         * Does something with one file.
         *
         * @param name with its folders, {@code /} between them
         * @param content to read from, to its end or not
         * @throws IOException if the content cannot be read; it ends the visits as a {@link BadDataException}
         */
        void file(String name, InputStream content) throws IOException;
    }

    private ArchivedFiles() {}

    /**
     * {@return whether a file of this name is an archive that can be read: {@code .zip}, {@code .tgz} or {@code .tar.gz}, in any
     * case}
     *
     * @param file that need not be there
     */
    public static boolean isArchive(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return isTar(name) || name.endsWith(".zip");
    }

    private static boolean isTar(String name) {
        return name.endsWith(".tgz") || name.endsWith(".tar.gz");
    }

    /**
     * Visits every file: of a folder by name, with those below it, of an archive in its order.
     *
     * @param container a folder, a gzipped tar, or else a {@code .zip}
     * @param visit called for one file after the other, in this thread; folders are passed over
     * @throws BadDataException if it is damaged or none of these
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

    /**
     * {@return the files in a folder, with those below it, by their {@link #name names}}
     *
     * @param folder in which links to folders are not followed
     * @throws BadDataException if it cannot be read, or has more than two million files
     */
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

    /**
     * {@return the name of a file in a folder, with {@code /} between its parts on every system}
     *
     * @param folder that the name begins below
     * @param file in it
     */
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
