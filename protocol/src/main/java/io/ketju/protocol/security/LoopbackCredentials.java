package io.ketju.protocol.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What keeps other users of a machine out of a cluster within it: one key and certificate for all of a user's nodes, in a
 * folder that only this user can open. Whoever can read it belongs to the cluster; names say nothing then and are not compared. The authority's
 * key is forgotten as soon as it has signed.
 */
public final class LoopbackCredentials {
    private static final Set<PosixFilePermission> OF_OWNER = PosixFilePermissions.fromString("rwx------");
    private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "::1");

    private LoopbackCredentials() {}

    /** Those of the user of this process, in {@link UserFolder}. */
    public static NodeCredentials ofUser(Instant now) {
        return in(UserFolder.state(System.getenv()).resolve("loopback"), now);
    }

    /**
     * Those in a folder, which are made if there are none, or if they end soon. Processes that do so at the same
     * time get the same. Throws {@link InvalidCredentialsException} if the folder cannot be used, or others could.
     */
    public static NodeCredentials in(Path folder, Instant now) {
        try {
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                make(folder, now);
            }
            requireOwners(folder);
            NodeCredentials found = NodeCredentials.read(folder, false);
            if (!now.plus(NodeCredentials.WARNED).isBefore(found.expiry())) {
                throw new InvalidCredentialsException(
                        folder + ": its certificate ends on " + found.expiry() + "; delete this folder, it is made anew");
            }
            return found;
        } catch (IOException e) {
            throw new InvalidCredentialsException(
                    folder + ": cannot keep this machine's key there: " + e + "; set XDG_STATE_HOME to a folder of yours", e);
        }
    }

    private static void make(Path folder, Instant now) throws IOException {
        Path parent = folder.toAbsolutePath().getParent();
        Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(OF_OWNER));
        Path fresh = Files.createTempDirectory(parent, ".new", PosixFilePermissions.asFileAttribute(OF_OWNER));
        try {
            Duration lasts = CertificateAuthority.AUTHORITY_VALIDITY;
            CertificateAuthority.create("ketju on this machine", now).issue(fresh, NAMES, now, lasts);
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            remove(fresh);
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) { // otherwise another process was faster
                throw e;
            }
        }
    }

    /** A folder in which others can put files would let them say whom to trust. */
    private static void requireOwners(Path folder) throws IOException {
        boolean usable = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS)
                        .equals(OF_OWNER);
        if (!usable) {
            throw new InvalidCredentialsException(
                    folder + ": expected a folder of its owner alone (rwx------); delete it, it is made anew");
        }
    }

    private static void remove(Path folder) throws IOException {
        for (String file : List.of(NodeCredentials.KEY, NodeCredentials.CERTIFICATE, NodeCredentials.AUTHORITY)) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.deleteIfExists(folder);
    }
}
