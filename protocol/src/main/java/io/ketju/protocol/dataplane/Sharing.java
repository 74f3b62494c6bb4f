package io.ketju.protocol.dataplane;

import io.ketju.protocol.shared.SharedFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether tensors to a process of the same machine go through memory that both map, which costs a copy on each side and no
 * system call. Both sides must want it and find the same file; else, and if the memory is not to be had, they go over the
 * connection.
 *
 * @param folder where files lie for the moment of the handshake; empty: nothing is shared
 * @param maxBytes largest memory of an edge, 0 or more: its largest tensor times its credits, and some
 */
public record Sharing(Optional<Path> folder, long maxBytes) {
    /** All tensors go over connections. */
    public static final Sharing NONE = new Sharing(Optional.empty(), 0);

    private static final long MAX_BYTES = 1L << 30;

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if it is below 0
     */
    public Sharing {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("shared memory has 0 bytes or more, got " + maxBytes);
        }
    }

    /** {@return sharing where this machine has memory for it ({@link SharedFile#folder}), at most 1 GiB for an edge} */
    public static Sharing auto() {
        return in(SharedFile.folder());
    }

    /**
     * {@return sharing of at most 1 GiB for an edge}
     *
     * @param folder the same on both sides; best in memory: on a disk the system writes the tensors there too
     */
    public static Sharing in(Path folder) {
        return new Sharing(Optional.of(folder), MAX_BYTES);
    }
}
