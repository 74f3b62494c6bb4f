package io.ketju.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A {@link DurableFile} whose content comes bit by bit: the file is there when {@link #commit} returns, and nothing of it is left
 * when this is closed before. Not thread-safe.
 */
public final class FileDraft implements WritableByteChannel {
    private final Path folder;
    private final Path temporary;
    private final Path target;
    private final FileChannel file;
    private final DigestChannel out;
    private boolean committed;

    /** @param folder of both */
    FileDraft(Path folder, Path temporary, Path target) throws IOException {
        this.folder = folder;
        this.temporary = temporary;
        this.target = target;
        this.file = FileChannel.open(temporary, StandardOpenOption.WRITE);
        this.out = new DigestChannel(file);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return out.write(source);
    }

    /** {@return length and hash of what was written so far} */
    public FileDigest digest() {
        return out.digest();
    }

    /**
     * Gives the content its name; when this returns, both are on the disk. Nothing more is written.
     *
     * @return length and hash of the whole content
     * @throws IOException if it cannot be synced or renamed; the old file then still has the name, unless only the folder's sync
     *     failed
     */
    public FileDigest commit() throws IOException {
        file.force(true);
        file.close();
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        committed = true;
        DurableFile.syncFolder(folder);
        return out.digest();
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    /** Removes what was not committed. A second call does nothing. */
    @Override
    public void close() throws IOException {
        file.close();
        if (!committed) {
            Files.deleteIfExists(temporary);
        }
    }
}
