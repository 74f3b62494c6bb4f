package io.ketju.tests.simulation.disk;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one process sees a disk. */
final class DiskFileSystem extends FileSystem {
    private @Nullable ForgetfulDisk disk;
    private final String process;
    private final DiskProvider provider = new DiskProvider();

    DiskFileSystem(ForgetfulDisk disk, String process) {
        this.disk = disk;
        this.process = process;
    }

    ForgetfulDisk disk() {
        if (disk == null) {
            throw new IllegalStateException(process + " has ended");
        }
        return disk;
    }

    void unmount() {
        disk = null;
    }

    String process() {
        return process;
    }

    DiskPath root() {
        return new DiskPath(this, true, List.of());
    }

    @Override
    public FileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(root());
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return Set.of("basic");
    }

    @Override
    public Path getPath(String first, String... more) {
        List<String> names = new ArrayList<>();
        add(names, first);
        for (String next : more) {
            add(names, next);
        }
        return new DiskPath(this, first.startsWith("/"), names);
    }

    private static void add(List<String> names, String text) {
        for (String name : text.split("/", -1)) {
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException();
    }
}
