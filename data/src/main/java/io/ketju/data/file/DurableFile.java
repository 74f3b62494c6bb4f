package io.ketju.data.file;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes files that after a crash, at whatever moment, are the old one or the new one and never something between:
 * write under another name, fsync, rename, fsync the folder (Pillai et al., "All File Systems Are Not Created Equal",
 * OSDI 2014, section 4).
 */
public final class DurableFile {
    private static final int MAX_LEFTOVERS = 1000;

    private DurableFile() {}

    /** Writes the whole content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes to the channel, front to back.
         *
         * @param out takes the bytes; not to be closed or kept
         * @throws IOException ends the write and removes the temporary file, as any other exception does
         */
        void writeTo(WritableByteChannel out) throws IOException;
    }

    /**
     * Writes a file, replacing one of that name. When this returns, the content and the name are on the disk; when it
     * throws, the name is as it was before.
     *
     * @param target in an existing folder; the temporary file {@code .name.N.tmp} lies beside it
     * @param content called once, in this thread
     * @return length and hash of what was written
     * @throws IOException one line with the file and the reason
     */
    public static FileDigest write(Path target, Content content) throws IOException {
        try (FileDraft draft = draft(target)) {
            content.writeTo(draft);
            return draft.commit();
        } catch (IOException e) {
            throw new IOException("cannot write " + target + ": " + FileErrors.reason(e), e);
        }
    }

    /**
     * Begins a file whose content comes bit by bit.
     *
     * @param target as of {@link #write}
     * @return the draft, which the caller closes, committed or not
     * @throws IOException without the file's name
     */
    public static FileDraft draft(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || target.getFileName() == null) {
            throw new IOException("it is not a file's name");
        }
        Path temporary = create(folder, target.getFileName().toString());
        try {
            return new FileDraft(folder, temporary, target);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /**
     * Makes a folder, if it is not there, and what is missing above it; when this returns, all their names are on the disk. One
     * that is there may have been made a moment ago by somebody who has not yet come to that: its name is seen to as well.
     *
     * @param folder absolute, or below the working directory; a root is left as it is
     * @throws IOException if a folder cannot be made, for instance because a file has its name, or cannot be synced
     */
    public static void makeFolders(Path folder) throws IOException {
        Path above = folder.toAbsolutePath().getParent();
        if (above != null) {
            if (!Files.isDirectory(above)) {
                makeFolders(above);
            }
            Files.createDirectories(folder);
            syncFolder(above);
        }
    }

    /**
     * Makes the names in a folder durable: renames, new files and deletions. On Windows it does nothing, since a folder cannot be
     * opened there.
     *
     * @param folder that is there
     * @throws IOException if it cannot be opened or synced
     */
    public static void syncFolder(Path folder) throws IOException {
        // Windows cannot open a folder as a file; there the rename is as durable as the file system makes it.
        if (File.separatorChar == '\\') {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    // Never an existing file: a process that was thought dead may still be writing to its own.
    private static Path create(Path folder, String name) throws IOException {
        for (int i = 0; i < MAX_LEFTOVERS; i++) {
            Path temporary = folder.resolve("." + name + "." + i + ".tmp");
            try {
                return Files.createFile(temporary);
            } catch (FileAlreadyExistsException e) {
                // Of an earlier crash or another process: take the next number.
            }
        }
        throw new IOException(
                "there are " + MAX_LEFTOVERS + " temporary files ." + name + ".*.tmp in " + folder + ": delete them");
    }
}
