package io.ketju.tests.simulation.disk;

import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path on a disk, as one process sees it. Relative ones are relative to the root. */
public final class DiskPath implements Path {
    private final DiskFileSystem system;
    private final boolean absolute;
    private final List<String> names;

    DiskPath(DiskFileSystem system, boolean absolute, List<String> names) {
        this.system = system;
        this.absolute = absolute;
        this.names = List.copyOf(names);
    }

    static DiskPath of(Path path) {
        if (path instanceof DiskPath own) {
            return own;
        }
        throw new ProviderMismatchException(path + " is on another disk");
    }

    List<String> names() {
        return names;
    }

    private DiskPath with(boolean isAbsolute, List<String> other) {
        return new DiskPath(system, isAbsolute, other);
    }

    @Override
    public DiskFileSystem getFileSystem() {
        return system;
    }

    @Override
    public boolean isAbsolute() {
        return absolute;
    }

    @Override
    public @Nullable Path getRoot() {
        return absolute ? system.root() : null;
    }

    @Override
    public @Nullable Path getFileName() {
        return names.isEmpty() ? null : with(false, List.of(names.getLast()));
    }

    @Override
    public @Nullable Path getParent() {
        if (names.isEmpty() || (names.size() == 1 && !absolute)) {
            return null;
        }
        return with(absolute, names.subList(0, names.size() - 1));
    }

    @Override
    public int getNameCount() {
        return names.size();
    }

    @Override
    public Path getName(int index) {
        return with(false, List.of(names.get(index)));
    }

    @Override
    public Path subpath(int begin, int end) {
        return with(false, names.subList(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof DiskPath own
                && own.absolute == absolute
                && own.names.size() <= names.size()
                && names.subList(0, own.names.size()).equals(own.names);
    }

    @Override
    public boolean endsWith(Path other) {
        return other instanceof DiskPath own
                && own.names.size() <= names.size()
                && names.subList(names.size() - own.names.size(), names.size()).equals(own.names);
    }

    @Override
    public Path normalize() {
        List<String> plain = new ArrayList<>();
        for (String name : names) {
            if (name.equals("..") && !plain.isEmpty()) {
                plain.removeLast();
            } else if (!name.equals(".")) {
                plain.add(name);
            }
        }
        return with(absolute, plain);
    }

    @Override
    public Path resolve(Path other) {
        DiskPath own = of(other);
        if (own.absolute) {
            return own;
        }
        List<String> all = new ArrayList<>(names);
        all.addAll(own.names);
        return with(absolute, all);
    }

    @Override
    public Path relativize(Path other) {
        DiskPath own = of(other);
        if (!own.startsWith(this)) {
            throw new IllegalArgumentException(other + " is not below " + this);
        }
        return with(false, own.names.subList(names.size(), own.names.size()));
    }

    @Override
    public URI toUri() {
        return URI.create("simulated://" + system.process() + toAbsolutePath());
    }

    @Override
    public Path toAbsolutePath() {
        return with(true, names);
    }

    @Override
    public Path toRealPath(LinkOption... options) throws NoSuchFileException {
        system.disk().entry(this);
        return normalize().toAbsolutePath();
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(Path other) {
        return toString().compareTo(other.toString());
    }

    /** Two processes see two files: what one of them holds in its memory says nothing about the other's. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DiskPath own
                && own.system == system
                && own.absolute == absolute
                && own.names.equals(names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return (absolute ? "/" : "") + String.join("/", names);
    }
}
