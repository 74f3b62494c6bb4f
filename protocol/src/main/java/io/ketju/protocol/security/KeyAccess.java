package io.ketju.protocol.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Who may read the file of a key: its owner alone. A file of root's may be readable by its group too, for a process that is not
 * root's: so an administrator or an orchestrator hands a key to a service, which could not change the file (a secret of
 * Kubernetes is root's and readable by the pod's group). PostgreSQL has the same rule for its keys.
 *
 * @param permissions of the file
 * @param handed whether the file is root's, and this process is not
 */
record KeyAccess(Set<PosixFilePermission> permissions, boolean handed) {
    private static final int ROOT = 0;
    private static final String OWNER = "unix:uid";
    private static final Path THIS_PROCESS = Path.of("/proc/self");

    KeyAccess {
        permissions = Set.copyOf(permissions);
    }

    /** That of a file; of where it leads, if it is a symbolic link. */
    static KeyAccess of(Path path) throws IOException {
        return new KeyAccess(Files.getPosixFilePermissions(path), owner(path) == ROOT && !ofRoot());
    }

    private static boolean ofRoot() {
        try {
            return owner(THIS_PROCESS) == ROOT;
        } catch (IOException e) {
            return true; // unknown on this system: then the stricter rule holds
        }
    }

    private static int owner(Path path) throws IOException {
        return (int) Files.getAttribute(path, OWNER);
    }

    /** Whether nobody reads it who should not. */
    boolean narrow() {
        return permissions.stream()
                .filter(one -> !one.name().startsWith("OWNER_"))
                .allMatch(one -> handed && one == PosixFilePermission.GROUP_READ);
    }

    @Override
    public String toString() {
        return PosixFilePermissions.toString(permissions);
    }
}
