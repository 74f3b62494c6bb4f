package io.ketju.protocol.shared;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Memory that two processes of one user share, by way of a file that nobody else may open. One side {@link #create}s it and
 * tells the other name and nonce; that one {@link #find}s it, checks the nonce and leaves its own. Both let go of the name
 * at once; the memory is gone with the last process that maps it. All its pages are taken when it is made: a full file
 * system is an error then and not a crash later.
 */
public final class SharedFile implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String PREFIX = "ketju-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "[0-9a-f]{32}");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    /** Much longer than any handshake: a name this old belongs to a process that was killed in the middle of one. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private static final int PIECE = 1 << 20;

    private final Path path;
    private final Arena arena;
    private final MemorySegment memory;

    private SharedFile(Path path, Arena arena, MemorySegment memory) {
        this.path = path;
        this.arena = arena;
        this.memory = memory;
    }

    /** {@return the folder where files have their name for a moment: {@code /dev/shm} if it is there, else that of temporary files} */
    public static Path folder() {
        Path memory = Path.of("/dev/shm");
        return Files.isDirectory(memory) && Files.isWritable(memory)
                ? memory
                : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /**
     * Makes a file of zeros with a nonce in its first 8 bytes.
     *
     * @param folder that exists, on a file system with owner-only files
     * @param bytes length, as {@link RingSize#bytes()} gives it
     * @return the file, mapped; the caller closes it
     * @throws IOException if there is no room, or nobody else can be kept out
     */
    public static SharedFile create(Path folder, long bytes) throws IOException {
        byte[] name = new byte[16];
        RANDOM.nextBytes(name);
        Path path = folder.resolve(PREFIX + HexFormat.of().formatHex(name));
        try (FileChannel channel = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            fill(channel, bytes);
            SharedFile file = map(path, channel, bytes);
            file.memory.set(ValueLayout.JAVA_LONG, RingSize.RECEIVER_NONCE, RANDOM.nextLong());
            return file;
        } catch (UnsupportedOperationException e) {
            Files.deleteIfExists(path);
            throw new IOException("the file system of " + folder + " has no owner-only files", e);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    private static void fill(FileChannel channel, long bytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(bytes, PIECE));
        for (long at = 0; at < bytes; ) {
            zeros.clear().limit((int) Math.min(bytes - at, zeros.capacity()));
            at += channel.write(zeros, at);
        }
    }

    /**
     * Opens a file that another process has made, takes its name away and leaves a nonce in its second 8 bytes.
     *
     * @param folder where the other process has made it
     * @param name as its {@link #name()} says; nothing else is ever opened
     * @param bytes length of the file
     * @param nonce as the maker's {@link #nonce()} says
     * @return the file, mapped; the caller closes it
     * @throws IOException if there is no such file here, or it has another length, other permissions or another nonce
     */
    public static SharedFile find(Path folder, String name, long bytes, long nonce) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IOException("'" + name + "' is no name of a shared file");
        }
        Path path = folder.resolve(name);
        try (FileChannel channel = FileChannel.open(
                path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            if (channel.size() != bytes
                    || !Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)
                            .equals(OWNER_ONLY)) {
                throw new IOException(path + " is not the file that was meant");
            }
            SharedFile file = map(path, channel, bytes);
            if (file.memory.get(ValueLayout.JAVA_LONG, RingSize.RECEIVER_NONCE) != nonce) {
                file.arena.close();
                throw new IOException(path + " has another nonce");
            }
            file.forgetName();
            file.memory.set(ValueLayout.JAVA_LONG, RingSize.SENDER_NONCE, RANDOM.nextLong());
            return file;
        }
    }

    private static SharedFile map(Path path, FileChannel channel, long bytes) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return new SharedFile(path, arena, channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Deletes the names that processes left which were killed while they had one: those older than 10 minutes.
     *
     * @param folder that may hold files of others too, which stay
     * @throws IOException if it cannot be listed, or one of the names cannot be deleted
     */
    public static void sweep(Path folder) throws IOException {
        try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path path : old) {
                if (NAME.matcher(path.getFileName().toString()).matches() && isForgotten(path)) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    private static boolean isForgotten(Path path) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return found.lastModifiedTime().toInstant().isBefore(Instant.now().minus(FORGOTTEN)) && Files.isWritable(path);
    }

    /** {@return the shared bytes, for any thread, until {@link #close}} */
    public MemorySegment memory() {
        return memory;
    }

    /** {@return the file's name in its folder, which the other side looks for; also after {@link #forgetName}} */
    public String name() {
        return path.getFileName().toString();
    }

    /** {@return the number that the maker wrote: who finds the file compares it} */
    public long nonce() {
        return memory.get(ValueLayout.JAVA_LONG, RingSize.RECEIVER_NONCE);
    }

    /** {@return the number that the finder wrote, 0 before it: whoever knows it has seen this memory} */
    public long answer() {
        return memory.get(ValueLayout.JAVA_LONG, RingSize.SENDER_NONCE);
    }

    /**
     * Deletes the name; a second call does nothing. The memory stays.
     *
     * @throws IOException if the system refuses it
     */
    public void forgetName() throws IOException {
        Files.deleteIfExists(path);
    }

    /** Lets go of the memory; nobody uses it any more. */
    @Override
    public void close() {
        arena.close();
    }
}
