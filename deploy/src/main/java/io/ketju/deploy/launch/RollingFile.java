package io.ketju.deploy.launch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that never grows beyond a size: when it is full it becomes {@code FILE.1}, in place of the one before,
 * and starts anew. Only its owner can read it. It is made when the first line is written. Nothing is ever written
 * through a link or into anything but a plain file: what is in the way is moved aside as a full file would be.
 */
final class RollingFile implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final long limit;
    private @Nullable SeekableByteChannel channel;
    private long size;

    /**
     * @param limit bytes, of the file and of the one before
     */
    RollingFile(Path path, long limit) {
        this.path = path;
        this.limit = limit;
    }

    Path path() {
        return path;
    }

    /** Appends; what is longer than a whole file is cut. */
    void write(byte[] line) throws IOException {
        int length = (int) Math.min(line.length, limit);
        SeekableByteChannel open = channel == null ? open() : channel;
        if (size + length > limit) {
            close();
            moveAside();
            open = open();
        }
        ByteBuffer bytes = ByteBuffer.wrap(line, 0, length);
        while (bytes.hasRemaining()) {
            size += open.write(bytes);
        }
    }

    private SeekableByteChannel open() throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            moveAside();
        }
        SeekableByteChannel opened = Files.newByteChannel(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.setPosixFilePermissions(path, OWNER_ONLY); // it may be an older one
            size = opened.size();
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        channel = opened;
        return opened;
    }

    private void moveAside() throws IOException {
        Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        SeekableByteChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
