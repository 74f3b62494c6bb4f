package io.ketju.tests.simulation.disk;

import java.io.IOException;
import java.nio.file.Path;

/** Hears of what happens to a disk. */
public interface DiskWatch {
    /** What a process does to a disk. */
    enum Operation {
        CREATE,
        WRITE,
        SYNC_FILE,
        SYNC_FOLDER,
        RENAME,
        DELETE
    }

    /**
     * Something is about to be changed or synced; may throw in its place.
     *
     * @return whether it happens; if not, whoever asked for it believes that it did
     */
    boolean before(Operation operation, Path path) throws IOException;

    /** Whether a name is seen by who lists its folder. */
    boolean shows(Path path);

    /** A file has got this name. */
    void renamed(Path to);
}
