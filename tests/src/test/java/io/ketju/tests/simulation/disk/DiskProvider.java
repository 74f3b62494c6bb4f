package io.ketju.tests.simulation.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code java.nio.file.Files} does, done to a {@link ForgetfulDisk}; as much of it as runs use. */
final class DiskProvider extends FileSystemProvider {
    @Override
    public String getScheme() {
        return "simulated";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    private static ForgetfulDisk disk(DiskPath path) {
        return path.getFileSystem().disk();
    }

    private static boolean happens(DiskWatch.Operation operation, DiskPath path) throws IOException {
        return disk(path).watch().before(operation, path);
    }

    private static String name(DiskPath path) {
        return path.names().getLast();
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        DiskPath own = DiskPath.of(path);
        DiskEntry found = disk(own).find(own);
        if (found != null && options.contains(StandardOpenOption.CREATE_NEW)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (found == null) {
            if (!options.contains(StandardOpenOption.CREATE) && !options.contains(StandardOpenOption.CREATE_NEW)) {
                throw new NoSuchFileException(path.toString());
            }
            happens(DiskWatch.Operation.CREATE, own);
            found = new DiskFile();
            disk(own).folderOf(own).names().put(name(own), found);
        }
        if (found instanceof DiskFile file && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            file.truncate(0);
        }
        return new DiskChannel(own, found);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        List<Path> found = new ArrayList<>();
        for (String name :
                disk(DiskPath.of(path)).folder(DiskPath.of(path)).names().keySet()) {
            Path entry = path.resolve(name);
            if (disk(DiskPath.of(path)).watch().shows(entry) && filter.accept(entry)) {
                found.add(entry);
            }
        }
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return found.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        DiskPath own = DiskPath.of(path);
        if (disk(own).find(own) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        happens(DiskWatch.Operation.CREATE, own);
        disk(own).folderOf(own).names().put(name(own), new DiskFolder());
    }

    @Override
    public void delete(Path path) throws IOException {
        DiskPath own = DiskPath.of(path);
        if (disk(own).entry(own) instanceof DiskFolder folder && !folder.names().isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        happens(DiskWatch.Operation.DELETE, own);
        disk(own).folderOf(own).names().remove(name(own));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        DiskPath from = DiskPath.of(source);
        DiskPath to = DiskPath.of(target);
        DiskEntry moved = disk(from).entry(from);
        happens(DiskWatch.Operation.RENAME, to);
        disk(from).folderOf(from).names().remove(name(from));
        disk(to).folderOf(to).names().put(name(to), moved);
        disk(to).watch().renamed(to);
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return disk(DiskPath.of(one)).entry(DiskPath.of(one))
                == disk(DiskPath.of(other)).entry(DiskPath.of(other));
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        disk(DiskPath.of(path)).entry(DiskPath.of(path));
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return type.cast(new DiskAttributes(disk(DiskPath.of(path)).entry(DiskPath.of(path))));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options) {
        throw new UnsupportedOperationException();
    }
}
