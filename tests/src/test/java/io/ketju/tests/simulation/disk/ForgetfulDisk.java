package io.ketju.tests.simulation.disk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The disk that all processes share. Each sees it by a mount of its own, which goes with the process. */
public final class ForgetfulDisk {
    private final DiskFolder root = new DiskFolder();
    private final DiskWatch watch;
    private final SplittableRandom random;

    public ForgetfulDisk(DiskWatch watch, SplittableRandom random) {
        this.watch = watch;
        this.random = random;
    }

    /** The root folder, as one process sees it. */
    public Path mount(String process) {
        return new DiskFileSystem(this, process).root();
    }

    /** The process is gone; whoever still knows one of its paths finds nothing. */
    public static void unmount(Path mount) {
        DiskPath.of(mount).getFileSystem().unmount();
    }

    /** Takes away what has this name, if anything has. */
    public void remove(Path path) {
        DiskPath own = DiskPath.of(path);
        if (own.getParent() instanceof DiskPath above && find(above) instanceof DiskFolder folder) {
            folder.names().remove(own.names().getLast());
            folder.sync();
        }
    }

    /** Forgets what was not synced. */
    public void losePower() {
        root.losePower(random);
    }

    /** Makes a folder that is there for good. */
    public void makeFolder(String name) {
        root.names().put(name, new DiskFolder());
        root.sync();
    }

    /** What is there now; null: nothing. */
    @Nullable
    DiskEntry find(DiskPath path) {
        @Nullable DiskEntry at = root;
        for (String name : path.names()) {
            at = at instanceof DiskFolder folder ? folder.names().get(name) : null;
        }
        return at;
    }

    DiskEntry entry(DiskPath path) throws NoSuchFileException {
        DiskEntry found = find(path);
        if (found == null) {
            throw new NoSuchFileException(path.toString());
        }
        return found;
    }

    DiskFolder folder(DiskPath path) throws IOException {
        if (entry(path) instanceof DiskFolder folder) {
            return folder;
        }
        throw new NotDirectoryException(path.toString());
    }

    DiskFolder folderOf(DiskPath path) throws IOException {
        if (path.toAbsolutePath().getParent() instanceof DiskPath parent) {
            return folder(parent);
        }
        throw new IOException("the root has no name");
    }

    DiskWatch watch() {
        return watch;
    }

    /** What a power cut would leave of a file; empty if not all of it. */
    public Optional<byte[]> durable(Path path) {
        DiskEntry at = root;
        for (Path name : path) {
            DiskEntry next = at instanceof DiskFolder folder ? folder.durable(name.toString()) : null;
            if (next == null) {
                return Optional.empty();
            }
            at = next;
        }
        return at instanceof DiskFile file && file.isDurable() ? Optional.of(file.content()) : Optional.empty();
    }
}
