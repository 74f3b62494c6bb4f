package io.ketju.actors.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * In which folders a worker reads and writes for those who command it. Paths come to it in messages; without a bound they
 * could name any file that the worker's user has.
 */
public final class RootFolders {
    private static final RootFolders ANYWHERE = new RootFolders(List.of(), true);

    private final List<Path> roots;
    private final boolean anywhere;

    private RootFolders(List<Path> roots, boolean anywhere) {
        this.roots = List.copyOf(roots);
        this.anywhere = anywhere;
    }

    /** {@return no bound: for runs in the JVM of whoever directs them} */
    public static RootFolders anywhere() {
        return ANYWHERE;
    }

    /**
     * These, what is in them, and folders of runs that are not kept, which lie in the temporary folder.
     *
     * @param roots relative ones are those of this process
     * @return with that bound
     */
    public static RootFolders of(List<Path> roots) {
        return new RootFolders(roots, false);
    }

    /**
     * Checks a path.
     *
     * @param what it is, for the message
     * @param path may be of something that is not there yet
     * @throws OutsideRootException if it lies, or leads by a link or "..", anywhere else
     */
    public void require(String what, Path path) {
        if (anywhere) {
            return;
        }
        Path meant = path.toAbsolutePath().normalize();
        List<Path> wanted = new ArrayList<>(roots);
        TemporaryRuns.around(meant).ifPresent(wanted::add);
        boolean within = !path.toString().contains("..")
                && wanted.stream()
                        .anyMatch(root -> real(meant)
                                .startsWith(real(root.toAbsolutePath().normalize())));
        if (!within) {
            throw new OutsideRootException(what + " " + shown(path) + ": expected a path in "
                    + String.join(" or ", roots.stream().map(RootFolders::shown).toList())
                    + ", where this worker may read and write; start it with --root DIR for another folder");
        }
    }

    /** Without links, as far as it exists. */
    private static Path real(Path path) {
        Path existing = path;
        while (existing.getParent() != null && !Files.exists(existing, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        try {
            return existing.toRealPath().resolve(existing.relativize(path));
        } catch (IOException e) {
            return Path.of("/").resolve("unreadable"); // a link that leads nowhere may lead anywhere next
        }
    }

    private static String shown(Path path) {
        String plain = path.toString().replaceAll("\\p{Cntrl}+", " ");
        return plain.length() <= 200 ? plain : plain.substring(0, 200) + "...";
    }
}
