package io.ketju.protocol.security;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * What keeps other users of a machine out of a cluster within it: a secret in a file that only this user can read, for all of the user's
 * nodes. Whoever knows it belongs to the cluster.
 */
public final class LoopbackSecret {
    private static final Set<PosixFilePermission> OF_OWNER = PosixFilePermissions.fromString("rwx------");
    private static final String NAME = "cluster-secret";

    private LoopbackSecret() {}

    /**
     * {@return that of the user of this process, in {@link UserFolder#state}; made if there is none yet}
     *
     * @throws InvalidCredentialsException if it cannot be kept there, or others could read it
     */
    public static ClusterSecret ofUser() {
        return in(UserFolder.state(System.getenv()));
    }

    /**
     * The one in a folder; made if there is none. Processes that do so at the same time get the same. Throws
     * {@link InvalidCredentialsException} if it cannot be kept there, or others could read it.
     */
    static ClusterSecret in(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                make(folder, file);
            }
            return ClusterSecret.read(file);
        } catch (IOException e) {
            String why = e.getMessage() != null && e.getMessage().startsWith(file.toString() + ":")
                    ? e.getMessage()
                    : file + ": cannot keep this machine's secret there: " + e
                            + "; set XDG_STATE_HOME to a folder of yours";
            throw new InvalidCredentialsException(why, e);
        }
    }

    /** Under another name first: whoever finds the file finds it whole. */
    private static void make(Path folder, Path file) throws IOException {
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OF_OWNER));
        Path fresh = Files.createTempDirectory(folder, ".new", PosixFilePermissions.asFileAttribute(OF_OWNER));
        Path whole = fresh.resolve(NAME);
        try {
            ClusterSecret.random().write(whole);
            Files.createLink(file, whole); // never in place of one that is there
        } catch (FileAlreadyExistsException e) {
            // Another process was faster; its secret serves.
        } finally {
            Files.deleteIfExists(whole);
            Files.deleteIfExists(fresh);
        }
    }
}
